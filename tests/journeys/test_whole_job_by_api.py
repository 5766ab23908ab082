"""A plain HTTP client does the whole job, from the registration of a donor to the kilograms."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.caller import Caller, codes
from tests.journeys.unchanged import nothing_changes
from tests.journeys.world import SteppedWorld

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OFFERED_G = steps.BREAD_G + steps.MILK_G


def test_food_goes_from_a_new_donor_to_a_new_charity_and_is_counted(
    world: SteppedWorld,
    donor: steps.Side,
    charity: steps.Side,
    driver: Caller,
    coordinator: Caller,
) -> None:
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    claim = charity.manager.post("claims", steps.wish(charity, listing), expect=201)
    world.settle()
    route = steps.accepted_route(world, coordinator, driver)
    world.pass_time(timedelta(minutes=15))
    steps.drive(world, driver, route["id"], donor, charity)
    assert driver.get(f"routes/{route['id']}")["status"] == "finished"
    settled = charity.manager.get(f"claims/{claim['id']}")
    assert settled["status"] == "settled"
    assert sum(line["delivered_g"] for line in settled["lines"]) == OFFERED_G
    world.sweep()
    assert donor.manager.get(f"listings/{listing['id']}")["closed_reason"] == "completed"
    assert steps.public_figures(world)["delivered_today_g"] == OFFERED_G


def test_a_standing_consent_lets_matching_accept_and_the_food_arrives(
    world: SteppedWorld,
    donor: steps.Side,
    charity: steps.Side,
    driver: Caller,
    coordinator: Caller,
) -> None:
    steps.consent(charity)
    offered = steps.surplus(donor, world.now(), allows_self_collect=False)
    listing = donor.manager.post("listings", offered, expect=201)
    world.sweep()
    (claim,) = charity.manager.get("claims", listing=listing["id"])["results"]
    assert claim["source"] == "consent"
    assert sum(line["mass_g"] for line in claim["lines"]) == OFFERED_G
    route = steps.accepted_route(world, coordinator, driver)
    steps.drive(world, driver, route["id"], donor, charity)
    assert steps.public_figures(world)["delivered_today_g"] == OFFERED_G


def test_an_offer_is_accepted_by_hand_and_another_one_declined(
    world: SteppedWorld, donor: steps.Side, charity: steps.Side, coordinator: Caller
) -> None:
    for title in ("Bread for supper", "Bread for breakfast"):
        donor.manager.post("listings", steps.surplus(donor, world.now(), title=title), expect=201)
    coordinator.post("rounds", {"area": "main"}, expect=202)
    world.settle()
    taken, declined = charity.manager.get("offers", status="offered")["results"]
    whole = charity.manager.get(f"offers/{taken['id']}")
    assert sum(line["mass_g"] for line in whole["lines"]) == OFFERED_G
    accepted = charity.manager.post(f"offers/{taken['id']}/accept")
    claim = charity.manager.get(f"claims/{accepted['claim_id']}")
    assert claim["source"] == "offer"
    assert sum(line["mass_g"] for line in claim["lines"]) == OFFERED_G
    assert charity.manager.post(f"offers/{declined['id']}/decline")["status"] == "declined"
    listing = donor.manager.get(f"listings/{declined['listing_id']}")
    assert sum(lot["available_g"] for lot in listing["lots"]) == OFFERED_G
    problem = charity.manager.refused(409, "POST", f"offers/{declined['id']}/accept")
    assert problem["code"] == "offer_over"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"lots": [{"category": "bread", "declared_g": 0}]}, "lots.0.declared_g", "mass_too_small"),
        (
            {"lots": [{"category": "bread", "declared_g": 50_000_000}]},
            "lots.0.declared_g",
            "mass_absurd",
        ),
        (
            {"lots": [{"category": "moon_cheese", "declared_g": 1_000}]},
            "lots.0.category",
            "unknown_category",
        ),
        (
            {
                "lots": [
                    {
                        "category": "bread",
                        "declared_g": 1_000,
                        "best_before_date": "2026-06-09",
                    }
                ]
            },
            "lots.0.best_before_date",
            "past_best_before",
        ),
        ({"pickup_until_at": "2026-06-10T01:00:00Z"}, "pickup_until_at", "window_reversed"),
        (
            {"pickup_from_at": "2026-06-09T01:00:00Z", "pickup_until_at": "2026-06-09T05:00:00Z"},
            "pickup_until_at",
            "window_over",
        ),
    ],
)
def test_a_bad_listing_is_refused_by_field_and_leaves_no_trace(
    world: SteppedWorld, donor: steps.Side, changes: dict[str, Any], field: str, code: str
) -> None:
    wanted = steps.surplus(donor, world.now(), **changes)
    with nothing_changes():
        problem = donor.manager.refused(400, "POST", "listings", wanted)
    assert problem["code"] == "invalid"
    assert codes(problem, field) == [code]


def test_a_place_outside_the_region_is_refused(donor: steps.Side) -> None:
    wanted = {
        "organization_id": donor.organization_id,
        "name": "In the sea",
        "address": "nowhere",
        "point": {"lon": 130.0, "lat": 25.0},
    }
    with nothing_changes():
        problem = donor.manager.refused(400, "POST", "locations", wanted)
    assert codes(problem, "point") == ["outside_region"]


def test_a_picture_that_is_none_is_refused(world: SteppedWorld, donor: steps.Side) -> None:
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    files = {"photo": ("bread.jpg", b"MZ this is a program", "image/jpeg")}
    with nothing_changes():
        problem = donor.manager.refused(400, "PUT", f"listings/{listing['id']}/photo", files=files)
    assert codes(problem, "photo") == ["not_a_picture"]


def test_nobody_claims_more_than_is_left(
    world: SteppedWorld, donor: steps.Side, charity: steps.Side
) -> None:
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    line = {"lot_id": listing["lots"][0]["id"], "mass_g": steps.BREAD_G + 1_000}
    wanted = steps.wish(charity, listing, transport="self_collect", lines=[line])
    with nothing_changes():
        problem = charity.manager.refused(409, "POST", "claims", wanted)
    assert problem["code"] == "nothing_left"


def test_the_last_crate_is_given_once(
    world: SteppedWorld, coordinator: Caller, donor: steps.Side, charity: steps.Side
) -> None:
    other = steps.charity(world, coordinator, "other@example.org")
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    wanted = steps.wish(charity, listing, transport="self_collect")
    charity.manager.post("claims", wanted, expect=201)
    late = steps.wish(other, listing, transport="self_collect")
    with nothing_changes():
        problem = other.manager.refused(409, "POST", "claims", late)
    assert problem["code"] == "nothing_left"


def test_a_listing_whose_window_is_over_cannot_be_claimed(
    world: SteppedWorld, donor: steps.Side, charity: steps.Side
) -> None:
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    world.pass_time(timedelta(hours=5))
    wanted = steps.wish(charity, listing, transport="self_collect")
    with nothing_changes():
        problem = charity.manager.refused(409, "POST", "claims", wanted)
    assert problem["code"] == "window_over"


def test_another_driver_s_route_is_nobody_else_s_business(
    world: SteppedWorld,
    donor: steps.Side,
    charity: steps.Side,
    driver: Caller,
    coordinator: Caller,
) -> None:
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    charity.manager.post("claims", steps.wish(charity, listing), expect=201)
    world.settle()
    route = steps.accepted_route(world, coordinator, driver)
    stop = steps.next_stop(driver, route["id"])
    assert stop is not None
    (todo,) = stop["todos"]
    code = donor.manager.get(f"claims/{todo['claim_id']}")["pickup_code"]
    sent = steps.hand_over(stop, todo, code=code, at=world.now())
    outsider = steps.driver(world, coordinator, "outsider@example.org")
    with nothing_changes():
        problem = outsider.refused(404, "POST", f"stops/{stop['id']}/hand-overs", sent)
        assert problem["code"] == "not_found"
        problem = outsider.refused(404, "POST", f"stops/{stop['id']}/arrive")
        assert problem["code"] == "not_found"
        problem = charity.manager.refused(
            404, "POST", f"routes/{route['id']}/abandon", {"reason": "vehicle"}
        )
        assert problem["code"] == "not_found"


def test_a_repeated_hand_over_changes_nothing_twice(
    world: SteppedWorld,
    donor: steps.Side,
    charity: steps.Side,
    driver: Caller,
    coordinator: Caller,
) -> None:
    listing = donor.manager.post("listings", steps.surplus(donor, world.now()), expect=201)
    charity.manager.post("claims", steps.wish(charity, listing), expect=201)
    world.settle()
    route = steps.accepted_route(world, coordinator, driver)
    stop = steps.next_stop(driver, route["id"])
    assert stop is not None
    (todo,) = stop["todos"]
    code = donor.manager.get(f"claims/{todo['claim_id']}")["pickup_code"]
    sent = steps.hand_over(stop, todo, code=code, at=world.now())
    path = f"stops/{stop['id']}/hand-overs"
    first = driver.post(path, sent, expect=201)
    world.settle()
    with nothing_changes():
        again = driver.post(path, sent, expect=201)
        wrong = sent | {"client_id": first["id"], "code": "000000"}
        assert driver.refused(409, "POST", path, wrong)["code"] == "wrong_code"
    assert again["id"] == first["id"]
