"""Where scripts do not run, food still gets from the board to the charity."""

import re

from playwright.sync_api import Page, expect

from tests.browser.at_the_door import fill_in
from tests.browser.conftest import Visit
from tests.browser.town import Town
from tests.journeys import steps
from tests.journeys.world import LiveWorld


def test_food_is_claimed_driven_and_handed_over(world: LiveWorld, town: Town, visit: Visit) -> None:
    wanted = steps.surplus(town.donor, world.now(), title="Greens", allows_self_collect=False)
    listing = town.donor.manager.post("listings", wanted, expect=201)
    taking = visit(f"/board/{listing['id']}", "charity", java_script_enabled=False)
    taking.get_by_role("button", name="Claim it").click()
    expect(taking).to_have_url(re.compile("/coming/"))
    claim_id = taking.url.rpartition("/")[2]
    driving = visit("/drive", "driver", java_script_enabled=False)
    world.wait_for(lambda: reloaded(driving).get_by_role("link", name="Look at it").count())
    driving.get_by_role("link", name="Look at it").click()
    driving.get_by_role("button", name="Yes, I drive it").click()
    driving.get_by_role("button", name="Set out").click()
    code = town.donor.manager.get(f"claims/{claim_id}")["pickup_code"]
    fill_in(driving, code, temperature="4")
    driving.get_by_role("button", name="Picked up").click()
    code = town.charity.manager.get(f"claims/{claim_id}")["delivery_code"]
    fill_in(driving, code, temperature="5")
    driving.get_by_role("button", name="Handed over").click()
    expect(driving.get_by_role("heading", name="Done. Thank you.")).to_be_visible()
    expect(reloaded(taking).get_by_text("18 kg arrived.")).to_be_visible()


def reloaded(page: Page) -> Page:
    page.reload()
    return page
