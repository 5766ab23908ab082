"""What one person does shows on the other's screen at once, without a reload."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.at_the_door import fill_in
from tests.browser.conftest import LATENCIES_MS, Visit
from tests.browser.town import Town
from tests.journeys import steps
from tests.journeys.world import LiveWorld

AT_ONCE_MS = 1_000
#: Promises the instant at which a text first stands on the page; none after ten seconds.
LOOK_OUT = """text => { window.shown = new Promise(resolve => {
    const look = () => {
        if (document.body.innerText.includes(text)) resolve(Date.now());
    };
    const all = {subtree: true, childList: true, characterData: true};
    new MutationObserver(look).observe(document.body, all);
    setTimeout(() => resolve(null), 10000);
}); }"""


@contextmanager
def shown_within_a_second(what: str, acting: Page, others: dict[Page, str]) -> Iterator[None]:
    """The block makes one page post something; the others must show their text a second after the
    answer at the latest.
    """
    for page, text in others.items():
        assert text not in page.locator("body").inner_text()
        page.evaluate(LOOK_OUT, text)
    with acting.expect_response(lambda answer: answer.request.method == "POST") as posted:
        yield
    timing = posted.value.request.timing
    answered_ms = timing["startTime"] + timing["responseStart"]
    shown_ms = [page.evaluate("window.shown") for page in others]
    assert None not in shown_ms, "it never showed"
    latest_ms = max(shown_ms)
    LATENCIES_MS[what] = max(0, round(latest_ms - answered_ms))
    assert LATENCIES_MS[what] < AT_ONCE_MS


def stays(page: Page) -> None:
    """Marks the page so that a reload would be noticed."""
    page.evaluate("window.notReloaded = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.notReloaded === true"))


def test_a_claim_made_in_one_browser_shows_in_the_other_within_a_second(
    world: LiveWorld, town: Town, visit: Visit
) -> None:
    wanted = steps.surplus(town.donor, world.now(), title="Rolls", allows_courier=False)
    listing = town.donor.manager.post("listings", wanted, expect=201)
    giving = visit(f"/giving/{listing['id']}", "donor")
    stays(giving)
    taking = visit(f"/board/{listing['id']}", "charity")
    with shown_within_a_second("a claim", taking, {giving: "All of it is promised."}):
        taking.get_by_role("button", name="Claim it").click()
    expect(giving.get_by_text("Neighbours' kitchen").first).to_be_visible()
    assert stayed(giving)


def test_a_crate_that_one_charity_took_is_gone_from_the_other_s_board(
    world: LiveWorld, town: Town, visit: Visit
) -> None:
    steps.charity(world, town.coordinator, "second@example.org")
    wanted = steps.surplus(town.donor, world.now(), title="Last crates", allows_courier=False)
    listing = town.donor.manager.post("listings", wanted, expect=201)
    board = visit("/board", "second")
    stays(board)
    entry = board.get_by_role("link", name="Last crates")
    expect(entry).to_be_visible()
    taking = visit(f"/board/{listing['id']}", "charity")
    taking.get_by_role("button", name="Claim it").click()
    expect(entry).to_have_count(0, timeout=AT_ONCE_MS)
    assert stayed(board)


def test_a_driver_s_hand_over_shows_at_the_donor_s_and_the_charity_s(
    world: LiveWorld, town: Town, visit: Visit
) -> None:
    wanted = steps.surplus(town.donor, world.now(), title="Soup vegetables")
    listing = town.donor.manager.post("listings", wanted, expect=201)
    claim = town.charity.manager.post("claims", steps.wish(town.charity, listing), expect=201)
    giving = visit(f"/giving/{listing['id']}", "donor")
    coming = visit(f"/coming/{claim['id']}", "charity")
    stays(giving)
    stays(coming)
    driving = visit("/drive", "driver")
    driving.get_by_role("link", name="Look at it").click(timeout=20_000)
    driving.get_by_role("button", name="Yes, I drive it").click()
    driving.get_by_role("button", name="Set out").click()
    code = town.donor.manager.get(f"claims/{claim['id']}")["pickup_code"]
    fill_in(driving, code, temperature="4")
    both = {giving: "On the way", coming: "On the way"}
    with shown_within_a_second("a collection", driving, both):
        driving.get_by_role("button", name="Picked up").click()
    code = town.charity.manager.get(f"claims/{claim['id']}")["delivery_code"]
    fill_in(driving, code, temperature="5")
    with shown_within_a_second("a delivery", driving, {giving: "Receipt", coming: "arrived."}):
        driving.get_by_role("button", name="Handed over").click()
    expect(driving.get_by_role("heading", name="Done. Thank you.")).to_be_visible()
    assert stayed(giving)
    assert stayed(coming)
