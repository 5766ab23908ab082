"""Reads and checks a pack's food-safety rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from backend.regions.domain.food_safety_rules import (
    C,
    Citation,
    CountsFrom,
    DateEnd,
    DateField,
    DateRule,
    FoodSafetyRules,
    LifeRule,
    NeededFact,
    NeedRule,
    OutOfColdRule,
    Scope,
    Source,
    TemperatureRule,
)
from backend.regions.domain.pack_files import Row, read_object

FILE = "food_safety.json"
KINDS = ("dates", "lives", "needs", "temperatures", "out_of_cold")
CITED = ("id", "version", "valid_from", "valid_until", "source")
SCOPED = ("category_groups", "storage_classes")
#: A rule for longer than this is a typing error.
LONGEST_S = 400 * 24 * 3600
COLDEST_DC, HOTTEST_DC = -1000, 2000
T = TypeVar("T")


class _Codes:
    """What rules may refer to."""

    def __init__(self, groups: Mapping[str, Any], storage_classes: Sequence[str]) -> None:
        self.groups, self.storage_classes = groups, storage_classes
        self.sources: dict[str, Source] = {}


def load_rules(
    directory: Path, groups: Mapping[str, Any], storage_classes: Sequence[str]
) -> FoodSafetyRules:
    """The rules of the pack; raises PackError naming the rule that is wrong."""
    content = read_object(directory, FILE)
    content.only("version", "sources", *KINDS)
    codes = _Codes(groups, storage_classes)
    sources = content.inner("sources")
    codes.sources = {key: _source(sources.inner(key)) for key in sources.values}
    rules = FoodSafetyRules(
        version=content.text("version"),
        dates=_each(content, "dates", codes, _date_rule),
        lives=_each(content, "lives", codes, _life_rule),
        needs=_each(content, "needs", codes, _need_rule),
        temperatures=_each(content, "temperatures", codes, _temperature_rule),
        out_of_cold=_each(content, "out_of_cold", codes, _out_of_cold_rule),
    )
    _refuse_overlaps(content)
    _refuse_gaps(content, rules)
    return rules


def _each(
    content: Row, kind: str, codes: _Codes, make: Callable[[Row, _Codes], T]
) -> tuple[T, ...]:
    return tuple(make(row, codes) for row in content.rows(kind))


def _source(row: Row) -> Source:
    row.only("title", "url", "dated")
    url = row.text("url")
    if not url.startswith("https://"):
        raise row.error(f"url must begin with https://, not {url!r}")
    return Source(title=row.text("title"), url=url, dated=row.optional_day("dated"))


def _citation(row: Row, codes: _Codes) -> Citation:
    valid_from, valid_until = row.day("valid_from"), row.optional_day("valid_until")
    if valid_until is not None and valid_until <= valid_from:
        raise row.error("valid_until must be later than valid_from")
    return Citation(
        id=row.text("id"),
        version=row.whole("version", least=1, most=10_000),
        valid_from=valid_from,
        valid_until=valid_until,
        source=codes.sources[row.known("source", codes.sources)],
    )


def _scope(row: Row, codes: _Codes) -> Scope:
    return Scope(
        category_groups=row.known_set("category_groups", codes.groups),
        storage_classes=row.known_set("storage_classes", codes.storage_classes),
    )


def _date_rule(row: Row, codes: _Codes) -> DateRule:
    row.only(*CITED, *SCOPED, "field", "forbids_giving", "ends", "grace_days")
    return DateRule(
        citation=_citation(row, codes),
        scope=_scope(row, codes),
        field=row.choice("field", DateField),
        forbids_giving=row.truth("forbids_giving"),
        ends=row.choice("ends", DateEnd),
        grace_days=row.whole("grace_days", least=0, most=400),
    )


def _life_rule(row: Row, codes: _Codes) -> LifeRule:
    row.only(*CITED, *SCOPED, "counts_from", "longest_s")
    return LifeRule(
        citation=_citation(row, codes),
        scope=_scope(row, codes),
        counts_from=row.choice("counts_from", CountsFrom),
        longest_s=row.whole("longest_s", least=1, most=LONGEST_S),
    )


def _need_rule(row: Row, codes: _Codes) -> NeedRule:
    row.only(*CITED, *SCOPED, "fact")
    return NeedRule(
        citation=_citation(row, codes),
        scope=_scope(row, codes),
        fact=row.choice("fact", NeededFact),
    )


def _temperature_rule(row: Row, codes: _Codes) -> TemperatureRule:
    row.only(*CITED, "storage_class", "lowest_dc", "highest_dc")
    lowest = row.optional_whole("lowest_dc", least=COLDEST_DC, most=HOTTEST_DC)
    highest = row.optional_whole("highest_dc", least=COLDEST_DC, most=HOTTEST_DC)
    if lowest is None and highest is None:
        raise row.error("a temperature rule needs lowest_dc or highest_dc")
    if lowest is not None and highest is not None and lowest > highest:
        raise row.error("lowest_dc is above highest_dc")
    storage_class = row.known("storage_class", codes.storage_classes)
    return TemperatureRule(_citation(row, codes), storage_class, lowest, highest)


def _out_of_cold_rule(row: Row, codes: _Codes) -> OutOfColdRule:
    row.only(*CITED, "storage_class", "longest_s")
    return OutOfColdRule(
        citation=_citation(row, codes),
        storage_class=row.known("storage_class", codes.storage_classes),
        longest_s=row.whole("longest_s", least=0, most=LONGEST_S),
    )


def _refuse_overlaps(content: Row) -> None:
    """Two versions of a rule may not be in force on one day, nor share a number."""
    seen: dict[str, list[Row]] = {}
    for kind in KINDS:
        for row in content.rows(kind):
            for other in seen.setdefault(row.text("id"), []):
                _refuse_twins(row, other)
            seen[row.text("id")].append(row)


def _refuse_twins(row: Row, other: Row) -> None:
    if row.raw("version") == other.raw("version"):
        raise row.error(f"the rule {row.raw('id')!r} has version {row.raw('version')} twice")
    first, second = sorted((row, other), key=lambda each: each.day("valid_from"))
    end = first.optional_day("valid_until")
    if end is None or second.day("valid_from") < end:
        raise row.error(f"two versions of {row.raw('id')!r} are in force on one day")


def _refuse_gaps(content: Row, rules: FoodSafetyRules) -> None:
    """Every lot must have some end, and each cold or hot class a limit, by lasting rules."""
    if not any(
        life.counts_from is CountsFrom.OFFERED_AT and life.scope == Scope()
        for life in _lasting(rules.lives)
    ):
        raise content.error(
            "lives needs a lasting rule that counts from offered_at and covers all food"
        )
    limits = _lasting(rules.temperatures)
    for storage_class in ("chilled", "frozen"):
        if not any(r.storage_class == storage_class and r.highest_dc is not None for r in limits):
            raise content.error(f"temperatures needs a lasting highest_dc for {storage_class}")
    if not any(r.storage_class == "hot" and r.lowest_dc is not None for r in limits):
        raise content.error("temperatures needs a lasting lowest_dc for hot")


def _lasting(rules: Iterable[C]) -> list[C]:
    return [rule for rule in rules if rule.citation.valid_until is None]
