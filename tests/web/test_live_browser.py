"""In a real browser, parts of a page follow the events; nothing that someone typed is lost."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect, sync_playwright

from backend.web import vendor

CHROMIUM = shutil.which("chromium")
ORIGIN = "http://foodrelay.test"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
WORDS = {"live": "Live", "connecting": "Connecting", "changed": "Changed.", "show": "Show it"}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]

HTML = """<!doctype html><html lang="en"><head>
<script src="/static/vendor/htmx/htmx.min.js" defer></script>
<script type="module" src="/static/web/js/page.js"></script>
</head><body data-events-url="/ws/events" data-events-after="7" data-events-epoch="e1">
<section id="offers" data-live="claim.* listing.opened">offers {visit}
<input id="note" value=""></section>
<section id="mine" data-live="claim.*" data-live-subject="c1">mine {visit}</section>
<p data-live-state hidden></p><div id="toasts"></div>
<script id="words" type="application/json">{words}</script>
<script type="module" src="/static/web/js/live.js"></script></body></html>"""


class Site:
    """A page served from memory, its event socket, and what happened to them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.visits = 0
        self.sockets: list[WebSocketRoute] = []
        page.route(f"{ORIGIN}/**", self.answer)
        page.route_web_socket("**/ws/events*", self.meet)
        page.goto(f"{ORIGIN}/offers")
        expect(page.locator("[data-live-state]")).to_have_text("Live")

    def meet(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith("/static/"):
            file = vendor.STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[Path(path).suffix])
            return
        self.visits += 1
        html = HTML.replace("{visit}", str(self.visits)).replace("{words}", json.dumps(WORDS))
        route.fulfill(body=html, content_type="text/html")

    def send(self, position: int, event: str, subject: str = "c1", previous: int = 7) -> None:
        frame = {
            "epoch": "e1",
            "position": position,
            "previous": previous,
            "type": event,
            "subject": {"type": "claim", "id": subject, "version": 2},
            "at": "2026-11-20T10:00:00Z",
            "data": {},
        }
        self.sockets[-1].send(json.dumps(frame))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def site(browser: Browser) -> Iterator[Site]:
    context = browser.new_context()
    yield Site(context.new_page())
    context.close()


def test_the_socket_begins_where_the_page_was_rendered(site: Site) -> None:
    assert site.sockets[0].url.endswith("/ws/events?after=7&epoch=e1")


def test_an_event_refreshes_the_parts_it_concerns(site: Site) -> None:
    site.send(8, "claim.reserved")
    expect(site.page.locator("#offers")).to_contain_text("offers 2")
    expect(site.page.locator("#mine")).to_have_text("mine 2")
    assert site.visits == 2


def test_another_subject_leaves_a_part_alone(site: Site) -> None:
    site.send(8, "claim.reserved", subject="c2")
    expect(site.page.locator("#offers")).to_contain_text("offers 2")
    expect(site.page.locator("#mine")).to_have_text("mine 1")


def test_other_events_change_nothing(site: Site) -> None:
    site.send(8, "route.offered")
    site.page.wait_for_timeout(500)
    assert site.visits == 1


def test_a_burst_of_events_is_one_request(site: Site) -> None:
    for position in range(8, 28):
        site.send(position, "claim.reserved", previous=position - 1)
    expect(site.page.locator("#offers")).to_contain_text("offers 2")
    site.page.wait_for_timeout(400)
    assert site.visits == 2


def test_a_gap_refreshes_everything(site: Site) -> None:
    site.send(12, "route.offered", previous=10)
    expect(site.page.locator("#mine")).to_have_text("mine 2")


def test_a_repeated_event_is_ignored(site: Site) -> None:
    site.send(7, "claim.reserved", previous=6)
    site.page.wait_for_timeout(500)
    assert site.visits == 1


def test_what_someone_is_typing_is_not_swept_away(site: Site) -> None:
    site.page.fill("#note", "ring twice")
    site.send(8, "claim.reserved")
    expect(site.page.locator("#toasts")).to_contain_text("Changed.")
    expect(site.page.locator("#note")).to_have_value("ring twice")
    expect(site.page.locator("#mine")).to_have_text("mine 2")
    site.page.get_by_role("button", name="Show it").click()
    expect(site.page.locator("#offers")).to_contain_text("offers 3")


def test_the_focus_stays_where_it_is(site: Site) -> None:
    site.page.focus("#note")
    site.send(8, "claim.reserved")
    expect(site.page.locator("#offers")).to_contain_text("offers 2")
    expect(site.page.locator("#note")).to_be_focused()


def test_a_lost_connection_comes_back_after_the_last_event(site: Site) -> None:
    site.send(8, "claim.reserved")
    expect(site.page.locator("#offers")).to_contain_text("offers 2")
    site.sockets[0].close(code=1012, reason="restart")
    expect(site.page.locator("[data-live-state]")).to_have_text("Connecting")
    expect(site.page.locator("[data-live-state]")).to_have_text("Live", timeout=8_000)
    assert site.sockets[1].url.endswith("after=8&epoch=e1")


@pytest.mark.parametrize(
    "end",
    [
        lambda socket: socket.send(json.dumps({"type": "reset"})),
        lambda socket: socket.send(json.dumps({"type": "heartbeat", "epoch": "e2", "position": 1})),
    ],
    ids=["reset frame", "another log"],
)
def test_what_cannot_be_recovered_is_loaded_anew(
    site: Site, end: Callable[[WebSocketRoute], None]
) -> None:
    with site.page.expect_navigation():
        end(site.sockets[0])
    assert site.visits == 2


def test_a_page_that_cannot_be_caught_up_is_not_loaded_over_and_over(site: Site) -> None:
    for _ in range(2):
        sockets = len(site.sockets)
        site.sockets[-1].send(json.dumps({"type": "reset"}))
        site.page.wait_for_timeout(1_500)
    assert site.visits == 2
    assert len(site.sockets) == sockets


def test_the_stream_itself_changes_nothing_on_the_page(site: Site) -> None:
    for kind in ("replay", "heartbeat", "live"):
        site.sockets[0].send(json.dumps({"type": kind, "epoch": "e1", "position": 9}))
    site.page.wait_for_timeout(500)
    assert site.visits == 1


def test_a_window_whose_place_was_taken_rests(site: Site) -> None:
    site.sockets[0].close(code=4409, reason="took over")
    site.page.wait_for_timeout(2_500)
    assert len(site.sockets) == 1
    assert site.visits == 1


def test_someone_who_signed_out_is_not_asked_again_and_again(site: Site) -> None:
    site.sockets[0].close(code=4401, reason="signed out")
    site.page.wait_for_timeout(2_500)
    assert len(site.sockets) == 1
