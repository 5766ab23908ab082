"""Until when food may be given, how cold it must be, and what must be known of it.

The figures and their sources are the region's data (`food_safety.json` of its pack); this module
only applies them. Law in force when the food was offered decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.regions.domain.food_safety_rules import (
    Citation,
    CountsFrom,
    DateEnd,
    DateField,
    DateRule,
    FoodSafetyRules,
    LifeRule,
    NeededFact,
    NeedRule,
)

#: A cooking time may lie this far ahead of the clock: devices differ by minutes.
CLOCK_SLACK = timedelta(minutes=5)

NEEDED = {
    NeededFact.COOKED_AT: "cooked_at_needed",
    NeededFact.A_DATE: "date_needed",
    NeededFact.A_DATE_OR_COOKED_AT: "date_or_cooked_at_needed",
}


@dataclass(frozen=True, slots=True)
class FoodFacts:
    """What a donor states about a lot. Instants are aware; `offered_at` is when it is posted."""

    category_group: str
    storage_class: str
    offered_at: datetime
    best_before_date: date | None = None
    use_by_date: date | None = None
    cooked_at: datetime | None = None

    def date_of(self, field: DateField) -> date | None:
        return self.use_by_date if field is DateField.USE_BY else self.best_before_date


@dataclass(frozen=True, slots=True)
class SafeUntil:
    """The instant (UTC, exclusive) after which food may not be given, and the rule that says so."""

    at: datetime
    rule_id: str
    version: int


class NoLimit(LookupError):
    """No rule in force limits this food: the pack's rules begin after the day it was offered."""


def safe_until(facts: FoodFacts, rules: FoodSafetyRules, zone: ZoneInfo) -> SafeUntil:
    """The earliest end that a rule sets; it may lie in the past.

    A date ends at the following local midnight unless its rule says otherwise. Food without a date
    or cooking time that binds gets the region's longest life for such food, from `offered_at`.
    Of two rules that end together the first in the pack is named.
    """
    current = rules.on(local_date(facts.offered_at, zone))
    ends = [*_date_ends(facts, current, zone), *_cooked_ends(facts, current)]
    if not ends:
        ends = [*_undated_ends(facts, current)]
    if not ends:
        raise NoLimit(f"no food-safety rule limits food offered at {facts.offered_at}")
    return min(ends, key=lambda end: end.at)


def refusals(facts: FoodFacts, rules: FoodSafetyRules, zone: ZoneInfo, now: datetime) -> list[str]:
    """Codes for what forbids offering this food now; empty when it may be offered.

    `cooked_at_needed`, `date_needed`, `date_or_cooked_at_needed`: the region wants this fact.
    `cooked_in_future`, `dates_contradict`: facts that cannot be true together.
    `past_use_by`, `past_best_before`, `cooked_too_long_ago`, `past_safe_until`: too late to give.
    """
    found = [*_missing(facts, rules.on(local_date(facts.offered_at, zone)))]
    found += _contradictions(facts, zone, now)
    end = safe_until(facts, rules, zone)
    if end.at <= now:
        found.append(_why_past(end, rules))
    return found


def temperature_breach(
    storage_class: str, temperature_dc: int, rules: FoodSafetyRules, *, on: date
) -> str | None:
    """`too_warm` or `too_cold` for a measured temperature in tenths of a degree; None when right.

    A limit itself is still right.
    """
    for rule in rules.on(on).temperatures:
        if rule.storage_class != storage_class:
            continue
        if rule.highest_dc is not None and temperature_dc > rule.highest_dc:
            return "too_warm"
        if rule.lowest_dc is not None and temperature_dc < rule.lowest_dc:
            return "too_cold"
    return None


def longest_out_of_cold_s(storage_class: str, rules: FoodSafetyRules, *, on: date) -> int | None:
    """Seconds that food of this class may be away from its temperature, breaks added up.

    None when the region sets no limit, as for food that needs no cold.
    """
    limits = [
        rule.longest_s for rule in rules.on(on).out_of_cold if rule.storage_class == storage_class
    ]
    return min(limits, default=None)


def out_of_cold_breach(
    storage_class: str, out_s: int, rules: FoodSafetyRules, *, on: date
) -> str | None:
    """`out_of_cold_too_long` when the breaks together exceed the region's limit."""
    longest_s = longest_out_of_cold_s(storage_class, rules, on=on)
    return "out_of_cold_too_long" if longest_s is not None and out_s > longest_s else None


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day at that instant in the zone."""
    return at.astimezone(zone).date()


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC.

    Where clocks jump over midnight it is the instant of the jump; where midnight comes twice it is
    the first (PEP 495, fold 0).
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _date_ends(facts: FoodFacts, rules: FoodSafetyRules, zone: ZoneInfo) -> Iterator[SafeUntil]:
    for rule in rules.dates:
        day = facts.date_of(rule.field)
        if day is None or not rule.forbids_giving:
            continue
        if rule.scope.covers(facts.category_group, facts.storage_class):
            yield _end(_date_end(day, rule, zone), rule.citation)


def _date_end(day: date, rule: DateRule, zone: ZoneInfo) -> datetime:
    more = rule.grace_days + (1 if rule.ends is DateEnd.FOLLOWING_MIDNIGHT else 0)
    if day >= date.max - timedelta(days=more + 1):
        return datetime.max.replace(tzinfo=UTC)
    return local_midnight(day + timedelta(days=more), zone)


def _cooked_ends(facts: FoodFacts, rules: FoodSafetyRules) -> Iterator[SafeUntil]:
    if facts.cooked_at is not None:
        yield from _life_ends(facts, rules, CountsFrom.COOKED_AT, facts.cooked_at)


def _undated_ends(facts: FoodFacts, rules: FoodSafetyRules) -> Iterator[SafeUntil]:
    yield from _life_ends(facts, rules, CountsFrom.OFFERED_AT, facts.offered_at)


def _life_ends(
    facts: FoodFacts, rules: FoodSafetyRules, counts_from: CountsFrom, start: datetime
) -> Iterator[SafeUntil]:
    for rule in rules.lives:
        if rule.counts_from is counts_from and _concerns(rule, facts):
            end = start.astimezone(UTC) + timedelta(seconds=rule.longest_s)
            yield _end(end, rule.citation)


def _concerns(rule: LifeRule | NeedRule, facts: FoodFacts) -> bool:
    return rule.scope.covers(facts.category_group, facts.storage_class)


def _end(at: datetime, citation: Citation) -> SafeUntil:
    return SafeUntil(at=at, rule_id=citation.id, version=citation.version)


def _missing(facts: FoodFacts, rules: FoodSafetyRules) -> Iterator[str]:
    has_date = facts.use_by_date is not None or facts.best_before_date is not None
    is_known = {
        NeededFact.COOKED_AT: facts.cooked_at is not None,
        NeededFact.A_DATE: has_date,
        NeededFact.A_DATE_OR_COOKED_AT: has_date or facts.cooked_at is not None,
    }
    for rule in rules.needs:
        if _concerns(rule, facts) and not is_known[rule.fact]:
            yield NEEDED[rule.fact]


def _contradictions(facts: FoodFacts, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    cooked_at, use_by, best_before = facts.cooked_at, facts.use_by_date, facts.best_before_date
    if cooked_at is not None and cooked_at > now + CLOCK_SLACK:
        yield "cooked_in_future"
    first = min((day for day in (use_by, best_before) if day is not None), default=None)
    is_before_cooking = (
        cooked_at is not None and first is not None and first < local_date(cooked_at, zone)
    )
    is_unsafe_while_good = use_by is not None and best_before is not None and use_by < best_before
    if is_before_cooking or is_unsafe_while_good:
        yield "dates_contradict"


def _why_past(end: SafeUntil, rules: FoodSafetyRules) -> str:
    for rule in rules.dates:
        if rule.citation.id == end.rule_id:
            return "past_use_by" if rule.field is DateField.USE_BY else "past_best_before"
    for life in rules.lives:
        if life.citation.id == end.rule_id and life.counts_from is CountsFrom.COOKED_AT:
            return "cooked_too_long_ago"
    return "past_safe_until"
