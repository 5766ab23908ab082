"""The steps of the main job as people take them, each by documented calls only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from tests.journeys.caller import Caller
from tests.journeys.world import BOSS, PASSWORD, World

COUNTY = "63000"
DONOR_POINT = {"lon": 121.5434, "lat": 25.0330}
CHARITY_POINT = {"lon": 121.5654, "lat": 25.0417}
HOME_POINT = {"lon": 121.5300, "lat": 25.0400}
ALL_DAY = [{"weekday": day, "opens_minute": 0, "closes_minute": 1440} for day in range(7)]
BREAD_G, MILK_G = 10_000, 8_000
CONFIRMATION = "/confirm-email/"
KINDS = ("ambient", "chilled")


@dataclass(frozen=True, slots=True)
class Side:
    """An organization with its manager and its one place; a charity has a programme too."""

    manager: Caller
    organization_id: str
    location_id: str
    programme_id: str = ""


def person(world: World, address: str) -> Caller:
    """Registers, opens the link in the mail, and signs in for a token."""
    caller = world.visitor()
    body = {"email": address, "password": PASSWORD, "name": address.split("@", maxsplit=1)[0]}
    received = caller.post("registrations", body, expect=202)
    if received["email_must_be_confirmed"]:
        confirmed = caller.submit(world.link_in_mail_to(address, CONFIRMATION), {})
        assert confirmed.status_code == 302, confirmed.text
    return signed_in(world, address)


def signed_in(world: World, address: str) -> Caller:
    caller = world.visitor()
    session = {"email": address, "password": PASSWORD}
    caller.token = caller.post("sessions", session, expect=201)["token"]
    return caller


def coordinator(world: World, address: str, county: str = COUNTY) -> Caller:
    """A person whom the back office appoints, on its pages; its superuser is there already."""
    caller = person(world, address)
    office = back_office(world)
    appointed = office.submit(
        "/admin/organizations/coordinator/add/",
        {"user": caller.get("me")["id"], "county_code": county},
    )
    assert appointed.status_code == 302, appointed.text
    return caller


def back_office(world: World) -> Caller:
    """The superuser, signed in on the page; the first time the address has to be confirmed."""
    office = world.visitor()
    entry = {"login": BOSS, "password": PASSWORD}
    entered = office.submit("/accounts/login/", entry)
    assert entered.status_code == 302, entered.text
    if "confirm-email" in entered.headers["Location"]:
        office.submit(world.link_in_mail_to(BOSS, CONFIRMATION), {})
        entered = office.submit("/accounts/login/", entry)
    assert entered.headers["Location"] == "/", entered.headers
    return office


def organization(manager: Caller, coordinator: Caller, name: str, role: str) -> str:
    """Registers an organization, and a coordinator verifies it."""
    wanted = {"name": name, "roles": [role], "county_code": COUNTY}
    made = manager.post("organizations", wanted, expect=201)
    assert made["status"] == "applied"
    decision = {"decision": "verify", "reason": "papers_checked"}
    verified = coordinator.post(f"organizations/{made['id']}/decisions", decision)
    assert verified["status"] == "verified"
    return str(made["id"])


def location(manager: Caller, organization_id: str, point: dict[str, float]) -> str:
    """Adds a place that is open all day."""
    wanted = {
        "organization_id": organization_id,
        "name": "Back door",
        "address": "1 Example Road",
        "point": point,
        "phone": "02 2345 6789",
        "hours": ALL_DAY,
    }
    return str(manager.post("locations", wanted, expect=201)["id"])


def donor(world: World, coordinator: Caller, address: str = "donor@example.org") -> Side:
    manager = person(world, address)
    organization_id = organization(manager, coordinator, "Corner bakery", "donor")
    return Side(manager, organization_id, location(manager, organization_id, DONOR_POINT))


def charity(
    world: World,
    coordinator: Caller,
    address: str = "charity@example.org",
    *,
    point: dict[str, float] = CHARITY_POINT,
) -> Side:
    """With a programme, room for what is kept cold or not, and what it can use in a week."""
    manager = person(world, address)
    organization_id = organization(manager, coordinator, "Neighbours' kitchen", "recipient")
    location_id = location(manager, organization_id, point)
    for storage_class in KINDS:
        room = {"location_id": location_id, "storage_class": storage_class, "limit_g": 60_000}
        manager.post("capacities", room)
    wanted = {"location_id": location_id, "name": "Evening meals", "people_per_week": 120}
    programme_id = manager.post("programmes", wanted, expect=201)["id"]
    for group in ("bakery", "dairy"):
        need = {"programme_id": programme_id, "category_group": group, "grams_per_week": 80_000}
        manager.post("standing-needs", need)
    return Side(manager, organization_id, location_id, programme_id)


def consent(side: Side) -> None:
    """The charity lets matching accept within its needs."""
    wanted = {"programme_id": side.programme_id, "max_g_per_day": 50_000}
    side.manager.post("consents", wanted, expect=201)


def driver(world: World, coordinator: Caller, address: str = "driver@example.org") -> Caller:
    """A courier with a car that has a cold box, on shift from now on."""
    caller = person(world, address)
    applied = caller.post("couriers", {"home": HOME_POINT}, expect=201)
    assert applied["status"] == "applied"
    approved = coordinator.post(f"couriers/{applied['id']}/approval")
    assert approved["status"] == "active"
    assert "home" not in approved
    car = {"kind": "car", "max_mass_g": 200_000, "ambient_ml": 300_000, "chilled_ml": 100_000}
    vehicle = caller.post("vehicles", car, expect=201)
    times = {
        "from_at": world.now().isoformat(),
        "until_at": (world.now() + timedelta(hours=8)).isoformat(),
    }
    caller.post("shifts", {"vehicle_id": vehicle["id"], "times": times}, expect=201)
    return caller


def surplus(side: Side, now: datetime, **changes: Any) -> dict[str, Any]:
    """What a donor sends to post bread and milk that can be fetched for four hours from now."""
    in_two_days = (now + timedelta(days=2)).date().isoformat()
    lots = [
        {"category": "bread", "declared_g": BREAD_G, "best_before_date": in_two_days},
        {"category": "milk", "declared_g": MILK_G, "use_by_date": in_two_days},
    ]
    listing: dict[str, Any] = {
        "location_id": side.location_id,
        "title": "Bread and milk of today",
        "pickup_from_at": now.isoformat(),
        "pickup_until_at": (now + timedelta(hours=4)).isoformat(),
        "lots": lots,
    }
    return listing | changes


def wish(side: Side, listing: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What a charity sends to claim all of a listing, brought by a driver."""
    lines = [{"lot_id": lot["id"], "mass_g": lot["available_g"]} for lot in listing["lots"]]
    chosen: dict[str, Any] = {
        "listing_id": listing["id"],
        "programme_id": side.programme_id,
        "transport": "courier",
        "lines": lines,
    }
    return chosen | changes


def accepted_route(world: World, coordinator: Caller, driver: Caller) -> dict[str, Any]:
    """The route that the driver was offered once it was planned, accepted and set out on."""
    coordinator.post("plans", {"area": "main"}, expect=202)
    offer = world.wait_for(lambda: _first(driver.get("route-offers", status="offered")))
    assert offer["route"]["stops"][0]["place"] is None, "addresses come with a yes"
    route = driver.post(f"route-offers/{offer['id']}/accept")
    assert route["stops"][0]["place"]["address"] == "1 Example Road"
    started = driver.post(f"routes/{route['id']}/start")
    assert started["status"] == "under_way"
    return dict(started)


def _first(page: Any) -> Any:
    return page["results"][0] if page["results"] else None


def hand_over(
    stop: dict[str, Any], todo: dict[str, Any], *, code: str, at: datetime, **changes: Any
) -> dict[str, Any]:
    """What a driver sends at a stop: everything was there, weighed as expected and cold enough."""
    lines = [
        {
            "claim_line_id": line["claim_line_id"],
            "accepted_g": line["expected_g"],
            "temperature_dc": 45 if line["needs_temperature"] else None,
        }
        for line in todo["lines"]
    ]
    chosen: dict[str, Any] = {
        "client_id": str(uuid4()),
        "claim_id": todo["claim_id"],
        "kind": "collected" if todo["is_pickup"] else "delivered",
        "at": at.isoformat(),
        "lines": lines,
        "code": code,
        "signer_name": "Lin",
    }
    return chosen | changes


def next_stop(driver: Caller, route_id: str) -> dict[str, Any] | None:
    """Where the driver has to go next, with what to do there."""
    route = driver.get(f"routes/{route_id}")
    open_ones = [stop for stop in route["stops"] if stop["status"] in ("planned", "arrived")]
    return open_ones[0] if open_ones else None


def drive(world: World, driver: Caller, route_id: str, donor: Side, charity: Side) -> None:
    """Goes from stop to stop and hands everything over, with the code that the other side tells."""
    while stop := next_stop(driver, route_id):
        driver.post(f"stops/{stop['id']}/arrive")
        for todo in stop["todos"]:
            told_by, name = (
                (donor, "pickup_code") if todo["is_pickup"] else (charity, "delivery_code")
            )
            code = told_by.manager.get(f"claims/{todo['claim_id']}")[name]
            sent = hand_over(stop, todo, code=code, at=world.now())
            recorded = driver.post(f"stops/{stop['id']}/hand-overs", sent, expect=201)
            assert recorded["code_matched"] is True
            assert recorded["breach_codes"] == []
        world.wait_for(partial(_is_over, driver, route_id, stop["id"]))


def _is_over(driver: Caller, route_id: str, stop_id: str) -> bool:
    stops = driver.get(f"routes/{route_id}")["stops"]
    return next(stop["status"] for stop in stops if stop["id"] == stop_id) == "done"


def public_figures(world: World) -> dict[str, Any]:
    """The latest figures that were told to everybody."""
    feed = world.visitor().get("events", feed="public", after=0)
    told = [event for event in feed["events"] if event["type"] == "figures.changed"]
    return dict(told[-1]["data"]) if told else {}
