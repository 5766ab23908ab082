"""From an address text to places and from a point to its place, with or without a server."""

from functools import lru_cache

import structlog
from django.conf import settings

from backend.geo.adapters.nominatim import Found, Nominatim, Server
from backend.geo.domain.gazetteer import SOURCE, Gazetteer
from backend.geo.domain.places import Place, Precision
from backend.geo.domain.points import Point
from backend.geo.domain.travel import ProviderFailed
from backend.regions.packs import pack

LONGEST_TEXT = 300
log = structlog.get_logger(__name__)


def geocode(text: str, language: str) -> list[Place]:
    """Places that the text may mean, best first, labelled for a reader of `language`.

    The configured server is asked first; places outside the region are dropped. When it has nothing
    or fails, the region's own list of townships answers, so a named township is always found. Empty
    when nothing fits. Any precision but ADDRESS means: ask the person to move the pin.
    """
    wanted = " ".join(text.split())[:LONGEST_TEXT]
    if not wanted:
        return []
    return _by_server(wanted, language) or _gazetteer(settings.REGION).find(wanted, language)


def describe(point: Point, language: str) -> Place | None:
    """The place at a point; None outside the region.

    Without a server, or when it fails, only the township is named; the point stays as given.
    """
    region = pack()
    township = region.locate(point)
    if township is None:
        return None
    found = _at_server(point, language)
    return Place(
        label=found.label if found else region.label(township, language),
        point=point,
        precision=found.precision if found else Precision.TOWNSHIP,
        county_code=township.county_code,
        township_code=township.code,
        source=Nominatim.name if found else SOURCE,
    )


def _by_server(text: str, language: str) -> list[Place]:
    server = _server()
    if server is None:
        return []
    try:
        found = server.search(text, language=language, country_code=pack().country_code)
    except ProviderFailed as error:
        log.warning("geo.geocoder_failed", reason=error.reason)
        return []
    return [place for each in found if (place := _inside(each)) is not None]


def _inside(found: Found) -> Place | None:
    township = pack().locate(found.point)
    if township is None:
        return None
    return Place(
        label=found.label,
        point=found.point,
        precision=found.precision,
        county_code=township.county_code,
        township_code=township.code,
        source=Nominatim.name,
    )


def _at_server(point: Point, language: str) -> Found | None:
    server = _server()
    if server is None:
        return None
    try:
        return next(iter(server.reverse(point, language=language)), None)
    except ProviderFailed as error:
        log.warning("geo.geocoder_failed", reason=error.reason)
        return None


@lru_cache(maxsize=4)
def _gazetteer(region: str) -> Gazetteer:
    return Gazetteer(pack(region))


def _server() -> Nominatim | None:
    """The configured server; None without one."""
    if not settings.GEOCODER_URL:
        return None
    return _nominatim(
        Server(
            url=settings.GEOCODER_URL,
            user_agent=settings.GEOCODER_USER_AGENT,
            timeout_s=settings.GEOCODER_TIMEOUT_S,
            spacing_s=settings.GEOCODER_SPACING_S,
            cache_s=settings.GEOCODER_CACHE_S,
            allowed_hosts=frozenset(settings.GEO_ALLOWED_HOSTS),
        )
    )


@lru_cache(maxsize=4)
def _nominatim(server: Server) -> Nominatim:
    return Nominatim(server)
