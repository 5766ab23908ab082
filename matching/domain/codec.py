"""Frozen dataclasses to JSON and back, with an error that names the field by its full path."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = Any


class Malformed(ValueError):
    """The JSON describes no valid value; `field` is a path such as `supplies[3].lot.left_g`."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def to_json(value: object) -> Json:
    """Plain dicts, lists and scalars; instants as ISO 8601 in UTC, sets sorted."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if is_dataclass(value):
        return {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(value[key]) for key in sorted(value)}
    if isinstance(value, set | frozenset):
        return sorted(to_json(each) for each in value)
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    return value


def from_json(shape: type[T], data: Json, path: str = "") -> T:
    """The dataclass that the JSON describes. Raises Malformed, naming the field that is wrong."""
    if not isinstance(data, Mapping):
        raise Malformed(path or "problem", "is not an object")
    known = _hints(cast("Any", shape))
    unknown = sorted(set(data).difference(known))
    if unknown:
        raise Malformed(_join(path, unknown[0]), "is not a field")
    values = {
        name: _decode(hint, _given(shape, name, data, path), _join(path, name))
        for name, (hint, _) in known.items()
        if name in data or _is_required(known[name][1])
    }
    try:
        return shape(**values)
    except Malformed:
        raise
    except ValueError as error:
        name, _, problem = str(error).partition(": ")
        raise Malformed(_join(path, name), problem) from error


@cache
def _hints(shape: Any) -> dict[str, tuple[Any, Field[Any]]]:
    hints = get_type_hints(shape)
    return {each.name: (hints[each.name], each) for each in fields(shape)}


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _given(shape: type, name: str, data: Mapping[str, Json], path: str) -> Json:
    if name not in data:
        raise Malformed(_join(path, name), f"is missing from {shape.__name__}")
    return data[name]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _decode(hint: Any, data: Json, path: str) -> Any:
    """A value of the hinted type; the types of this package only."""
    origin = get_origin(hint)
    if origin is UnionType:
        return _either(hint, data, path)
    if origin in (tuple, frozenset):
        return _sequence(hint, data, path)
    if origin is not None:
        return _mapping(hint, data, path)
    if is_dataclass(hint):
        return from_json(hint, data, path)  # type: ignore[arg-type]
    if issubclass(hint, tuple):
        return _named_tuple(hint, data, path)
    return _SCALARS[hint](data, path)


def _either(hint: Any, data: Json, path: str) -> Any:
    """A value that may be missing, or be text instead."""
    if data is None:
        return None
    inner = [each for each in get_args(hint) if each is not NoneType]
    wanted = str if str in inner and isinstance(data, str) else inner[0]
    return _decode(wanted, data, path)


def _sequence(hint: Any, data: Json, path: str) -> Any:
    if not isinstance(data, list | tuple):
        raise Malformed(path, "is not a list")
    inner, *rest = get_args(hint)
    hints = [inner] * len(data) if not rest or rest == [...] else [inner, *rest]
    if len(hints) != len(data):
        raise Malformed(path, f"needs {len(hints)} values")
    values = [
        _decode(each, value, f"{path}[{index}]")
        for index, (each, value) in enumerate(zip(hints, data, strict=True))
    ]
    return get_origin(hint)(values)


def _mapping(hint: Any, data: Json, path: str) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise Malformed(path, "is not an object")
    inner = get_args(hint)[1]
    return {key: _decode(inner, value, _join(path, key)) for key, value in data.items()}


def _named_tuple(hint: Any, data: Json, path: str) -> Any:
    names = hint._fields
    hints = get_type_hints(hint)
    if not isinstance(data, list | tuple) or len(data) != len(names):
        raise Malformed(path, f"needs {len(names)} values")
    return hint(
        *(
            _decode(hints[name], value, f"{path}[{index}]")
            for index, (name, value) in enumerate(zip(names, data, strict=True))
        )
    )


def _instant(data: Json, path: str) -> datetime:
    try:
        at = datetime.fromisoformat(data)
    except (TypeError, ValueError) as error:
        raise Malformed(path, f"{data!r} is not an instant") from error
    if at.tzinfo is None:
        raise Malformed(path, "has no time zone")
    return at.astimezone(UTC)


def _text(data: Json, path: str) -> str:
    if not isinstance(data, str):
        raise Malformed(path, f"{data!r} is not text")
    return data


def _whole(data: Json, path: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise Malformed(path, f"{data!r} is not a whole number")
    return data


def _number(data: Json, path: str) -> float:
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise Malformed(path, f"{data!r} is not a number")
    return float(data)


def _flag(data: Json, path: str) -> bool:
    if not isinstance(data, bool):
        raise Malformed(path, f"{data!r} is neither true nor false")
    return data


_SCALARS: dict[type, Callable[[Json, str], Any]] = {
    bool: _flag,
    int: _whole,
    float: _number,
    str: _text,
    datetime: _instant,
}
