"""A round as it could be: places closed, room or weights changed, compared with how it is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Final

from backend.claims.domain.facts import STORAGE_CLASSES, check_known, check_not_negative
from matching.domain.fairness import gini
from matching.domain.problem import Demand, Problem
from matching.domain.solution import Solution

#: The exchange rates that may be tried; the others say what a plan is, not what is wanted of it.
CHANGEABLE: Final = ("urgency", "recipient_need", "county_need", "preference", "km", "no_show")
#: No exchange rate above this makes sense: ten kilograms of food for one.
HIGHEST: Final = 10.0


@dataclass(frozen=True, slots=True)
class Room:
    """How many grams of one storage class a place could take on the day."""

    location_id: str
    storage_class: str
    room_g: int

    def __post_init__(self) -> None:
        check_not_negative(self, "room_g")
        check_known("storage_class", [self.storage_class], STORAGE_CLASSES)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is tried. Raises ValueError naming the field."""

    closed: tuple[str, ...] = ()
    room: tuple[Room, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.weights.items():
            if name not in CHANGEABLE:
                raise ValueError(f"weights.{name}: cannot be changed")
            if not (isfinite(value) and 0 <= value <= HIGHEST):
                raise ValueError(f"weights.{name}: {value} must lie between 0 and {HIGHEST:.0f}")
        stated = Counter((each.location_id, each.storage_class) for each in self.room)
        twice = next((place for place, count in stated.items() if count > 1), None)
        if twice is not None:
            raise ValueError(f"room: {twice[0]} is listed twice")

    @property
    def is_nothing(self) -> bool:
        return not (self.closed or self.room or self.weights)


def with_changes(problem: Problem, changes: Changes) -> Problem:
    """The problem as it would be. Places that are not in it change nothing."""
    closed = frozenset(changes.closed)
    demands = tuple(
        _with_room(each, changes.room)
        for each in problem.demands
        if each.recipient.location_id not in closed
    )
    left = {each.id for each in demands}
    weights = problem.weights
    if changes.weights:
        tried: dict[str, Any] = {**changes.weights, "version": f"{weights.version}+tried"}
        weights = replace(weights, **tried)
    edges = problem.edges
    return replace(
        problem,
        demands=demands,
        edges=None if edges is None else tuple(e for e in edges if e.programme_id in left),
        fixed=tuple(each for each in problem.fixed if each.programme_id in left),
        incumbents=tuple(each for each in problem.incumbents if each.programme_id in left),
        asked=tuple(each for each in problem.asked if each.programme_id in left),
        weights=weights,
    )


def _with_room(demand: Demand, room: Iterable[Room]) -> Demand:
    facts = demand.recipient
    stated = {
        each.storage_class: each.room_g for each in room if each.location_id == facts.location_id
    }
    if not stated:
        return demand
    return replace(demand, recipient=replace(facts, capacity_g={**facts.capacity_g, **stated}))


@dataclass(frozen=True, slots=True)
class Measured:
    """How a plan does: grams placed, metres driven, and how equal people are once it is done.

    Inequality and the worst county are of all programmes of the problem *as it is*, so that a place
    that closes still counts.
    """

    assigned_g: int
    offered_g: int
    driven_m: int
    trips: int
    recipients: int
    gini: float
    worst_county: str
    worst_g_per_person: float


@dataclass(frozen=True, slots=True)
class Shift:
    """What a programme would get before and after, in grams."""

    programme_id: str
    before_g: int
    after_g: int


def measure(problem: Problem, solution: Solution) -> Measured:
    """The figures of a plan, told of the problem as it is."""
    given_g = _given_g(solution)
    per_person = [(each.received_g + given_g[each.id]) / each.people for each in problem.demands]
    county, least_g = _worst_county(problem, given_g)
    return Measured(
        assigned_g=solution.figures.assigned_g,
        offered_g=solution.figures.offered_g,
        driven_m=solution.figures.driven_m,
        trips=solution.figures.trips,
        recipients=len(given_g),
        gini=round(gini(per_person, [each.people for each in problem.demands]), 4),
        worst_county=county,
        worst_g_per_person=round(least_g, 1),
    )


def shifts(before: Solution, after: Solution) -> Iterator[Shift]:
    """Who would get more or less, the greatest change first."""
    was_g, is_g = _given_g(before), _given_g(after)
    changed = [
        Shift(programme, was_g[programme], is_g[programme])
        for programme in sorted(was_g.keys() | is_g.keys())
        if was_g[programme] != is_g[programme]
    ]
    yield from sorted(changed, key=lambda each: -abs(each.after_g - each.before_g))


def _given_g(solution: Solution) -> Counter[str]:
    given_g: Counter[str] = Counter()
    for share in solution.assignments:
        given_g[share.programme_id] += share.mass_g
    return given_g


def _worst_county(problem: Problem, given_g: Mapping[str, int]) -> tuple[str, float]:
    """The county with least for each person served; nothing where there is no programme."""
    people: Counter[str] = Counter()
    had_g: Counter[str] = Counter()
    for each in problem.demands:
        people[each.county_code] += each.people
        had_g[each.county_code] += each.received_g + given_g.get(each.id, 0)
    if not people:
        return "", 0.0
    least = min(sorted(people), key=lambda code: had_g[code] / people[code])
    return least, had_g[least] / people[least]
