"""Who does something: a person, a machine with a key, or a part of the system."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    API_KEY = "api_key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, as recorded in audit entries and events: an opaque id, never a name.

    `user_id` is the person (or the person a key belongs to); `part` names the part of the
    system, such as "matching.round". `scopes` narrows what a key may do; None means no narrowing.
    `organization_id` binds a key to one organization; None means all of the person's.
    """

    kind: ActorKind
    user_id: UUID | None = None
    part: str = ""
    scopes: frozenset[str] | None = None
    organization_id: UUID | None = None
    is_staff: bool = field(default=False, compare=False)

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def pseudonym(self) -> str:
        """What the logs call this actor: the person's id or the part's name."""
        return str(self.user_id) if self.user_id else self.part


def system(part: str) -> Actor:
    """The actor for work that no person asked for: rounds, sweeps, handlers."""
    return Actor(ActorKind.SYSTEM, part=part)


def person(user_id: UUID, *, is_staff: bool = False) -> Actor:
    """The actor for a signed-in person."""
    return Actor(ActorKind.PERSON, user_id=user_id, is_staff=is_staff)
