"""The matching problem: who offers what, who can take it, and what is already settled."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Final

from backend.claims.domain.facts import (
    CourierFacts,
    LotFacts,
    RecipientFacts,
    check_aware,
    check_not_negative,
)
from backend.geo.domain.points import Point
from matching.domain.weights import Weights

#: A lot up to so many grams goes to at most so many recipients.
SPLITS_BY_MASS_G: Final = ((50_000, 3), (500_000, 6))
MOST_SPLITS: Final = 12


def usual_splits(mass_g: int) -> int:
    """Into how many shares a lot of this mass is worth splitting: 3, 6 or 12."""
    return next((splits for most_g, splits in SPLITS_BY_MASS_G if mass_g <= most_g), MOST_SPLITS)


@dataclass(frozen=True, slots=True)
class Supply:
    """A lot's available mass, for at most `max_splits` recipients (None: the usual number)."""

    lot: LotFacts
    max_splits: int | None = None

    def __post_init__(self) -> None:
        if self.max_splits is not None and self.max_splits < 1:
            raise ValueError(f"max_splits: {self.max_splits} allows no share")

    @property
    def id(self) -> str:
        return self.lot.lot_id

    @property
    def splits(self) -> int:
        return self.max_splits or usual_splits(self.lot.left_g)

    @property
    def ends_at(self) -> datetime:
        """When the food is lost to everybody: no longer safe, or no longer to be fetched."""
        return min(self.lot.safe_until_at, self.lot.pickup_until_at)


@dataclass(frozen=True, slots=True)
class Demand:
    """A programme that can take food.

    `received_g` is its fairness position: what it was given, decayed, plus all that is held,
    reserved or on board for it, except what stands in `Problem.fixed`. `reliability` is the chance
    that it keeps an acceptance.
    """

    recipient: RecipientFacts
    county_code: str
    people: int
    received_g: int = 0
    reliability: float = 1.0

    def __post_init__(self) -> None:
        check_not_negative(self, "received_g")
        if self.people < 1:
            raise ValueError(f"people: {self.people} is nobody")
        if not 0 <= self.reliability <= 1:
            raise ValueError(f"reliability: {self.reliability} is not a chance between 0 and 1")

    @property
    def id(self) -> str:
        return self.recipient.programme_id


@dataclass(frozen=True, slots=True)
class County:
    """A county's fairness position: people served there, and what they were given, decayed."""

    code: str
    people: int
    received_g: int = 0

    def __post_init__(self) -> None:
        check_not_negative(self, "received_g")
        if self.people < 1:
            raise ValueError(f"people: {self.people} is nobody")


@dataclass(frozen=True, slots=True)
class Edge:
    """A known way by road from a lot to a programme."""

    lot_id: str
    programme_id: str
    distance_m: int
    travel_s: int

    def __post_init__(self) -> None:
        check_not_negative(self, "distance_m", "travel_s")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A share that is offered, or further, and never moves: it only uses what others cannot have.

    Leave out what the facts have already taken off capacity, need and fairness position.
    """

    lot_id: str
    listing_id: str
    programme_id: str
    category_group: str
    storage_class: str
    mass_g: int

    def __post_init__(self) -> None:
        check_not_negative(self, "mass_g")


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A share that an earlier round suggested and nobody was offered yet."""

    lot_id: str
    programme_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A lot of which the programme had an offer and did not take it: it is not asked again."""

    lot_id: str
    programme_id: str


@dataclass(frozen=True, slots=True)
class Travel:
    """How to guess the way where no edge is given: straight line times detour, at one speed.

    `leg_s` is lost on every leg; no courier is sent farther than `longest_m`.
    """

    detour: float = 1.30
    speed_kmh: float = 27.0
    leg_s: int = 25
    longest_m: int = 60_000

    def __post_init__(self) -> None:
        check_not_negative(self, "leg_s", "longest_m")
        if not (isfinite(self.detour) and self.detour >= 1):
            raise ValueError(f"detour: {self.detour} must be at least 1")
        if not (isfinite(self.speed_kmh) and self.speed_kmh > 0):
            raise ValueError(f"speed_kmh: {self.speed_kmh} must be above 0")

    def travel_s(self, distance_m: int) -> int:
        """Seconds on a road of this length."""
        return round(distance_m * 3.6 / self.speed_kmh) + self.leg_s


@dataclass(frozen=True, slots=True)
class Problem:
    """One round. `edges` None: a guessed way joins every pair; else only listed pairs are joined.

    `counties` left out are made up from their demands. `fair_g_per_person` None: all that was
    received and is on offer, shared equally. Raises ValueError naming the field.
    """

    now: datetime
    supplies: tuple[Supply, ...]
    demands: tuple[Demand, ...]
    couriers: tuple[CourierFacts, ...] = ()
    edges: tuple[Edge, ...] | None = None
    counties: tuple[County, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    incumbents: tuple[Incumbent, ...] = ()
    asked: tuple[Asked, ...] = ()
    weights: Weights = field(default_factory=Weights)
    travel: Travel = field(default_factory=Travel)
    fair_g_per_person: float | None = None

    def __post_init__(self) -> None:
        check_aware(self, "now")
        check_not_negative(self, "fair_g_per_person")
        lots = _unique("supplies", (supply.id for supply in self.supplies))
        programmes = _unique("demands", (demand.id for demand in self.demands))
        _unique("counties", (county.code for county in self.counties))
        _unique("couriers", (courier.shift_id for courier in self.couriers))
        links: list[tuple[str, Edge | Incumbent | Asked]] = [
            *((f"edges[{index}]", edge) for index, edge in enumerate(self.edges or ())),
            *((f"incumbents[{index}]", one) for index, one in enumerate(self.incumbents)),
            *((f"asked[{index}]", one) for index, one in enumerate(self.asked)),
        ]
        for name, link in links:
            _refer(f"{name}.lot_id", link.lot_id, lots)
            _refer(f"{name}.programme_id", link.programme_id, programmes)
        for index, fixed in enumerate(self.fixed):
            _refer(f"fixed[{index}].programme_id", fixed.programme_id, programmes)
        _unique("edges", ((edge.lot_id, edge.programme_id) for edge in self.edges or ()))
        self._check_shared_capacity()
        self._check_shared_point()

    def _check_shared_point(self) -> None:
        """Lots of one listing share a trip, so they must be at one place."""
        points: dict[str, Point] = {}
        for index, supply in enumerate(self.supplies):
            lot = supply.lot
            if points.setdefault(lot.listing_id, lot.point) != lot.point:
                raise ValueError(f"supplies[{index}].lot.point: lots of one listing are apart")

    def _check_shared_capacity(self) -> None:
        """Programmes of one location share its storage, so they must state it alike."""
        stated: dict[str, Mapping[str, int]] = {}
        for index, demand in enumerate(self.demands):
            facts = demand.recipient
            if stated.setdefault(facts.location_id, facts.capacity_g) != facts.capacity_g:
                raise ValueError(
                    f"demands[{index}].recipient.capacity_g: programmes of one location disagree"
                )


def _unique(name: str, keys: Iterable[object]) -> set[object]:
    counts = Counter(keys)
    twice = next((key for key, count in counts.items() if count > 1), None)
    if twice is not None:
        raise ValueError(f"{name}: {twice} is listed twice")
    return set(counts)


def _refer(name: str, key: str, known: set[object]) -> None:
    if key not in known:
        raise ValueError(f"{name}: {key} leads nowhere")
