"""Every page of every role: on a phone, without complaints, usable by everybody."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import requests
from django.urls import URLPattern, reverse
from django.urls.converters import UUIDConverter
from playwright.sync_api import Browser, Page

from backend.web.urls import urlpatterns
from tests.browser.conftest import PHONE, Visit
from tests.browser.lived_in import Places, live_in
from tests.browser.serving import Serving
from tests.browser.tour import Tour, walk
from tests.browser.town import Town
from tests.browser.watched import Complaints, barriers, wider_than_the_screen_px
from tests.journeys.world import LiveWorld

ROLES = ("", "donor", "charity", "driver", "coordinator", "colleague")
#: Data and files; a gallery of components that is not served outside demonstrations.
NO_PAGES = {"web:manifest", "web:desk_document", "web:styleguide"}
NOBODY = "00000000-0000-0000-0000-000000000000"
ONLY_POST = requests.codes.method_not_allowed


@pytest.fixture(scope="module")
def places(world: LiveWorld, town: Town) -> Places:
    return live_in(world, town)


@pytest.fixture(scope="module")
def tour_of(places: Places, browser: Browser, server: Serving, cookies_of: Any) -> Any:
    """Walks through a role's pages once."""

    @cache
    def walked(role: str) -> Tour:
        state = cookies_of(role) if role else None
        context = browser.new_context(
            viewport=PHONE, locale="en-GB", base_url=server.site, storage_state=state
        )
        tour = walk(context.new_page(), first=places[role])
        context.close()
        return tour

    return walked


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_role_is_in_order(tour_of: Callable[[str], Tour], role: str) -> None:
    tour = tour_of(role)
    assert len(tour.seen) > 1
    assert not tour.wrong, "\n".join(tour.wrong)


def test_no_page_is_left_out(
    tour_of: Callable[[str], Tour], server: Serving, cookies_of: Any
) -> None:
    seen = {name for role in ROLES for name in tour_of(role).seen}
    visitors = [visitor(cookies_of(role)) for role in ROLES if role]
    unseen = [each for each in urlpatterns if f"web:{each.name}" not in seen | NO_PAGES]
    missing = [each.name for each in unseen if is_page(each, server.site, visitors)]
    assert not missing, missing


def visitor(state: Any) -> requests.Session:
    session = requests.Session()
    session.cookies.update({each["name"]: each["value"] for each in state["cookies"]})
    return session


def is_page(pattern: URLPattern, site: str, visitors: list[requests.Session]) -> bool:
    """Whether anybody can open something there, rather than only send it."""
    arguments = {
        name: NOBODY if isinstance(converter, UUIDConverter) else "x"
        for name, converter in pattern.pattern.converters.items()
    }
    url = site + reverse(f"web:{pattern.name}", kwargs=arguments)
    answers = [each.get(url, timeout=10, allow_redirects=False) for each in visitors]
    return all(answer.status_code != ONLY_POST for answer in answers)


def test_what_is_wrong_with_a_page_is_noticed(visit: Visit, complaints: Complaints) -> None:
    """The instruments themselves, on a page that was spoilt on purpose."""
    page: Page = visit("/about")
    assert wider_than_the_screen_px(page) == 0
    assert barriers(page, complaints) == []
    with page.expect_response("**/nowhere.png"):
        page.evaluate(
            """() => {
                const picture = document.createElement("img");
                picture.src = "/nowhere.png";
                const wide = document.createElement("p");
                wide.style.minWidth = "800px";
                wide.textContent = "wide";
                document.querySelector("main").append(picture, wide);
                const script = document.createElement("script");
                script.textContent = "1";
                document.body.append(script);
            }"""
        )
    assert wider_than_the_screen_px(page) > 0
    assert [each["rule"] for each in barriers(page, complaints)] == ["image-alt"]
    said = "\n".join(complaints.said)
    assert "404 GET" in said
    assert "policy: script-src" in said
    complaints.said.clear()
