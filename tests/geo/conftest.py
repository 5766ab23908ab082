"""The stand-in servers that geo's tests speak to."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from backend.geo import geocoding
from backend.geo import travel_times as entry
from tests.geo.nominatim_stand_in import NominatimStandIn
from tests.geo.osrm_stand_in import StandIn, serving


@pytest.fixture
def osrm(settings: Settings) -> Iterator[StandIn]:
    """An OSRM server for cars, configured as the provider, with a short timeout and no memory."""
    server = StandIn()
    settings.OSRM_URLS = {"car": server.url}
    settings.GEO_ALLOWED_HOSTS = [server.host]
    settings.OSRM_TIMEOUT_S = 0.3
    settings.OSRM_MAX_POINTS = 100
    entry._remembered.cache_clear()
    with serving(server):
        yield server
    entry._remembered.cache_clear()


@pytest.fixture
def nominatim(settings: Settings) -> Iterator[NominatimStandIn]:
    """A Nominatim server, configured as the geocoder, without spacing."""
    server = NominatimStandIn()
    settings.GEOCODER_URL = f"http://{server.host}/nominatim"
    settings.GEO_ALLOWED_HOSTS = [server.host]
    settings.GEOCODER_USER_AGENT = "foodrelay-tests"
    settings.GEOCODER_TIMEOUT_S = 0.3
    settings.GEOCODER_SPACING_S = 0
    geocoding._nominatim.cache_clear()
    with serving(server):
        yield server
    geocoding._nominatim.cache_clear()
