"""Plausible surplus: what is left over where, how much, and for how long."""

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.regions.domain.food_safety import FoodFacts, local_date, safe_until
from backend.regions.domain.pack import Category, RegionPack

#: Median of a posting in grams, and the spread of its logarithm: many small ones, a few pallets.
MEDIAN_G, SPREAD = 7_000, 1.1
SMALLEST_G, LARGEST_G = 800, 300_000
ROUND_TO_G = 100
#: Hours from posting to the end of the pickup window, and how often each occurs.
DEADLINES_H = {1: 1, 2: 3, 3: 4, 5: 5, 8: 4, 24: 2, 48: 1, 72: 1}
#: How often a group of food is left over; groups that are not named have weight 1.
WEIGHTS = {"bakery": 4, "prepared": 5, "fruit_veg": 5, "dairy": 3, "meat_fish": 2, "frozen": 2}
SHORTEST_WINDOW = timedelta(minutes=45)
MARGIN = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Surplus:
    """One posting: which donor, when, and what."""

    donor: int
    at: datetime
    draft: ListingDraft


def surplus(
    rng: random.Random, region: RegionPack, *, donor: int, at: datetime, language: str
) -> Surplus | None:
    """What a donor has left at `at`; None when it would be unsafe before anybody could come."""
    category = _category(rng, region)
    lot = _lot(rng, category, at, region)
    facts = FoodFacts(
        category_group=category.group,
        storage_class=category.storage_class,
        offered_at=at,
        best_before_date=lot.best_before_date,
        use_by_date=lot.use_by_date,
        cooked_at=lot.cooked_at,
    )
    end = safe_until(facts, region.rules, region.zone)
    hours = rng.choices(list(DEADLINES_H), weights=list(DEADLINES_H.values()))[0]
    until_at = min(at + timedelta(hours=hours), end.at - MARGIN)
    if until_at - at < SHORTEST_WINDOW:
        return None
    draft = ListingDraft(
        title=category.names.in_language(language),
        pickup_from_at=at,
        pickup_until_at=until_at,
        lots=(lot,),
        source="form",
    )
    return Surplus(donor=donor, at=at, draft=draft)


def _category(rng: random.Random, region: RegionPack) -> Category:
    categories = list(region.categories.values())
    return rng.choices(categories, weights=[WEIGHTS.get(one.group, 1) for one in categories])[0]


def _lot(rng: random.Random, category: Category, at: datetime, region: RegionPack) -> LotDraft:
    exact_g = math.exp(rng.gauss(math.log(MEDIAN_G), SPREAD))
    mass_g = round(min(max(exact_g, SMALLEST_G), LARGEST_G) / ROUND_TO_G) * ROUND_TO_G
    today = local_date(at, region.zone)
    cooked = category.storage_class == "hot"
    days = 30 if category.storage_class == "frozen" else rng.choice((1, 1, 2, 3, 5))
    return LotDraft(
        category=category.code,
        declared_g=mass_g,
        best_before_date=None if cooked else today + timedelta(days=days),
        use_by_date=None,
        cooked_at=at - timedelta(minutes=rng.randint(5, 40)) if cooked else None,
        allergens=tuple(sorted(rng.sample(list(region.allergens), rng.choice((0, 0, 1, 2))))),
        step_g=min(mass_g, 1_000),
    )
