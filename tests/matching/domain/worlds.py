"""Random little worlds for matching: a few towns with shops, charities and drivers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from backend.claims.domain.facts import CourierFacts, LotFacts, RecipientFacts
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.problem import (
    Asked,
    County,
    Demand,
    Edge,
    Fixed,
    Incumbent,
    Problem,
    Supply,
)

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

#: Category, its group, how it is kept, diets that it suits, allergens, longest life in hours.
FOODS = (
    ("rice_dry", "staples", "ambient", {"vegetarian", "no_pork", "halal"}, set[str](), 720),
    ("bread", "bakery", "ambient", {"vegetarian", "no_pork"}, {"gluten"}, 24),
    ("milk", "dairy", "chilled", {"vegetarian", "no_pork"}, {"milk"}, 72),
    ("vegetables", "produce", "ambient", {"vegetarian", "no_pork", "halal"}, set[str](), 48),
    ("dumplings", "meals", "frozen", set[str](), {"gluten"}, 720),
    ("lunch_box", "meals", "hot", {"no_pork"}, {"gluten", "egg"}, 4),
)
TOWNS = (("TPE", 121.55, 25.04), ("TYN", 121.30, 24.99), ("HUA", 121.60, 23.98))


def lot(number: int = 1, **changes: Any) -> LotFacts:
    """Ten kilograms of dry rice in the middle of the first town, good for two days."""
    plain = LotFacts(
        lot_id=f"lot{number}",
        listing_id=f"listing{number}",
        organization_id=f"donor{number}",
        category="rice_dry",
        category_group="staples",
        storage_class="ambient",
        left_g=10_000,
        step_g=1_000,
        volume_ml=12_000,
        safe_until_at=NOW + 48 * HOUR,
        pickup_from_at=NOW,
        pickup_until_at=NOW + 24 * HOUR,
        point=Point(121.55, 25.04),
        road_group="main",
    )
    return replace(plain, **changes)


def recipient(number: int = 1, **changes: Any) -> RecipientFacts:
    """A charity about a kilometre away that is always open and has room for everything."""
    plain = RecipientFacts(
        location_id=f"place{number}",
        programme_id=f"programme{number}",
        organization_id=f"charity{number}",
        point=Point(121.56, 25.04),
        road_group="main",
        capacity_g={"ambient": 100_000, "chilled": 50_000, "frozen": 20_000, "hot": 20_000},
        open_hours=(Interval(NOW, NOW + 72 * HOUR),),
    )
    return replace(plain, **changes)


def demand(number: int = 1, *, people: int = 100, received_g: int = 0, **changes: Any) -> Demand:
    """That charity with people to feed."""
    return Demand(
        recipient=recipient(number, **changes),
        county_code="TPE",
        people=people,
        received_g=received_g,
    )


def courier(number: int = 1, **changes: Any) -> CourierFacts:
    """A van with a cold box, on shift for the next eight hours."""
    plain = CourierFacts(
        shift_id=f"shift{number}",
        road_group="main",
        window=Interval(NOW, NOW + 8 * HOUR),
        mass_g=400_000,
        volume_ml={"ambient": 1_000_000, "chilled": 100_000, "frozen": 50_000},
    )
    return replace(plain, **changes)


def world(seed: int, supplies: int, demands: int, **settings: Any) -> Problem:
    """A random problem; the same seed gives the same one."""
    random = Random(seed)  # noqa: S311
    shops = [_near(random)[1] for _ in range(supplies // 2 + 1)]
    return Problem(
        now=NOW,
        supplies=tuple(_supply(random, number, shops[number // 2]) for number in range(supplies)),
        demands=tuple(_demand(random, number) for number in range(demands)),
        couriers=tuple(_courier(random, number) for number in range(random.randint(0, 5))),
        **settings,
    )


def settled_world(seed: int, supplies: int, demands: int) -> Problem:
    """A random problem with fixed shares, suggestions, refusals, a county and perhaps edges."""
    problem = world(seed, supplies, demands)
    random = Random(seed)  # noqa: S311
    pairs = [(s, d) for s in problem.supplies for d in problem.demands if random.random() < 0.7]
    edges = tuple(
        Edge(s.id, d.id, distance_m=random.randint(100, 20_000), travel_s=random.randint(60, 3_000))
        for s, d in pairs
    )
    fixed = tuple(
        Fixed(
            lot_id=supply.id,
            listing_id=supply.lot.listing_id,
            programme_id=demand.id,
            category_group=supply.lot.category_group,
            storage_class=supply.lot.storage_class,
            mass_g=random.randrange(0, 20_000),
        )
        for supply, demand in pairs[:: max(1, len(pairs) // 3)]
    )
    suggested = tuple(Incumbent(s.id, d.id) for s, d in pairs if random.random() < 0.2)
    asked = tuple(Asked(s.id, d.id) for s, d in pairs if random.random() < 0.1)
    counties = (County("TPE", people=5_000, received_g=900_000),)
    return replace(
        problem,
        edges=edges if random.random() < 0.5 else None,
        fixed=fixed,
        incumbents=suggested,
        asked=asked,
        counties=counties,
    )


def _near(random: Random) -> tuple[str, Point]:
    code, lon, lat = random.choice(TOWNS)
    return code, Point(lon + random.gauss(0, 0.05), lat + random.gauss(0, 0.05))


def _supply(random: Random, number: int, shop: Point) -> Supply:
    category, group, storage, diets, allergens, life_h = random.choice(FOODS)
    left_g = max(500, round(random.paretovariate(1.1) * 4_000)) % 400_000
    safe_until_at = NOW + timedelta(hours=random.uniform(0.5, life_h))
    return Supply(
        lot(
            number,
            listing_id=f"listing{number // 2}",
            category=category,
            category_group=group,
            storage_class=storage,
            left_g=left_g,
            step_g=random.choice((500, 1_000, 5_000, 50_000)),
            volume_ml=left_g * 3 // 2,
            safe_until_at=safe_until_at,
            pickup_from_at=NOW,
            pickup_until_at=min(safe_until_at, NOW + timedelta(hours=random.uniform(0.4, 12))),
            point=shop,
            allergens=frozenset(allergens),
            diet_flags=frozenset(diets),
            transports=random.choice(
                (
                    frozenset({"self_collect", "courier"}),
                    frozenset({"courier"}),
                    frozenset({"self_collect"}),
                )
            ),
            max_out_of_cold_s={"ambient": None, "hot": 3_600}.get(storage, 1_800),
            handling_s=300,
        )
    )


def _demand(random: Random, number: int) -> Demand:
    county, point = _near(random)
    opens = NOW + timedelta(hours=random.uniform(-3, 6))
    return Demand(
        recipient=recipient(
            number,
            point=point,
            capacity_g={
                storage: random.randrange(0, 80_000)
                for storage in ("ambient", "chilled", "frozen", "hot")
                if random.random() < 0.7
            },
            need_g={"staples": random.randrange(0, 40_000), "bakery": random.randrange(0, 9_000)},
            open_hours=(
                Interval(opens, opens + timedelta(hours=random.uniform(1, 8))),
                Interval(opens + 24 * HOUR, opens + 32 * HOUR),
            ),
            diet_rules=random.choice((frozenset(), frozenset(), frozenset({"no_pork"}))),
            allergens_excluded=random.choice((frozenset(), frozenset({"egg"}))),
            categories_not_taken=random.choice((frozenset(), frozenset({"bakery"}))),
            verified=random.random() < 0.95,
            collects_itself=random.random() < 0.6,
            max_distance_m=random.choice((5_000, 10_000, 20_000)),
            handling_s=300,
        ),
        county_code=county,
        people=random.randint(20, 400),
        received_g=random.randrange(0, 300_000),
        reliability=random.uniform(0.8, 1.0),
    )


def _courier(random: Random, number: int) -> CourierFacts:
    starts = NOW + timedelta(hours=random.uniform(0, 4))
    return courier(
        number,
        window=Interval(starts, starts + timedelta(hours=random.uniform(2, 6))),
        mass_g=random.choice((20_000, 200_000)),
    )
