"""What the rules of eligibility know of a lot, a recipient and a courier; validated on creation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval

STORAGE_CLASSES: Final = ("ambient", "chilled", "frozen", "hot")
SELF_COLLECT: Final = "self_collect"
COURIER: Final = "courier"
DONOR_DELIVERS: Final = "donor_delivers"
CARRIER: Final = "carrier"
TRANSPORTS: Final = frozenset({SELF_COLLECT, COURIER, DONOR_DELIVERS, CARRIER})
_EAST, _NORTH = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class LotFacts:
    """One lot of a listing, as far as it matters to who may receive it.

    `left_g` is the available mass and `volume_ml` its volume. A share is a multiple of `step_g`, or
    all that is left; a lot with `step_g >= left_g` is indivisible. `diet_flags` are the diets that
    the food is known to suit, in the same codes as a programme's diet rules: what is not declared
    is taken as unsuitable. `audience` holds the ids of the organizations it is meant for; None
    means any. `max_out_of_cold_s` is the longest time, all breaks together, that it may be outside
    the temperature of its storage class; None means that it does not matter. `handling_s` is what
    loading takes. Raises ValueError naming the field.
    """

    lot_id: str
    listing_id: str
    organization_id: str
    category: str
    category_group: str
    storage_class: str
    left_g: int
    step_g: int
    volume_ml: int
    safe_until_at: datetime
    pickup_from_at: datetime
    pickup_until_at: datetime
    point: Point
    road_group: str
    transports: frozenset[str] = frozenset({SELF_COLLECT, COURIER})
    allergens: frozenset[str] = frozenset()
    diet_flags: frozenset[str] = frozenset()
    audience: frozenset[str] | None = None
    is_open: bool = True
    max_out_of_cold_s: int | None = None
    handling_s: int = 0

    def __post_init__(self) -> None:
        check_not_negative(self, "left_g", "volume_ml", "handling_s", "max_out_of_cold_s")
        check_aware(self, "safe_until_at", "pickup_from_at", "pickup_until_at")
        check_known("storage_class", [self.storage_class], STORAGE_CLASSES)
        check_known("transports", self.transports, TRANSPORTS)
        check_point("point", self.point)
        if self.step_g < 1:
            raise ValueError(f"step_g: {self.step_g} is not a share")
        if not self.category or not self.category_group:
            raise ValueError("category: is empty")
        if self.pickup_until_at <= self.pickup_from_at:
            raise ValueError("pickup_until_at: the pickup window ends before it begins")

    @property
    def smallest_g(self) -> int:
        """The smallest share that anyone can take now."""
        return min(self.step_g, self.left_g)

    def largest_g(self, room_g: int) -> int:
        """The largest share within so much: all that is left, or whole steps; 0 when none fits."""
        return self.left_g if room_g >= self.left_g else room_g - room_g % self.step_g


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """One programme at one location, as far as it matters to what it may receive.

    `capacity_g` is what the location can still take in per storage class on the day in question; a
    class that is missing cannot be stored at all. `need_g` is what the programme can still use per
    category group: soft, no hard rule looks at it. `categories_not_taken` may name categories and
    groups. `open_hours` are UTC intervals, in order and apart. `max_distance_m` bounds own
    collection only; None means any distance. Raises ValueError naming the field.
    """

    location_id: str
    programme_id: str
    organization_id: str
    point: Point
    road_group: str
    capacity_g: Mapping[str, int]
    open_hours: tuple[Interval, ...]
    need_g: Mapping[str, int] = field(default_factory=dict)
    verified: bool = True
    diet_rules: frozenset[str] = frozenset()
    categories_not_taken: frozenset[str] = frozenset()
    allergens_excluded: frozenset[str] = frozenset()
    collects_itself: bool = True
    max_distance_m: int | None = None
    handling_s: int = 0

    def __post_init__(self) -> None:
        check_not_negative(self, "max_distance_m", "handling_s")
        check_point("point", self.point)
        check_known("capacity_g", self.capacity_g, STORAGE_CLASSES)
        check_amounts("capacity_g", self.capacity_g)
        check_amounts("need_g", self.need_g)
        check_intervals("open_hours", self.open_hours)


@dataclass(frozen=True, slots=True)
class CourierFacts:
    """A courier on shift, as far as it matters to whether anybody can carry a share.

    `shift_id` names a shift or a free piece of one; it tells couriers apart and is shown to nobody.
    `volume_ml` is the room per storage class; a class that is missing has no compartment, and its
    food travels with the ambient load, outside its temperature. From `start` the courier comes at
    `metres_per_s` along the straight line; without one the approach takes no time. Raises
    ValueError naming the field.
    """

    shift_id: str
    road_group: str
    window: Interval
    mass_g: int
    volume_ml: Mapping[str, int]
    start: Point | None = None
    metres_per_s: float = 5.0

    def __post_init__(self) -> None:
        check_not_negative(self, "mass_g")
        if self.start is not None:
            check_point("start", self.start)
        if not (isfinite(self.metres_per_s) and self.metres_per_s > 0):
            raise ValueError(f"metres_per_s: {self.metres_per_s} must be above 0")
        check_known("volume_ml", self.volume_ml, STORAGE_CLASSES)
        check_amounts("volume_ml", self.volume_ml)
        check_intervals("window", (self.window,))


def check_not_negative(facts: object, *names: str) -> None:
    """Refuses negative numbers and such that are no numbers; None passes."""
    for name in names:
        value = getattr(facts, name)
        if value is not None and not (isfinite(value) and value >= 0):
            raise ValueError(f"{name}: {value} must be a number, not negative")


def check_aware(facts: object, *names: str) -> None:
    """Refuses instants without a zone."""
    for name in names:
        if getattr(facts, name).tzinfo is None:
            raise ValueError(f"{name}: has no time zone")


def check_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    """Refuses words outside a closed list."""
    unknown = sorted(set(values).difference(known))
    if unknown:
        raise ValueError(f"{name}: {unknown[0]} is not known")


def check_amounts(name: str, amounts: Mapping[str, int]) -> None:
    """Refuses negative amounts, naming the key."""
    for key, amount in amounts.items():
        if not (isfinite(amount) and amount >= 0):
            raise ValueError(f"{name}.{key}: {amount} must be a number, not negative")


def check_point(name: str, point: Point) -> None:
    """Refuses what is no place on the earth."""
    if not (abs(point.lon) <= _EAST and abs(point.lat) <= _NORTH):
        raise ValueError(f"{name}: lon {point.lon}, lat {point.lat} is not on the earth")


def check_intervals(name: str, intervals: Iterable[Interval]) -> None:
    """Refuses intervals that are empty, overlap or are out of order."""
    last = datetime.min.replace(tzinfo=UTC)
    for interval in intervals:
        if interval.from_at.tzinfo is None or interval.until_at.tzinfo is None:
            raise ValueError(f"{name}: has no time zone")
        if interval.until_at <= interval.from_at:
            raise ValueError(f"{name}: an interval ends before it begins")
        if interval.from_at < last:
            raise ValueError(f"{name}: intervals overlap or are out of order")
        last = interval.until_at
