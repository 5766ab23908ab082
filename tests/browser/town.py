"""Who lives where the browsers look around."""

from dataclasses import dataclass

from tests.journeys import steps
from tests.journeys.caller import Caller


@dataclass(frozen=True, slots=True)
class Town:
    """One of each role, ready to act; each signs in as `<role>@example.org`."""

    coordinator: Caller
    donor: steps.Side
    charity: steps.Side
    driver: Caller
