"""What the single values of a list of places must be."""

import re
from math import isfinite

from backend.common.phone import LONGEST, is_phone
from backend.geo.domain.points import Point

ROLES = frozenset({"donor", "recipient", "hub", "carrier", "authority"})
EMAIL = re.compile(r"[^\s@,;<>]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z0-9-]{2,}")
NUMBER = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?")
LONGEST_EMAIL = 254


class BadValue(Exception):
    """A value is wrong: `objection` is its column and a code."""

    def __init__(self, column: str, code: str) -> None:
        self.objection = (column, code)
        super().__init__(column, code)


def checked_roles(text: str) -> frozenset[str]:
    """One or several of ROLES joined by `+`; raises BadValue."""
    roles = frozenset(part.strip().lower() for part in text.split("+"))
    if not text or roles - ROLES:
        raise BadValue("role", "unknown_role")
    return roles


def checked_point(lat: str, lon: str) -> Point:
    """Two decimal numbers as a point on the earth; raises BadValue naming the worse one."""
    point = Point(_number("lon", lon), _number("lat", lat))
    try:
        return Point.checked(*point)
    except ValueError as error:
        raise BadValue("lat" if abs(point.lat) > 90 else "lon", "not_on_earth") from error  # noqa: PLR2004


def checked_text(text: str, longest: int) -> str | None:
    """A code when the text is too long or has characters that cannot be shown."""
    if len(text) > longest:
        return "too_long"
    return None if text.isprintable() else "bad_characters"


def checked_email(text: str) -> str | None:
    """A code when there is text and it is no e-mail address."""
    if not text:
        return None
    return None if len(text) <= LONGEST_EMAIL and EMAIL.fullmatch(text) else "not_an_address"


def checked_phone(tidied: str) -> str | None:
    """A code when there is text, not too long, and it is no phone number."""
    if not tidied or len(tidied) > LONGEST:
        return None
    return None if is_phone(tidied) else "not_a_phone"


def _number(column: str, text: str) -> float:
    """Plain decimal figures only: no exponents, no `nan`, no digits of other scripts."""
    if not NUMBER.fullmatch(text):
        raise BadValue(column, "not_a_number" if text else "missing")
    number = float(text)
    if not isfinite(number):
        raise BadValue(column, "not_a_number")
    return number
