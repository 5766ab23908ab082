"""Long forms on a phone: rows come and go, errors lead to their fields, a position sets the pin."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.town import Town

DA_AN = {"longitude": 121.5434, "latitude": 25.033}
FOCUSED = "document.activeElement.id"


def bread(page: Page) -> None:
    page.locator("input[name=category][value=bread]").check(force=True)
    page.locator("#id_amount").fill("3")


def milk(page: Page, row: int) -> None:
    page.locator(f"#id_lot{row}_category").select_option("milk")
    page.locator(f"#id_lot{row}_amount").fill("2")


def test_foods_are_added_and_taken_away_in_place(town: Town, visit: Visit) -> None:
    page = visit("/giving/post", "donor")
    bread(page)
    add = page.get_by_role("button", name="Add another food")
    add.click()
    assert page.evaluate(FOCUSED) == "id_lot1_category"
    add.click()
    milk(page, 2)
    expect(page.locator("#id_lot2_use_by_date")).to_be_visible()
    expect(page.locator("#id_lot1_use_by_date")).to_be_hidden()
    page.get_by_role("button", name="Take this one away").first.click()
    expect(page.locator("#id_lot1_category")).to_have_count(0)
    page.locator("#id_amount").press("Enter")
    expect(page).to_have_url(re.compile(r"/giving/[0-9a-f-]{36}$"))
    expect(page.get_by_role("heading", name="What is in it")).to_be_visible()


def test_foods_are_added_without_scripts(town: Town, visit: Visit) -> None:
    page = visit("/giving/post", "donor", java_script_enabled=False)
    bread(page)
    page.get_by_role("button", name="Add another food").click()
    expect(page.locator("#id_amount")).to_have_value("3")
    milk(page, 1)
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", name="What is in it")).to_be_visible()


def test_errors_are_listed_where_one_looks_and_lead_to_their_fields(
    town: Town, visit: Visit, complaints: Any
) -> None:
    page = visit("/giving/post", "donor")
    bread(page)
    page.locator("#id_amount").fill("0")
    page.get_by_text("Who may fetch it, and when").click()
    for name in ("allows_self_collect", "allows_courier"):
        page.locator(f"#id_{name}").uncheck()
    page.get_by_role("button", name="Post it").click()
    summary = page.locator(".form-errors")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    summary.get_by_role("link", name="How much").click()
    assert page.evaluate(FOCUSED) == "id_amount"
    page.locator("#id_amount").fill("3")
    page.get_by_role("button", name="Post it").click()
    page.get_by_text("Who may fetch it, and when").click()
    expect(page.locator("#id_allows_courier")).to_be_hidden()
    page.locator(".form-errors").get_by_role("link", name="Charities may fetch it").click()
    expect(page.locator("#id_allows_self_collect")).to_be_focused()
    expect(page.locator("#id_allows_self_collect")).to_be_in_viewport()
    complaints.said.clear()


def test_who_stands_there_sets_the_pin_with_one_button(town: Town, visit: Visit) -> None:
    page = visit("/drive/you/start", "driver", geolocation=DA_AN, permissions=["geolocation"])
    page.get_by_role("button", name="I am there now").click()
    expect(page.locator("#id_lat")).to_have_value("25.033000")
    expect(page.locator("#id_lon")).to_have_value("121.543400")
    expect(page.get_by_text("no streets")).to_be_visible()
    expect(page.get_by_text("Who sees it: only you.")).to_be_visible()


def test_without_scripts_the_pin_is_two_numbers(town: Town, visit: Visit) -> None:
    page = visit("/drive/you/start", "driver", java_script_enabled=False)
    expect(page.locator("#id_lat")).to_be_visible()
    expect(page.locator("[data-pin-map]")).to_be_hidden()
    expect(page.get_by_text("no streets")).to_be_hidden()
