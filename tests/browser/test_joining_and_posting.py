"""From a new account to the first posting: by keyboard alone, and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.town import Town
from tests.journeys.caller import Caller
from tests.journeys.world import PASSWORD

WEEK = range(7)


def join(page: Page, hands: Hands, name: str) -> None:
    """Opens an account, registers a shop and says where it is."""
    hands.write(page.get_by_label("Your name"), "Lin")
    hands.write(page.locator("input[name=email]"), f"{name.lower()}@example.org")
    hands.write(page.locator("input[name=password1]"), PASSWORD)
    hands.press(page.get_by_role("button", name="Open the account"))
    page.wait_for_url(lambda url: "signup" not in url)
    page.goto("/start")
    hands.press(page.get_by_role("link", name="We have food"))
    hands.write(page.get_by_label("Name of the organization"), name)
    hands.choose(page.locator("input[value=donor]"))
    hands.pick(page.get_by_label("County or city"), "Taipei City")
    hands.press(page.get_by_role("button", name="Go on"))
    hands.press(page.locator("a[href$='/places/new']").first)
    hands.write(page.locator("#address-search"), "1 Xinyi Road, Da'an District, Taipei City")
    hands.press(page.get_by_role("button", name="Find it"))
    hands.write(page.get_by_label("What you call this place"), "Shop")
    for day in WEEK:
        hands.choose(page.locator(f"input[name=open_days][value='{day}']"))
    hands.press(page.get_by_role("button", name="Keep this place"))
    page.wait_for_url(re.compile(r"/(places|organizations)/[0-9a-f-]{36}"))


def verify(coordinator: Caller, name: str) -> None:
    waiting = coordinator.get("organizations", status="applied")["results"]
    (organization,) = [each for each in waiting if each["name"] == name]
    decision = {"decision": "verify", "reason": "known_to_us"}
    coordinator.post(f"organizations/{organization['id']}/decisions", decision)


def post_food(page: Page, hands: Hands) -> None:
    page.goto("/giving/post")
    hands.choose(page.locator("input[name=category][value=bread]"))
    hands.write(page.get_by_label("How much?"), "12")
    hands.choose(page.locator("input[name=until]").nth(1))
    hands.press(page.get_by_role("button", name="Post it"))


@pytest.mark.parametrize("way", ["keyboard", "no_scripts"])
def test_a_new_donor_joins_and_posts(town: Town, visit: Visit, way: str) -> None:
    page = visit("/accounts/signup/", java_script_enabled=way == "keyboard")
    hands: Hands = Keyboard(page) if way == "keyboard" else Pointer()
    name = f"Bakery-{way}"
    join(page, hands, name)
    # The page that waits for this shows itself anew when it comes, and would cut off going on.
    page.wait_for_url("**/organizations/*")
    page.wait_for_load_state()
    page.goto("about:blank")
    verify(town.coordinator, name)
    post_food(page, hands)
    expect(page.get_by_text("12 kg still free")).to_be_visible()
