"""A town in the middle of a day, so that every page has something on it, and where to begin."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.browser.town import Town
from tests.journeys import steps
from tests.journeys.caller import Caller
from tests.journeys.world import LiveWorld

Places = Mapping[str, tuple[str, ...]]
#: A county beyond the sea, and its harbour town.
ISLAND, ISLAND_POINT = "10016", {"lon": 119.5660, "lat": 23.5650}


def live_in(world: LiveWorld, town: Town) -> Places:
    """Lets a day happen; gives where each role's tour begins ("" is a stranger's)."""
    charity, donor = town.charity.manager, town.donor.manager
    charity.post("requests", request(world, town), expect=201)
    donor.post("schedules", every_week(world, town), expect=201)
    fetched(world, town, temperature_dc=150)
    fetched(world, town, temperature_dc=40)
    offered(world, town)
    to_fetch = promised(world, town, "Milk for those who fetch it")
    to_bring = brought(world, town)
    on_the_road = driving(world, town)
    offer_id = offered_route(world, town)
    steps.person(world, "newcomer@example.org").post(
        "couriers", {"home": steps.HOME_POINT}, expect=201
    )
    post(world, town, "Bread for anybody")
    sendable(world, town)
    return {
        "": ("/", "/licences", "/accounts/signup/"),
        "donor": ("/giving", f"/giving/claims/{to_bring['id']}/brought", "/start"),
        "charity": (
            f"/coming/{to_fetch['id']}",
            f"/h/{to_fetch['public_id']}",
            "/offers",
            "/board",
            "/start",
        ),
        "driver": (*on_the_road, f"/drive/offers/{offer_id}", "/drive", "/start"),
        "coordinator": ("/desk", "/inbox", "/import"),
        "colleague": (invited(world, town, "colleague@example.org"), "/start"),
    }


def request(world: LiveWorld, town: Town) -> dict[str, Any]:
    return {
        "programme_id": town.charity.programme_id,
        "category_group": "bakery",
        "mass_g": 20_000,
        "needed_until_at": (world.now() + timedelta(days=2)).isoformat(),
        "note": "For the evening round",
        "is_public": True,
    }


def every_week(world: LiveWorld, town: Town) -> dict[str, Any]:
    bread = {"category": "bread", "declared_g": 5_000, "best_before_in_days": 1}
    return {
        "location_id": town.donor.location_id,
        "title": "Bread of every Monday",
        "rule": "FREQ=WEEKLY;BYDAY=MO",
        "starts_date": (world.now() + timedelta(days=10)).date().isoformat(),
        "opens_minute": 1_080,
        "closes_minute": 1_200,
        "template": {"lots": [bread]},
    }


def post(world: LiveWorld, town: Town, title: str, **changes: Any) -> Any:
    wanted = steps.surplus(town.donor, world.now(), title=title, **changes)
    return town.donor.manager.post("listings", wanted, expect=201)


def promised(world: LiveWorld, town: Town, title: str) -> Any:
    """Milk that the charity will fetch itself."""
    tomorrow = (world.now() + timedelta(days=1)).date().isoformat()
    milk = {"category": "milk", "declared_g": 4_000, "use_by_date": tomorrow}
    listing = post(world, town, title, lots=[milk], allows_courier=False)
    wanted = steps.wish(town.charity, listing, transport="self_collect")
    return town.charity.manager.post("claims", wanted, expect=201)


def brought(world: LiveWorld, town: Town) -> Any:
    """Bread that the donor brings to the charity."""
    ways = {"allows_courier": False, "allows_self_collect": False, "donor_delivers": True}
    listing = post(world, town, "Bread that we bring", **ways)
    wanted = steps.wish(town.charity, listing, transport="donor_delivers")
    return town.charity.manager.post("claims", wanted, expect=201)


def fetched(world: LiveWorld, town: Town, *, temperature_dc: int) -> None:
    """The charity fetched milk itself, this warm."""
    claim = promised(world, town, "Milk")
    line = {
        "claim_line_id": claim["lines"][0]["id"],
        "accepted_g": 4_000,
        "temperature_dc": temperature_dc,
    }
    sent = {
        "client_id": str(uuid4()),
        "claim_id": claim["id"],
        "kind": "delivered",
        "at": world.now().isoformat(),
        "code": town.donor.manager.get(f"claims/{claim['id']}")["pickup_code"],
        "lines": [line],
    }
    town.charity.manager.post("hand-overs", sent, expect=201)


def offered(world: LiveWorld, town: Town) -> None:
    """Food that cannot wait is offered to the charity at once."""
    soon = (world.now() + timedelta(hours=2)).isoformat()
    post(world, town, "Buns that cannot wait", pickup_until_at=soon, allows_courier=False)
    world.wait_for(lambda: town.charity.manager.get("offers", status="offered")["results"])


def driving(world: LiveWorld, town: Town) -> tuple[str, ...]:
    """The driver has loaded and stands at the charity's door; gives the pages of the route."""
    listing = post(world, town, "Bread on the road", allows_self_collect=False)
    wanted = steps.wish(town.charity, listing)
    claim = town.charity.manager.post("claims", wanted, expect=201)
    route = steps.accepted_route(world, town.coordinator, town.driver)
    first = steps.next_stop(town.driver, route["id"])
    assert first is not None
    code = town.donor.manager.get(f"claims/{claim['id']}")["pickup_code"]
    for todo in first["todos"]:
        sent = steps.hand_over(first, todo, code=code, at=world.now())
        town.driver.post(f"stops/{first['id']}/hand-overs", sent, expect=201)
    second = world.wait_for(lambda: other_stop(town.driver, route["id"], first["id"]))
    town.driver.post(f"stops/{second['id']}/arrive")
    base = f"/drive/routes/{route['id']}"
    return f"{base}/stops/{second['id']}", f"{base}/cargo", f"{base}/cargo/{claim['id']}"


def other_stop(driver: Caller, route_id: str, stop_id: str) -> Any:
    stop = steps.next_stop(driver, route_id)
    return stop if stop and stop["id"] != stop_id else None


def offered_route(world: LiveWorld, town: Town) -> str:
    """The driver is asked to drive again afterwards; gives the offer."""
    listing = post(world, town, "Bread for a second route", allows_self_collect=False)
    town.charity.manager.post("claims", steps.wish(town.charity, listing), expect=201)
    offers = world.wait_for(lambda: town.driver.get("route-offers", status="offered")["results"])
    return str(offers[0]["id"])


def sendable(world: LiveWorld, town: Town) -> None:
    """An island agreed to take food; of this bread some stays whatever the charity here takes."""
    islander = steps.coordinator(world, "islander@example.org", ISLAND)
    wanted = {"from_county": steps.COUNTY, "to_county": ISLAND, "quota_g": 50_000}
    agreement = town.coordinator.post("transfer-agreements", wanted, expect=201)
    islander.post(f"transfer-agreements/{agreement['id']}/agree")
    steps.charity(world, town.coordinator, "harbour@example.org", point=ISLAND_POINT)
    in_two_days = (world.now() + timedelta(days=2)).date().isoformat()
    bread = {"category": "bread", "declared_g": 100_000, "best_before_date": in_two_days}
    post(world, town, "More bread than fits here", lots=[bread])


def invited(world: LiveWorld, town: Town, address: str) -> str:
    """The donor invites a colleague; gives the path of the link in the mail."""
    steps.person(world, address)
    path = f"organizations/{town.donor.organization_id}/invitations"
    town.donor.manager.post(path, {"email": address, "role": "staff"}, expect=201)
    return world.link_in_mail_to(address, "/invitations/")
