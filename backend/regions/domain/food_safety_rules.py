"""The shape of a region's food-safety rules: dated, sourced, and applied by `food_safety`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar


class DateField(StrEnum):
    """The two dates a package may carry: quality and safety."""

    BEST_BEFORE = "best_before_date"
    USE_BY = "use_by_date"


class DateEnd(StrEnum):
    """When a printed date is over: at the midnight that ends the day, or the one that begins it."""

    FOLLOWING_MIDNIGHT = "following_midnight"
    SAME_MIDNIGHT = "same_midnight"


class CountsFrom(StrEnum):
    """What a longest life is measured from."""

    COOKED_AT = "cooked_at"
    OFFERED_AT = "offered_at"


class NeededFact(StrEnum):
    """What a donor must state about some foods."""

    COOKED_AT = "cooked_at"
    A_DATE = "a_date"
    A_DATE_OR_COOKED_AT = "a_date_or_cooked_at"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from; `dated` is the day of the text that was followed."""

    title: str
    url: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule's identity, and the days it is in force: from `valid_from`, before `valid_until`."""

    id: str
    version: int
    valid_from: date
    valid_until: date | None
    source: Source

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which food a rule is about; an empty set means all."""

    category_groups: frozenset[str] = frozenset()
    storage_classes: frozenset[str] = frozenset()

    def covers(self, category_group: str, storage_class: str) -> bool:
        return (not self.category_groups or category_group in self.category_groups) and (
            not self.storage_classes or storage_class in self.storage_classes
        )


@dataclass(frozen=True, slots=True)
class DateRule:
    """Whether food may be given after a printed date, and for how many days more if it may."""

    citation: Citation
    scope: Scope
    field: DateField
    forbids_giving: bool
    ends: DateEnd
    grace_days: int


@dataclass(frozen=True, slots=True)
class LifeRule:
    """The longest time food may still be given.

    Counted from `offered_at` it concerns only food that no date and no cooking time limits.
    """

    citation: Citation
    scope: Scope
    counts_from: CountsFrom
    longest_s: int


@dataclass(frozen=True, slots=True)
class NeedRule:
    """What must be known of some food before it may be offered."""

    citation: Citation
    scope: Scope
    fact: NeededFact


@dataclass(frozen=True, slots=True)
class TemperatureRule:
    """Lowest and highest temperature of a storage class; None means no limit on that side."""

    citation: Citation
    storage_class: str
    lowest_dc: int | None
    highest_dc: int | None


@dataclass(frozen=True, slots=True)
class OutOfColdRule:
    """How long food of a storage class may be out of its temperature, all breaks together."""

    citation: Citation
    storage_class: str
    longest_s: int


class Cited(Protocol):
    @property
    def citation(self) -> Citation: ...


C = TypeVar("C", bound=Cited)


@dataclass(frozen=True, slots=True)
class FoodSafetyRules:
    """All rules of a region, past and present; `version` names the set."""

    version: str
    dates: tuple[DateRule, ...]
    lives: tuple[LifeRule, ...]
    needs: tuple[NeedRule, ...]
    temperatures: tuple[TemperatureRule, ...]
    out_of_cold: tuple[OutOfColdRule, ...]

    def on(self, day: date) -> "FoodSafetyRules":
        """Only the rules in force on that day."""
        return FoodSafetyRules(
            version=self.version,
            dates=_in_force(self.dates, day),
            lives=_in_force(self.lives, day),
            needs=_in_force(self.needs, day),
            temperatures=_in_force(self.temperatures, day),
            out_of_cold=_in_force(self.out_of_cold, day),
        )


def _in_force(rules: Iterable[C], day: date) -> tuple[C, ...]:
    return tuple(rule for rule in rules if rule.citation.in_force(day))
