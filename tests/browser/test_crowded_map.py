"""A map where food is offered at every corner stays usable with a finger."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.town import Town
from tests.browser.watched import Complaints, barriers

#: Of one in the west, many in the middle and one in the far east, the first two may be one cluster.
WEST, FAR_EAST = 121.0, 121.2
MIDDLES = [WEST + n / 100 for n in range(4, 12)]
SHOW_PINS = """pins => {
    const view = document.querySelector("[data-map-view]");
    const fresh = view.cloneNode(true);
    delete fresh.dataset.ready;
    fresh.querySelector("#desk-map").replaceChildren();
    fresh.querySelector("#desk-map-data").textContent = JSON.stringify(pins);
    view.replaceWith(fresh);
    document.dispatchEvent(new Event("htmx:afterSettle"));
}"""


def show_pins_at(page: Page, longitudes: list[float]) -> None:
    """As if the page had been refreshed with food at these places."""
    words: dict[str, Any] = dict.fromkeys(("storage", "detail", "url", "urgency"), "")
    pin = words | {"mass": "12 kg", "mass_g": 12_000, "title": "Rice", "icon": "map-pin"}
    page.evaluate(SHOW_PINS, [pin | {"point": [each, 24.0]} for each in longitudes])


def test_clusters_stand_where_they_stay_and_do_not_cover_one_another(
    town: Town, visit: Visit, complaints: Complaints
) -> None:
    page = visit("/desk/map", "coordinator")
    for middle in MIDDLES:
        show_pins_at(page, [WEST, *[middle] * 30, FAR_EAST])
        page.locator("#desk-map .pin-cluster").first.wait_for()
        assert page.locator("#desk-map .leaflet-marker-icon").count() in (2, 3)
        assert barriers(page, complaints) == []
