"""Problems, plans and limits as JSON values, for the solver process and for keeping.

Reading raises `InvalidProblem` with the path of every wrong field, and nothing else, whatever the
JSON holds: texts for numbers, NaN, integers without end. What the records look at themselves is
left to them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from typing import Any, TypeVar

from logistics.domain.invalid import FieldIssue, InvalidProblem
from logistics.domain.limits import Limits
from logistics.domain.problem import (
    Break,
    Handling,
    Lock,
    Matrix,
    OnBoard,
    Problem,
    Shipment,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)
from logistics.domain.solution import Cost, PlannedTask, Reason, Route, Solution

T = TypeVar("T")
Json = Any
Reader = Callable[[Json], Any]


def problem_to_json(problem: Problem) -> Json:
    return _plain(problem)


def problem_from_json(data: Json) -> Problem:
    return _record(Problem, data)


def solution_to_json(solution: Solution) -> Json:
    return _plain(solution)


def solution_from_json(data: Json) -> Solution:
    return _record(Solution, data)


def routes_to_json(routes: Sequence[Route]) -> list[Json]:
    return [_plain(route) for route in routes]


def routes_from_json(data: Json) -> tuple[Route, ...]:
    routes: tuple[Route, ...] = _each(_of(Route))(data)
    return routes


def limits_to_json(limits: Limits) -> Json:
    return _plain(limits)


def limits_from_json(data: Json) -> Limits:
    return _record(Limits, data)


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float)) or value is None:
        return value
    if isinstance(value, Matrix):
        return {name: getattr(value, name) for name in ("profile", "durations_s", "distances_m")}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}


def _record(kind: type[T], data: Json) -> T:
    """Build a record; the paths of its issues start at the record itself."""
    if not isinstance(data, Mapping):
        raise _refused("not_an_object")
    names = {entry.name: _is_needed(entry) for entry in fields(kind)}  # type: ignore[arg-type]
    issues = [FieldIssue(str(key), "unknown_field") for key in data if key not in names]
    issues += [FieldIssue(key, "missing") for key in names if names[key] and key not in data]
    read = READERS.get(kind, {})
    values: dict[str, Any] = {}
    for name in (known for known in names if known in data):
        try:
            values[name] = read.get(name, _as_is)(data[name])
        except InvalidProblem as invalid:
            issues += [issue.under(name) for issue in invalid.issues]
    if issues:
        raise InvalidProblem(issues)
    return kind(**values)


def _is_needed(entry: Field[Any]) -> bool:
    return entry.default is MISSING and entry.default_factory is MISSING


def _as_is(value: Json) -> Json:
    return value


def _text(data: Json) -> str:
    if not isinstance(data, str):
        raise _refused("not_a_text")
    return data


def _whole(data: Json) -> int:
    """Any integer: sums in a plan may be larger than every number in its problem."""
    if type(data) is not int:
        raise _refused("not_a_whole_number")
    return data


def _flag(data: Json) -> bool:
    if not isinstance(data, bool):
        raise _refused("not_true_or_false")
    return data


def _one_of(kind: type[StrEnum]) -> Reader:
    def read(data: Json) -> StrEnum:
        if data not in list(kind):
            raise _refused("wrong_type")
        return kind(data)

    return read


def _refused(code: str) -> InvalidProblem:
    return InvalidProblem([FieldIssue("", code)])


def _each(read: Reader) -> Reader:
    """A list of records as a tuple; issues carry the index."""

    def read_all(data: Json) -> tuple[Any, ...]:
        numbered = {f"[{index}]": entry for index, entry in enumerate(_a_list(data))}
        return tuple(_gathered(read, numbered).values())

    return read_all


def _by_name(read: Reader) -> Reader:
    """An object with free keys; issues carry the key."""

    def read_all(data: Json) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise _refused("not_an_object")
        return _gathered(read, data)

    return read_all


def _gathered(read: Reader, entries: Mapping[str, Json]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    issues: list[FieldIssue] = []
    for key, entry in entries.items():
        try:
            found[key] = read(entry)
        except InvalidProblem as invalid:
            issues += [issue.under(key) for issue in invalid.issues]
    if issues:
        raise InvalidProblem(issues)
    return found


def _a_list(data: Json) -> Sequence[Json]:
    if not isinstance(data, (list, tuple)):
        raise _refused("not_a_list")
    return data


def _of(kind: type[Any]) -> Reader:
    return lambda data: _record(kind, data)


def _or_none(read: Reader) -> Reader:
    return lambda data: None if data is None else read(data)


def _row(data: Json) -> tuple[int, ...]:
    return tuple(_a_list(data))


def _names(data: Json) -> frozenset[str]:
    return frozenset(_each(_text)(data))


def _grid(data: Json) -> tuple[tuple[int, ...], ...]:
    return tuple(map(_row, _a_list(data)))


def _with(read: Reader, *names: str) -> dict[str, Reader]:
    return dict.fromkeys(names, read)


_kind = _one_of(TaskKind)

READERS: dict[type[Any], dict[str, Reader]] = {
    Handling: {"windows": _each(_of(TimeWindow))},
    Shipment: {
        "id": _text,
        "pickup": _of(Handling),
        "delivery": _of(Handling),
        "amounts": _row,
        "skills": _names,
    },
    Break: {"window": _of(TimeWindow)},
    Vehicle: {
        "capacity": _row,
        "shift": _of(TimeWindow),
        "skills": _names,
        "rest": _or_none(_of(Break)),
        **_with(_text, "id", "profile"),
    },
    Matrix: {"profile": _text, "durations_s": _grid, "distances_m": _grid},
    Task: {"shipment_id": _text, "kind": _kind},
    OnBoard: {"shipment_id": _text},
    Lock: {"vehicle_id": _text, "tasks": _each(_of(Task)), "on_board": _each(_of(OnBoard))},
    Problem: {
        "setup_s": _row,
        "matrices": _each(_of(Matrix)),
        "shipments": _each(_of(Shipment)),
        "vehicles": _each(_of(Vehicle)),
        "locks": _each(_of(Lock)),
        "skills": _names,
        "dimensions": _each(_text),
    },
    PlannedTask: {
        "shipment_id": _text,
        "kind": _kind,
        "load": _each(_whole),
        **_with(_whole, "point", "arrival_s", "start_s", "departure_s"),
    },
    Route: {
        "vehicle_id": _text,
        "tasks": _each(_of(PlannedTask)),
        "rest_s": _or_none(_whole),
        "cost": _of(Cost),
        **_with(_whole, "start_s", "end_s", "distance_m", "driving_s", "waiting_s"),
    },
    Cost: _with(_whole, "distance", "time", "fixed", "unserved", "missed"),
    Solution: {
        "routes": _each(_of(Route)),
        "unassigned": _by_name(_one_of(Reason)),
        "cost": _of(Cost),
        "engine": _text,
        "seed": _whole,
        "truncated": _flag,
        "bound": _or_none(_whole),
        "figures": _by_name(_whole),
    },
}
