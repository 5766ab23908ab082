"""What is wrong with a routing problem, field by field, as stable codes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 10**12
"""Above any honest time, distance, amount or price; keeps every sum inside 64 bits."""


@dataclass(frozen=True, slots=True)
class FieldIssue:
    """One wrong field: `path` as in the input (`shipments[3].pickup.point`), `code` stable."""

    path: str
    code: str

    def under(self, prefix: str) -> "FieldIssue":
        dot = "." if self.path and not self.path.startswith("[") else ""
        return FieldIssue(f"{prefix}{dot}{self.path}", self.code)


class InvalidProblem(ValueError):
    """The problem contradicts itself; `issues` says where and why, all of them at once."""

    def __init__(self, issues: Iterable[FieldIssue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(f"{issue.path}: {issue.code}" for issue in self.issues))


class Findings:
    """Collects issues while a record looks at itself, then raises them together."""

    def __init__(self) -> None:
        self.issues: list[FieldIssue] = []

    def add(self, path: str, code: str) -> None:
        self.issues.append(FieldIssue(path, code))

    def expect(self, holds: bool, path: str, code: str) -> bool:
        if not holds:
            self.add(path, code)
        return holds

    def whole(self, path: str, value: object) -> bool:
        """An integer of sane size; NaN, infinities, fractions and booleans are refused."""
        if type(value) is not int:
            return self.expect(False, path, "not_a_whole_number")
        return self.expect(abs(value) <= LARGEST, path, "too_large")

    def natural(self, path: str, value: object) -> bool:
        """A whole number that is not negative."""
        if not self.whole(path, value):
            return False
        return self.expect(isinstance(value, int) and value >= 0, path, "negative")

    def optional_natural(self, path: str, value: object) -> bool:
        return value is None or self.natural(path, value)

    def seconds(self, path: str, value: object) -> bool:
        """A finite number of seconds, fractions allowed, that is not negative."""
        if type(value) not in (int, float):
            return self.expect(False, path, "not_a_number")
        number: float = value  # type: ignore[assignment]
        if not self.expect(number >= 0, path, "not_a_number" if math.isnan(number) else "negative"):
            return False
        return self.expect(number <= LARGEST, path, "too_large")

    def naturals(self, path: str, values: Sequence[object]) -> None:
        """A row of natural numbers, checked in bulk because matrices have many."""
        if set(map(type, values)) <= {int} and values:
            numbers: Sequence[int] = values  # type: ignore[assignment]
            self.expect(min(numbers) >= 0, path, "negative")
            self.expect(max(numbers) <= LARGEST, path, "too_large")
            return
        for index, value in enumerate(values):
            self.natural(f"{path}[{index}]", value)

    def raise_if_any(self) -> None:
        if self.issues:
            raise InvalidProblem(self.issues)
