"""Donors, charities and drivers of a made-up country, and the food of a day; all from a seed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from typing import Final

from backend.claims.domain.facts import CourierFacts, LotFacts, RecipientFacts
from backend.organizations.domain.hours import Interval
from backend.regions.domain.pack import Township
from benchmarks.matching.country import country, near, region
from benchmarks.matching.foods import ALLERGENS, DIET_RULES, FOODS, Food
from matching.domain.problem import Demand, Problem, Supply

#: Nine in the morning there, a Monday.
NOW: Final = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MIDNIGHT: Final = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)

#: Room of all places together over the mass offered in a storage class, per day.
ROOM: Final = 2.0
HAS_STORAGE: Final = {"ambient": 1.0, "chilled": 0.8, "frozen": 0.6, "hot": 0.6}
#: Chances: food that waits, lots that cannot be split, has a cold box, verified, fetches itself.
WAITS, WHOLE, HAS_BOX, VERIFIED, COLLECTS = 0.75, 0.25, 0.6, 0.98, 0.8
DAY_H: Final = 24
LARGEST_G: Final = 1_000_000
INDIVISIBLE_TO_G: Final = 40_000
MEDIAN_G: Final = 7_000
TAIL: Final = 1.3

#: Shifts for so many programmes: one. (most grams, ambient ml, chilled ml, share)
PROGRAMMES_PER_COURIER: Final = 6
VEHICLES: Final = (
    (30_000, 90_000, 25_000, 0.4),
    (150_000, 600_000, 120_000, 0.4),
    (600_000, 3_000_000, 900_000, 0.2),
)


@dataclass(frozen=True, slots=True)
class World:
    """A country with its programmes and where they are; who received what before."""

    demands: tuple[Demand, ...]
    couriers: tuple[CourierFacts, ...]
    rural: frozenset[str]


def lots_of(
    count: int, *, seed: int, from_at: datetime = NOW, until_at: datetime = NOW
) -> list[LotFacts]:
    """So many lots; with a span each comes at some instant of it, which is when it can be had."""
    random = Random(f"lots {count} {seed} {from_at}")  # noqa: S311
    townships = country(4.0)
    lots: list[LotFacts] = []
    listing = 0
    while len(lots) < count:
        listing += 1
        township = townships.draw(random)
        point = near(township, random)
        at = from_at + (until_at - from_at) * random.random()
        for _ in range(min(random.choice((1, 1, 1, 2, 2, 3)), count - len(lots))):
            lots.append(_lot(random, f"{seed}-{len(lots)}", f"{seed}-{listing}", township, at))
            lots[-1] = replace(lots[-1], point=point)
    return lots


def _lot(random: Random, name: str, listing: str, township: Township, at: datetime) -> LotFacts:
    food = random.choices(FOODS, [each.share for each in FOODS])[0]
    category = region().categories[food.category]
    left_g = _mass_g(random, food)
    step_g = _step_g(random, left_g)
    safe_until_at = at + timedelta(hours=random.uniform(food.least_h, food.most_h))
    # Food that keeps is fetched within two days all the same, most of it on the day.
    waits_h = random.uniform(1.5, 8) if random.random() < WAITS else random.uniform(8, 48)
    return LotFacts(
        lot_id=f"lot {name}",
        listing_id=f"listing {listing}",
        organization_id=f"donor {listing}",
        category=food.category,
        category_group=category.group,
        storage_class=category.storage_class,
        left_g=left_g,
        step_g=step_g,
        volume_ml=left_g * 1_000 // category.typical_g_per_l,
        safe_until_at=safe_until_at,
        pickup_from_at=at,
        pickup_until_at=min(safe_until_at, at + waits_h * HOUR),
        point=township.point,
        road_group=township.road_group,
        transports=_transports(random),
        allergens=food.allergens,
        diet_flags=food.diets,
        max_out_of_cold_s=food.out_of_cold_s,
        handling_s=random.choice((180, 300, 600)),
    )


def _mass_g(random: Random, food: Food) -> int:
    """Heavy-tailed: half below the median, one in a hundred above 150 kg."""
    keeps = 2.0 if food.least_h > DAY_H else 1.0
    mass_g = MEDIAN_G * keeps * (random.paretovariate(TAIL) / 2 ** (1 / TAIL))
    mass_g *= exp(random.gauss(0, 0.35))
    return max(500, min(LARGEST_G, round(mass_g / 100) * 100))


def _step_g(random: Random, left_g: int) -> int:
    if left_g <= INDIVISIBLE_TO_G and random.random() < WHOLE:
        return left_g
    return random.choice((500, 1_000, 2_000, 5_000, 10_000))


def _transports(random: Random) -> frozenset[str]:
    kinds = (("self_collect", "courier"), ("self_collect",), ("courier",), ("donor_delivers",))
    names = set(random.choices(kinds, (60, 20, 10, 10))[0])
    return frozenset(names | ({"self_collect"} if "donor_delivers" in names else set()))


def world_of(count: int, lots: Sequence[LotFacts], *, seed: int, days: int = 1) -> World:
    """So many programmes with room for `ROOM` times what is offered, at least one per county."""
    random = Random(f"world {count} {seed}")  # noqa: S311
    places = _places(random, count)
    people = [max(10, min(1_500, round(60 * exp(random.gauss(0, 0.9))))) for _ in places]
    rooms = _rooms(random, people, lots, days)
    per_head_g = sum(lot.left_g for lot in lots) / days / sum(people)
    served = {code: exp(random.gauss(0, 0.6)) for code in region().counties}
    demands = tuple(
        _demand(random, number, place, people=heads, capacity_g=room, days=days + 3)
        for number, (place, heads, room) in enumerate(zip(places, people, rooms, strict=True))
    )
    demands = tuple(
        replace(
            each,
            received_g=round(
                each.people * per_head_g * served[each.county_code] * exp(random.gauss(0, 0.8))
            ),
        )
        for each in demands
    )
    couriers = [
        _courier(random, number, day) for day in range(days) for number in range(_shifts(count))
    ]
    rural = {each.id for each, place in zip(demands, places, strict=True) if place.is_rural}
    return World(demands, tuple(couriers), frozenset(rural))


def _shifts(programmes: int) -> int:
    return max(1, programmes // PROGRAMMES_PER_COURIER)


def _places(random: Random, count: int) -> list[Township]:
    townships = country(2.5)
    places = [townships.draw(random) for _ in range(count)]
    known = Counter(place.county_code for place in places)
    missing = [code for code in region().counties if not known[code]]
    for number, code in enumerate(missing[: count // 2]):
        inside = [each for each in townships.townships if each.county_code == code]
        places[number] = random.choice(inside)
    return places


def _rooms(
    random: Random, people: Sequence[int], lots: Sequence[LotFacts], days: int
) -> list[dict[str, int]]:
    """Grams a day by storage class: in step with people, but for chance."""
    offered_g: Counter[str] = Counter()
    for lot in lots:
        offered_g[lot.storage_class] += lot.left_g
    rooms: list[dict[str, int]] = [{} for _ in people]
    for storage, share in HAS_STORAGE.items():
        wants = [
            heads * exp(random.gauss(0, 0.6)) if random.random() < share else 0.0
            for heads in people
        ]
        total = sum(wants) or 1.0
        for room, want in zip(rooms, wants, strict=True):
            if want:
                room[storage] = round(ROOM * offered_g[storage] / days * want / total)
    return rooms


def _demand(
    random: Random,
    number: int,
    place: Township,
    *,
    people: int,
    capacity_g: dict[str, int],
    days: int,
) -> Demand:
    groups = random.sample(sorted({region().categories[f.category].group for f in FOODS}), 3)
    usual_g = sum(capacity_g.values())
    return Demand(
        recipient=RecipientFacts(
            location_id=f"place {number}",
            programme_id=f"programme {number}",
            organization_id=f"charity {number}",
            point=near(place, random),
            road_group=place.road_group,
            capacity_g=capacity_g,
            open_hours=_hours(random, days),
            need_g={group: round(usual_g * random.uniform(0.05, 0.3)) for group in groups},
            verified=random.random() < VERIFIED,
            diet_rules=_some(random, DIET_RULES),
            categories_not_taken=frozenset(_some(random, (("frozen", 0.05), ("drinks", 0.1)))),
            allergens_excluded=_some(random, ALLERGENS),
            collects_itself=random.random() < COLLECTS,
            max_distance_m=random.choice((10_000, 15_000, 20_000, 40_000)),
            handling_s=random.choice((120, 300, 600)),
        ),
        county_code=place.county_code,
        people=people,
        reliability=round(random.uniform(0.85, 1.0), 3),
    )


def _some(random: Random, chances: Sequence[tuple[str, float]]) -> frozenset[str]:
    return frozenset(word for word, chance in chances if random.random() < chance)


def _hours(random: Random, days: int) -> tuple[Interval, ...]:
    """Morning and afternoon, all day, or evenings; the same on every day."""
    kinds = (((9.0, 12.0), (13.5, 17.5)), ((8.0, 20.0),), ((16.0, 21.0),), ((10.0, 14.0),))
    spans = random.choices(kinds, (40, 30, 15, 15))[0]
    shift_h = random.choice((-0.5, 0.0, 0.0, 0.5))
    return tuple(
        Interval(MIDNIGHT + (24 * day + a + shift_h) * HOUR, MIDNIGHT + (24 * day + b) * HOUR)
        for day in range(days)
        for a, b in spans
    )


def _courier(random: Random, number: int, day: int) -> CourierFacts:
    place = country(2.0).draw(random)
    mass_g, ambient_ml, chilled_ml, _ = random.choices(VEHICLES, [each[3] for each in VEHICLES])[0]
    begins_at = MIDNIGHT + (24 * day + random.choice((8, 9, 10, 12, 14, 16))) * HOUR
    return CourierFacts(
        shift_id=f"shift {day}-{number}",
        road_group=place.road_group,
        window=Interval(begins_at, begins_at + random.choice((3, 4, 6, 8)) * HOUR),
        mass_g=mass_g,
        volume_ml={
            "ambient": ambient_ml,
            "hot": ambient_ml // 4,
            **(
                {"chilled": chilled_ml, "frozen": chilled_ml // 2}
                if random.random() < HAS_BOX
                else {}
            ),
        },
        start=near(place, random),
        metres_per_s=6.0,
    )


def batch_problem(lots: int, programmes: int, *, seed: int) -> tuple[Problem, frozenset[str]]:
    """One round over everything that is open at nine, and which programmes are rural."""
    facts = lots_of(lots, seed=seed)
    world = world_of(programmes, facts, seed=seed)
    problem = Problem(
        now=NOW,
        supplies=tuple(map(Supply, facts)),
        demands=world.demands,
        couriers=world.couriers,
    )
    return problem, world.rural
