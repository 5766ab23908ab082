"""What a round answers: shares, what could not be placed and why, and figures to judge it by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """How much work a solve may do; none of it is time, so that a seed fixes the result.

    `candidates`: nearest feasible programmes looked at per lot. `equity`: more for large lots with
    a long life, from the counties that got least. `pricing`: steps that prices are lowered by.
    `passes`: how often each lot is placed anew. `shakes`: how often rival lots are placed anew
    together. `evaluations`: tried shares in all. `drivers`: whether every trip by a courier must
    find time of its own in a shift. `program`: whether a small round's bound is also sought as a
    mixed-integer program, which takes seconds.
    """

    candidates: int = 28
    equity: int = 6
    pricing: int = 250
    passes: int = 2
    shakes: int = 60_000
    evaluations: int = 200_000_000
    drivers: bool = True
    program: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """A share of a lot for a programme, with the earliest trip that brings it.

    Shares of one lot come in the order in which they must be taken: one that is no whole number of
    steps takes all that is left, last.
    """

    lot_id: str
    programme_id: str
    mass_g: int
    transport: str
    distance_m: int
    travel_s: int
    departs_at: datetime
    hands_over_at: datetime


@dataclass(frozen=True, slots=True)
class Unassigned:
    """What is left of a lot, what kept most programmes from it, and how often each reason was."""

    lot_id: str
    mass_g: int
    reason: str
    tally: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a plan is. `gini` is of kilograms per person over all programmes, after the plan."""

    offered_g: int
    assigned_g: int
    shares: int
    trips: int
    driven_m: int
    km_per_100_kg: float
    gini: float
    people_reached: int
    pairs: int
    options: int
    evaluations: int


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan with its score and a proved upper bound on any plan's score, both in kilograms."""

    assignments: tuple[Assignment, ...]
    unassigned: tuple[Unassigned, ...]
    score: float
    bound: float
    truncated: bool
    figures: Figures
    terms: Mapping[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far the score may be from the best, as a share of the bound."""
        return 0.0 if self.bound <= 0 else max(0.0, 1 - self.score / self.bound)
