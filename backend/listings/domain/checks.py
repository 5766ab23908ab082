"""What is wrong with a listing as stated: each rule names the field and a stable code."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from backend.common.mass import HEAVIEST_LOT_G
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.regions.domain.food_safety import FoodFacts, SafeUntil, refusals, safe_until
from backend.regions.domain.pack import STORAGE_CLASSES, RegionPack

#: Food is neither lighter than puffed rice nor heavier than syrup by more than this.
LIGHTEST_G_PER_L, HEAVIEST_G_PER_L = 5, 3_000
MOST_LOTS = 30
FARTHEST_AHEAD = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=14)
#: A lot is offered in about this many shares unless the donor says otherwise.
USUAL_SHARES = 20
SMALLEST_STEP_G = 500

#: The field that each code of the region's food-safety rules is about.
_FIELD_OF = {
    "cooked_at_needed": "cooked_at",
    "cooked_in_future": "cooked_at",
    "cooked_too_long_ago": "cooked_at",
    "date_needed": "use_by_date",
    "date_or_cooked_at_needed": "use_by_date",
    "dates_contradict": "use_by_date",
    "past_use_by": "use_by_date",
    "past_best_before": "best_before_date",
    "past_safe_until": "best_before_date",
}


class Problem(NamedTuple):
    """One thing wrong: the path of the field (`lots.0.declared_g`) and why."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class CheckedLot:
    """A lot with nothing left open, and until when it may be given."""

    lot: LotDraft
    volume_ml: int
    step_g: int
    safe: SafeUntil


def problems(draft: ListingDraft, pack: RegionPack, *, now: datetime) -> list[Problem]:
    """Everything that forbids opening this listing now; empty when it may be opened."""
    found = [*_listing_problems(draft, now)]
    for index, lot in enumerate(draft.lots):
        found += [
            Problem(f"lots.{index}.{field}", code)
            for field, code in _lot_problems(lot, draft, pack, now)
        ]
    return found


def completed(lot: LotDraft, pack: RegionPack, *, now: datetime) -> CheckedLot:
    """The lot with the category's storage, volume and step filled in, and its safe life.

    Only for a lot without problems: raises KeyError for an unknown category.
    """
    full = with_defaults(lot, pack)
    return CheckedLot(
        lot=full,
        volume_ml=_volume_ml(lot, pack),
        step_g=full.step_g or _usual_step_g(lot),
        safe=safe_until(_facts(full, pack, now), pack.rules, pack.zone),
    )


def unstorable(draft: ListingDraft) -> list[Problem]:
    """What even a draft must have right, because the listing could not be kept otherwise."""
    wrong = {"window_reversed", "no_transport"}
    reversed_or_unmovable = _listing_problems(draft, draft.pickup_from_at)
    return [problem for problem in reversed_or_unmovable if problem.code in wrong]


def changes_breaking_promises(before: ListingDraft, after: ListingDraft) -> list[Problem]:
    """What may not change once somebody was promised a share: promises only ever get easier."""
    found = []
    if after.pickup_from_at > before.pickup_from_at:
        found.append(Problem("pickup_from_at", "promised"))
    if after.pickup_until_at < before.pickup_until_at:
        found.append(Problem("pickup_until_at", "promised"))
    for way in ("allows_self_collect", "allows_courier", "donor_delivers"):
        if getattr(before, way) and not getattr(after, way):
            found.append(Problem(way, "promised"))
    narrower = not set(before.chosen_recipient_ids) <= set(after.chosen_recipient_ids)
    if after.audience == "chosen" and (before.audience != "chosen" or narrower):
        found.append(Problem("audience", "promised"))
    return found


def with_defaults(lot: LotDraft, pack: RegionPack) -> LotDraft:
    """The lot with storage, volume and smallest share of its kind of food where none was stated."""
    return replace(
        lot,
        storage_class=lot.storage_class or pack.categories[lot.category].storage_class,
        volume_ml=_volume_ml(lot, pack),
        step_g=lot.step_g or _usual_step_g(lot),
    )


def _volume_ml(lot: LotDraft, pack: RegionPack) -> int:
    if lot.volume_ml is not None:
        return lot.volume_ml
    g_per_l = pack.categories[lot.category].typical_g_per_l
    return max(1, round(lot.declared_g * 1_000 / g_per_l))


def _usual_step_g(lot: LotDraft) -> int:
    """One unit when units were counted, else a round part of the lot."""
    if lot.unit_count:
        return max(1, lot.declared_g // lot.unit_count)
    return min(max(SMALLEST_STEP_G, lot.declared_g // USUAL_SHARES), max(1, lot.declared_g))


def _listing_problems(draft: ListingDraft, now: datetime) -> Iterator[Problem]:
    if not draft.title.strip():
        yield Problem("title", "required")
    if not draft.lots:
        yield Problem("lots", "required")
    if len(draft.lots) > MOST_LOTS:
        yield Problem("lots", "too_many")
    if not (draft.allows_self_collect or draft.allows_courier or draft.donor_delivers):
        yield Problem("allows_self_collect", "no_transport")
    if draft.audience == "chosen" and not draft.chosen_recipient_ids:
        yield Problem("chosen_recipient_ids", "required")
    yield from _window_problems(draft, now)


def _window_problems(draft: ListingDraft, now: datetime) -> Iterator[Problem]:
    if draft.pickup_until_at <= draft.pickup_from_at:
        yield Problem("pickup_until_at", "window_reversed")
    elif draft.pickup_until_at <= now:
        yield Problem("pickup_until_at", "window_over")
    elif draft.pickup_from_at > now + FARTHEST_AHEAD:
        yield Problem("pickup_from_at", "too_far_ahead")
    elif draft.pickup_until_at - draft.pickup_from_at > LONGEST_WINDOW:
        yield Problem("pickup_until_at", "window_too_long")


def _lot_problems(
    lot: LotDraft, draft: ListingDraft, pack: RegionPack, now: datetime
) -> Iterator[Problem]:
    yield from _amount_problems(lot)
    yield from _unknown_words(lot, pack)
    if lot.category not in pack.categories or lot.declared_g < 1:
        return
    full = with_defaults(lot, pack)
    if full.storage_class in STORAGE_CLASSES:
        yield from _safety_problems(full, draft, pack, now)


def _amount_problems(lot: LotDraft) -> Iterator[Problem]:
    if lot.declared_g < 1:
        yield Problem("declared_g", "mass_too_small")
    if lot.declared_g > HEAVIEST_LOT_G:
        yield Problem("declared_g", "mass_absurd")
    if lot.volume_ml is not None:
        yield from _volume_problems(lot.declared_g, lot.volume_ml)
    if lot.unit_count is not None and lot.unit_count < 1:
        yield Problem("unit_count", "count_too_small")
    if lot.step_g is not None and not 1 <= lot.step_g <= max(1, lot.declared_g):
        yield Problem("step_g", "step_impossible")


def _volume_problems(mass_g: int, volume_ml: int) -> Iterator[Problem]:
    if volume_ml < 1:
        yield Problem("volume_ml", "volume_too_small")
    elif not (
        LIGHTEST_G_PER_L * volume_ml <= max(1, mass_g) * 1_000
        and mass_g * 1_000 <= HEAVIEST_G_PER_L * volume_ml
    ):
        yield Problem("volume_ml", "volume_absurd")


def _unknown_words(lot: LotDraft, pack: RegionPack) -> Iterator[Problem]:
    if lot.category not in pack.categories:
        yield Problem("category", "unknown_category")
    if lot.storage_class and lot.storage_class not in STORAGE_CLASSES:
        yield Problem("storage_class", "unknown_storage")
    if lot.packaging and lot.packaging not in pack.packagings:
        yield Problem("packaging", "unknown_packaging")
    if not set(lot.allergens) <= set(pack.allergens):
        yield Problem("allergens", "unknown_allergen")
    if not set(lot.diet_flags) <= set(pack.diets):
        yield Problem("diet_flags", "unknown_diet")
    if lot.gtin and not is_gtin(lot.gtin):
        yield Problem("gtin", "not_a_gtin")


def _safety_problems(
    lot: LotDraft, draft: ListingDraft, pack: RegionPack, now: datetime
) -> Iterator[Problem]:
    facts = _facts(lot, pack, now)
    codes = refusals(facts, pack.rules, pack.zone, now)
    for code in codes:
        yield Problem(_FIELD_OF.get(code, "use_by_date"), code)
    if not codes and safe_until(facts, pack.rules, pack.zone).at <= draft.pickup_from_at:
        yield Problem("use_by_date", "unsafe_before_pickup")


def _facts(lot: LotDraft, pack: RegionPack, now: datetime) -> FoodFacts:
    return FoodFacts(
        category_group=pack.categories[lot.category].group,
        storage_class=lot.storage_class,
        offered_at=now,
        best_before_date=lot.best_before_date,
        use_by_date=lot.use_by_date,
        cooked_at=lot.cooked_at,
    )


def is_gtin(text: str) -> bool:
    """Whether it is a GS1 number of 8, 12, 13 or 14 figures with the right check figure."""
    if len(text) not in {8, 12, 13, 14} or not (text.isascii() and text.isdigit()):
        return False
    weighted = (int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(text[::-1]))
    return sum(weighted) % 10 == 0
