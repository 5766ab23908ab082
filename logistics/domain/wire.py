"""Problems, plans and limits as JSON values, for the solver process and for keeping.

Reading raises `InvalidProblem` with the path of every wrong field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
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
        raise InvalidProblem([FieldIssue("", "not_an_object")])
    names = {entry.name: _is_needed(entry) for entry in fields(kind)}  # type: ignore[arg-type]
    issues = [FieldIssue(key, "unknown_field") for key in data if key not in names]
    issues += [FieldIssue(key, "missing") for key in names if names[key] and key not in data]
    read = READERS.get(kind, {})
    values: dict[str, Any] = {}
    for name in (known for known in names if known in data):
        try:
            values[name] = read.get(name, _as_is)(data[name])
        except InvalidProblem as invalid:
            issues += [issue.under(name) for issue in invalid.issues]
        except (TypeError, ValueError):
            issues.append(FieldIssue(name, "wrong_type"))
    if issues:
        raise InvalidProblem(issues)
    return kind(**values)


def _is_needed(entry: Field[Any]) -> bool:
    return entry.default is MISSING and entry.default_factory is MISSING


def _as_is(value: Json) -> Json:
    return value


def _each(read: Reader) -> Reader:
    """A list of records as a tuple; issues carry the index."""

    def read_all(data: Json) -> tuple[Any, ...]:
        found: list[Any] = []
        issues: list[FieldIssue] = []
        for index, entry in enumerate(_a_list(data)):
            try:
                found.append(read(entry))
            except InvalidProblem as invalid:
                issues += [issue.under(f"[{index}]") for issue in invalid.issues]
        if issues:
            raise InvalidProblem(issues)
        return tuple(found)

    return read_all


def _a_list(data: Json) -> Sequence[Json]:
    if not isinstance(data, (list, tuple)):
        raise InvalidProblem([FieldIssue("", "not_a_list")])
    return data


def _of(kind: type[Any]) -> Reader:
    return lambda data: _record(kind, data)


def _or_none(read: Reader) -> Reader:
    return lambda data: None if data is None else read(data)


def _row(data: Json) -> tuple[int, ...]:
    return tuple(_a_list(data))


def _names(data: Json) -> frozenset[str]:
    return frozenset(_a_list(data))


def _grid(data: Json) -> tuple[tuple[int, ...], ...]:
    return tuple(map(_row, _a_list(data)))


def _reasons(data: Json) -> dict[str, Reason]:
    return {key: Reason(value) for key, value in data.items()}


READERS: dict[type[Any], dict[str, Reader]] = {
    Handling: {"windows": _each(_of(TimeWindow))},
    Shipment: {
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
    },
    Matrix: {"durations_s": _grid, "distances_m": _grid},
    Task: {"kind": TaskKind},
    Lock: {"tasks": _each(_of(Task)), "on_board": _each(_of(OnBoard))},
    Problem: {
        "setup_s": _row,
        "matrices": _each(_of(Matrix)),
        "shipments": _each(_of(Shipment)),
        "vehicles": _each(_of(Vehicle)),
        "locks": _each(_of(Lock)),
        "skills": _names,
        "dimensions": _row,
    },
    PlannedTask: {"kind": TaskKind, "load": _row},
    Route: {"tasks": _each(_of(PlannedTask)), "cost": _of(Cost)},
    Solution: {
        "routes": _each(_of(Route)),
        "unassigned": _reasons,
        "cost": _of(Cost),
        "figures": dict,
    },
}
