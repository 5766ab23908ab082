"""Who may hear of an event: the names of audiences, and which of them a person belongs to."""

from collections.abc import Callable, Set
from typing import TypeVar
from uuid import UUID

#: Subjects of events after which roles are looked up again, before the event is told to anybody.
ROLE_SUBJECTS = frozenset(
    {"api_key", "coordinator", "courier", "membership", "organization", "person"}
)
#: Audiences that people come to and leave in the ordinary course of work, without losing a role.
PASSING = "route:"

ForUser = Callable[[UUID], Set[str]]
F = TypeVar("F", bound=ForUser)

_providers: dict[str, ForUser] = {}


def organization(organization_id: UUID) -> str:
    """The members of an organization."""
    return f"organization:{organization_id}"


def person(user_id: UUID) -> str:
    """One person alone."""
    return f"person:{user_id}"


def county(code: str) -> str:
    """The coordinators of a county."""
    return f"county:{code}"


def board(road_group: str) -> str:
    """Everybody who may see the open board of a road group."""
    return f"board:{road_group}"


def route(route_id: UUID) -> str:
    """Those who follow a route: its courier, and the places that it serves."""
    return f"route:{route_id}"


def public() -> str:
    """Everybody, also without signing in: nothing personal may be said here."""
    return "public"


def entitlement(provider: F) -> F:
    """Registers a function that says which audiences a person belongs to, by their id.

    Called often (at least every five seconds for each open socket) and from threads: keep it to a
    query or two on indexed columns. Raises ValueError for a name that is taken.
    """
    name = f"{provider.__module__}.{provider.__qualname__}"
    if _providers.get(name, provider) is not provider:
        raise ValueError(f"a provider of entitlements named {name} exists already")
    _providers[name] = provider
    return provider


def of_person(user_id: UUID) -> frozenset[str]:
    """All audiences that a person belongs to now."""
    granted = {public(), person(user_id)}
    for provider in _providers.values():
        granted |= provider(user_id)
    return frozenset(granted)


def narrowed(granted: Set[str], organization_id: UUID | None) -> frozenset[str]:
    """What is left of a person's audiences for a key that is bound to one organization.

    The organization itself if the person still belongs to it, boards, and the public.
    """
    if organization_id is None:
        return frozenset(granted)
    own = organization(organization_id)
    return frozenset(
        name for name in granted if name in {own, public()} or name.startswith("board:")
    )


def roles(names: Set[str]) -> frozenset[str]:
    """Those audiences that stand for a role: losing one ends a socket."""
    return frozenset(name for name in names if not name.startswith(PASSING))
