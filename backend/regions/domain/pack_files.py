"""Reading a pack's files strictly: every wrong value is refused with its file, row and reason."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class PackError(Exception):
    """A pack cannot be loaded; says which file, which row of it (1 is the heading), and why."""

    def __init__(self, file: str, row: int | str | None, reason: str) -> None:
        self.file, self.row, self.reason = file, row, reason
        where = file if row is None else f"{file}, {_where(row)}"
        super().__init__(f"{where}: {reason}")


def _where(row: int | str) -> str:
    return f"row {row}" if isinstance(row, int) else row


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table or one object of a JSON file, whose values are taken with a type."""

    file: str
    place: int | str
    values: Mapping[str, Any]

    def error(self, reason: str) -> PackError:
        return PackError(self.file, self.place, reason)

    def only(self, *keys: str) -> None:
        """Refuses keys that nothing reads: they are mistyped."""
        for key in self.values:
            if key not in keys:
                raise self.error(f"unknown field {key!r}")

    def raw(self, key: str) -> Any:
        if key not in self.values:
            raise self.error(f"{key} is missing")
        return self.values[key]

    def text(self, key: str) -> str:
        """Text that is not empty and has no space around it."""
        value = self.raw(key)
        if not isinstance(value, str) or not value or value != value.strip():
            raise self.error(f"{key} must be a text without space around it, not {value!r}")
        return value

    def optional_text(self, key: str) -> str:
        return self.text(key) if self.raw(key) else ""

    def number(self, key: str, *, least: float, most: float) -> float:
        """A finite number within the limits, which are allowed themselves."""
        value = self._converted(key, float, "a number")
        if not isfinite(value) or not least <= value <= most:
            raise self.error(f"{key} must lie between {least:g} and {most:g}, not {value:g}")
        return value

    def whole(self, key: str, *, least: int, most: int) -> int:
        """A whole number within the limits, which are allowed themselves."""
        value = self._converted(key, int, "a whole number")
        if isinstance(self.raw(key), float) or not least <= value <= most:
            raise self.error(
                f"{key} must be a whole number from {least} to {most}, not {self.raw(key)}"
            )
        return value

    def optional_whole(self, key: str, *, least: int, most: int) -> int | None:
        return None if self.raw(key) is None else self.whole(key, least=least, most=most)

    def truth(self, key: str) -> bool:
        value = {"0": False, "1": True, True: True, False: False}.get(self.raw(key))
        if value is None:
            raise self.error(f"{key} must be true or false (0 or 1 in a table)")
        return value

    def day(self, key: str) -> date:
        return self._converted(key, date.fromisoformat, "a date like 2026-01-31")

    def optional_day(self, key: str) -> date | None:
        return None if self.raw(key) is None else self.day(key)

    def choice(self, key: str, kind: type[E]) -> E:
        try:
            return kind(self.raw(key))
        except ValueError as error:
            known = ", ".join(kind)
            raise self.error(f"{key} must be one of {known}, not {self.raw(key)!r}") from error

    def known(self, key: str, codes: Mapping[str, Any] | Sequence[str]) -> str:
        """A code that is defined elsewhere in the pack."""
        code = self.text(key)
        if code not in codes:
            raise self.error(f"{key} names {code!r}, which does not exist")
        return code

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key)
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.error(f"{key} must be a list of texts")
        return tuple(value)

    def known_set(self, key: str, codes: Mapping[str, Any] | Sequence[str]) -> frozenset[str]:
        """A list of codes defined elsewhere; empty when the key is absent."""
        if key not in self.values:
            return frozenset()
        for code in self.texts(key):
            if code not in codes:
                raise self.error(f"{key} names {code!r}, which does not exist")
        return frozenset(self.texts(key))

    def inner(self, key: str) -> "Row":
        """The object under a key."""
        value = self.raw(key)
        if not isinstance(value, dict):
            raise self.error(f"{key} must be an object")
        return Row(self.file, self._below(key), value)

    def rows(self, key: str) -> list["Row"]:
        """The list of objects under a key."""
        value = self.raw(key)
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.error(f"{key} must be a list of objects")
        return [Row(self.file, self._below(f"{key}[{n}]"), each) for n, each in enumerate(value)]

    def _below(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def _converted(self, key: str, convert: Callable[[Any], T], wanted: str) -> T:
        value = self.raw(key)
        try:
            if isinstance(value, bool):
                raise TypeError
            return convert(value)
        except (TypeError, ValueError) as error:
            raise self.error(f"{key} must be {wanted}, not {value!r}") from error


def read_text(directory: Path, file: str) -> str:
    try:
        return (directory / file).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError(file, None, "the file is missing") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(file, None, f"cannot be read as UTF-8 text ({error})") from error


def read_object(directory: Path, file: str) -> Row:
    """A JSON file that holds one object."""
    try:
        content = json.loads(read_text(directory, file))
    except json.JSONDecodeError as error:
        raise PackError(file, error.lineno, f"is not JSON ({error.msg})") from error
    if not isinstance(content, dict):
        raise PackError(file, None, "must hold a JSON object")
    return Row(file, "", content)


def read_table(directory: Path, file: str, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV file, whose heading must name exactly these columns, in any order."""
    reader = csv.reader(read_text(directory, file).splitlines())
    heading = next(reader, [])
    _check_heading(file, heading, columns)
    for cells in reader:
        if len(cells) != len(heading):
            raise PackError(
                file, reader.line_num, f"has {len(cells)} cells instead of {len(heading)}"
            )
        yield Row(file, reader.line_num, dict(zip(heading, cells, strict=True)))


def _check_heading(file: str, heading: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in heading:
            raise PackError(file, 1, f"the column {column} is missing")
    for column in heading:
        if column not in columns:
            raise PackError(file, 1, f"unknown column {column!r}")
    if len(set(heading)) != len(heading):
        raise PackError(file, 1, "a column occurs twice")


def by_code(rows: Iterator[Row], make: Callable[[Row], T]) -> dict[str, T]:
    """What each row makes, under its `code`; refuses a code that occurs twice."""
    found: dict[str, T] = {}
    for row in rows:
        code = row.text("code")
        if code in found:
            raise row.error(f"the code {code!r} occurs twice")
        found[code] = make(row)
    return found
