"""How long to allow for handing over at a place, the same for who promises food and who drives it.

Custody knows when food changed hands, not when somebody came to the door. Whoever plans visits
knows both and gives its estimate here, so that promises keep to it without knowing who drives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from backend.claims.domain.facts import LotFacts, RecipientFacts
from backend.organizations.models import Location

Facts = TypeVar("Facts", LotFacts, RecipientFacts)


class Estimate(Protocol):
    """Seconds for one hand-over, by location; places of which nothing is known may be left out."""

    def __call__(self, locations: Iterable[Location], *, now: datetime) -> Mapping[UUID, int]: ...


_estimates: list[Estimate] = []


def estimates(estimate: Estimate) -> Estimate:
    """Marks the function that others ask, once, where its module is imported."""
    _estimates.append(estimate)
    return estimate


def time_allowed(locations: Iterable[Location], *, now: datetime) -> dict[UUID, int]:
    """Seconds for one hand-over, by location: what the place says unless somebody knows better."""
    known = list(locations)
    allowed = {one.pk: one.handling_s for one in known}
    for estimate in _estimates:
        allowed.update(estimate(known, now=now))
    return allowed


def unhurried(facts: Facts, allowed_s: int) -> Facts:
    """With the time that routes allow for the hand-over; not less than the place says, by which the
    claim is judged again.
    """
    return replace(facts, handling_s=max(facts.handling_s, allowed_s))
