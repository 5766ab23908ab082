"""Geocoding with geopy against any Nominatim-compatible server, with care for its limits."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.cache import cache
from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim as GeopyNominatim
from geopy.location import Location

from backend.geo.adapters.http import get_json
from backend.geo.domain.breaker import Breaker
from backend.geo.domain.places import Precision
from backend.geo.domain.points import Point
from backend.geo.domain.travel import ProviderFailed

TURN = "geo.geocoder.turn"
WAIT_S = 0.05
MOST_RESULTS = 5
FAILURES, REST_S = 5, 60.0
#: Nominatim's place ranks: from here on a house, a street, a part of a town.
HOUSE_RANK, STREET_RANK, TOWN_RANK = 28, 26, 13
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of the server."""

    label: str
    point: Point
    precision: Precision


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to ask."""

    url: str
    user_agent: str
    timeout_s: float
    spacing_s: int
    cache_s: int
    allowed_hosts: frozenset[str]


class Nominatim:
    """Asks one server: spaced over all processes, cached, and left alone after five failures."""

    name = "nominatim"

    def __init__(self, server: Server, *, breaker: Breaker | None = None) -> None:
        self._server = server
        self._breaker = breaker or Breaker(failures=FAILURES, rest_s=REST_S)
        parts = urlsplit(server.url)
        self._geopy = GeopyNominatim(
            scheme=parts.scheme,
            domain=f"{parts.netloc}{parts.path}",
            user_agent=server.user_agent,
            timeout=server.timeout_s,
            adapter_factory=_adapter(server.allowed_hosts),
        )

    def search(self, text: str, *, language: str, country_code: str) -> list[Found]:
        """Up to five answers for a text, best first. Raises ProviderFailed."""
        return self._remembered(
            ("search", text.casefold(), language),
            lambda: self._geopy.geocode(
                text,
                exactly_one=False,
                limit=MOST_RESULTS,
                language=language,
                country_codes=country_code.lower(),
            ),
        )

    def reverse(self, point: Point, *, language: str) -> list[Found]:
        """What lies at a point (to about a metre); empty for nothing. Raises ProviderFailed."""
        near = point.rounded(5)
        return self._remembered(
            ("reverse", repr(near), language),
            lambda: self._geopy.reverse((near.lat, near.lon), language=language),
        )

    def _remembered(self, question: tuple[str, ...], ask: Callable[[], Any]) -> list[Found]:
        key = f"geo.{hashlib.sha256(repr((self._server.url, question)).encode()).hexdigest()}"
        kept = cache.get(key)
        if kept is None:
            kept = [asdict(each) for each in self._asked(ask)]
            cache.set(key, kept, self._server.cache_s)
        return [
            Found(each["label"], Point(*each["point"]), Precision(each["precision"]))
            for each in kept
        ]

    def _asked(self, ask: Callable[[], Any]) -> list[Found]:
        if not self._breaker.may_call():
            raise ProviderFailed("resting")
        self._wait_for_turn()
        try:
            found = _answers(ask)
        except ProviderFailed:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return found

    def _wait_for_turn(self) -> None:
        """Keeps the spacing between requests of all processes; gives up after the timeout."""
        give_up = time.monotonic() + self._server.timeout_s
        while self._server.spacing_s and not cache.add(TURN, 1, self._server.spacing_s):
            if time.monotonic() > give_up:
                raise ProviderFailed("busy")
            time.sleep(WAIT_S)


def _answers(ask: Callable[[], Any]) -> list[Found]:
    try:
        answer = ask()
        locations = answer if isinstance(answer, list) else [answer] if answer else []
        return [_found(each) for each in locations]
    except GeopyError as error:
        raise ProviderFailed("unexpected") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProviderFailed("unexpected") from error


def _found(location: Location) -> Found:
    """One location of geopy; KeyError, TypeError or ValueError when it has no sensible point."""
    raw = location.raw
    return Found(
        label=str(raw["display_name"])[:300],
        point=Point.checked(float(raw["lon"]), float(raw["lat"])),
        precision=_precision(raw),
    )


def _precision(raw: Mapping[str, Any]) -> Precision:
    rank = int(raw.get("place_rank", TOWN_RANK))
    if rank >= HOUSE_RANK:
        return Precision.ADDRESS
    if rank >= STREET_RANK:
        return Precision.STREET
    return Precision.TOWNSHIP if rank >= TOWN_RANK else Precision.COUNTY


def _adapter(allowed_hosts: frozenset[str]) -> Callable[..., BaseSyncAdapter]:
    """geopy's way of fetching, replaced by ours: named hosts, no redirects, bounded."""

    class Careful(BaseSyncAdapter):
        def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
            return get_json(
                url, timeout_s=timeout, allowed_hosts=allowed_hosts, headers=dict(headers)
            )

        def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
            return str(self.get_json(url, timeout=timeout, headers=headers))

    def make(*, proxies: object, ssl_context: object) -> BaseSyncAdapter:
        return Careful(proxies=proxies, ssl_context=ssl_context)

    return make
