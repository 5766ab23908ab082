"""A server, people with their own browsers, and pages that are watched for complaints."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.serving import Serving, serving
from tests.browser.town import Town
from tests.browser.watched import Complaints, watch
from tests.journeys import steps
from tests.journeys.world import PASSWORD, LiveWorld

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 10_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


#: How long changes took to show on another screen, by what changed, for the end of the report.
LATENCIES_MS: dict[str, int] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, latency_ms in LATENCIES_MS.items():
        terminalreporter.write_line(f"shown on the other screen after {latency_ms} ms: {what}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts[-2:-1]:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The browser of the operating system; without its sandbox, which needs rights of its own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return {"executable_path": found, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One for each module, so that nobody is on the road of another module's story."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def world(server: Serving) -> LiveWorld:
    return server.world()


@pytest.fixture(scope="module")
def town(world: LiveWorld) -> Town:
    """Everybody registers over the API, as `<role>@example.org`."""
    coordinator = steps.coordinator(world, "coordinator@example.org")
    return Town(
        coordinator,
        steps.donor(world, coordinator),
        steps.charity(world, coordinator),
        steps.driver(world, coordinator),
    )


Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def cookies_of(browser: Browser, server: Serving) -> Callable[[str], Any]:
    """Signs a person in on the page, once; gives what a browser needs to go on as them."""

    @cache
    def signed_in(role: str) -> Any:
        context = browser.new_context(base_url=server.site, locale="en-GB")
        page = context.new_page()
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(f"{role}@example.org")
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        state = context.storage_state()
        context.close()
        return state

    return signed_in


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What the visited pages complained about: there must be nothing in the end."""
    found = Complaints()
    yield found
    assert found.said == []


@pytest.fixture
def visit(
    browser: Browser,
    server: Serving,
    cookies_of: Callable[[str], Any],
    complaints: Complaints,
) -> Iterator[Visit]:
    """Opens a page in a phone's browser of its own, as one of the town or as nobody."""
    contexts: list[BrowserContext] = []

    def opened(path: str, role: str = "", **options: Any) -> Page:
        chosen = {"viewport": PHONE, "locale": "en-GB", "base_url": server.site} | options
        if role:
            chosen["storage_state"] = cookies_of(role)
        context = browser.new_context(**chosen)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watch(page, complaints)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
