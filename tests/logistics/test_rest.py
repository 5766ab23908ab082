"""Routes over REST: who sees what, and a route from the offer to the last stop."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.common.actor import ActorKind
from backend.custody.models import HandOver
from logistics.adapters.running_plan import RunningPlan
from logistics.models import Route, RouteOffer, Shipment
from logistics.selectors.visible import own_route_offers, visible_routes
from tests.builders.accounts import actor_of, make_user
from tests.builders.couriers import make_courier
from tests.builders.listings import make_lot
from tests.builders.logistics import (
    close_plan,
    make_carried_claim,
    make_plan,
    make_route_offer,
    make_route_under_way,
    make_shipment,
)
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_organization,
)
from tests.builders.rest import API, client_of, codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
ADDRESS, NOTES, PHONE = "7 Hidden Lane", "blue door", "+886 2 0000 0000"


@pytest.fixture
def shipment(now: datetime) -> Shipment:
    place = make_location(
        make_organization(), address=ADDRESS, access_notes=NOTES, phone=PHONE, name="Back door"
    )
    return make_shipment(make_carried_claim(make_lot(place, now=now), now=now), now=now)


@pytest.fixture
def offer(shipment: Shipment, now: datetime) -> RouteOffer:
    return make_route_offer(shipments=[shipment], now=now)


@pytest.fixture
def courier(offer: RouteOffer) -> APIClient:
    return client_of(offer.courier.user)


@pytest.fixture
def outsider() -> APIClient:
    return client_of(make_courier().user)


def at_stop(stop: dict[str, Any], shipment: Shipment, kind: str, now: datetime) -> dict[str, Any]:
    line = shipment.claim.lines.get()
    return {
        "client_id": str(uuid4()),
        "claim_id": str(shipment.claim_id),
        "kind": kind,
        "at": now.isoformat(),
        "lines": [{"claim_line_id": str(line.pk), "accepted_g": line.mass_g}],
    }


def test_a_route_from_the_offer_to_the_last_stop(
    courier: APIClient, offer: RouteOffer, shipment: Shipment, now: datetime
) -> None:
    [told] = courier.get(f"{API}/route-offers?status=offered").json()["results"]
    accepted = courier.post(
        f"{API}/route-offers/{told['id']}/accept", headers={"If-Match": f'"{told["version"]}"'}
    )
    assert accepted.status_code == 200
    route = accepted.json()
    started = courier.post(
        f"{API}/routes/{route['id']}/start", headers={"If-Match": accepted["ETag"]}
    )
    assert started.json()["status"] == "under_way"
    for stop, kind in zip(route["stops"], ("collected", "delivered"), strict=True):
        assert courier.post(f"{API}/stops/{stop['id']}/arrive").json()["status"] == "arrived"
        sent = at_stop(stop, shipment, kind, now)
        passed = courier.post(f"{API}/stops/{stop['id']}/hand-overs", sent, format="json")
        assert (passed.status_code, passed.json()["status"]) == (201, "applied")
        again = courier.post(f"{API}/stops/{stop['id']}/hand-overs", sent, format="json")
        assert again.json()["id"] == passed.json()["id"]
    assert courier.get(f"{API}/routes/{route['id']}").json()["status"] == "finished"
    assert HandOver.objects.count() == 2


def test_addresses_and_phones_come_with_a_yes_and_go_with_the_end(
    courier: APIClient, offer: RouteOffer, now: datetime
) -> None:
    before = courier.get(f"{API}/route-offers/{offer.pk}")
    told = before.content.decode() + courier.get(f"{API}/routes/{offer.route_id}").content.decode()
    assert not any(word in told for word in (ADDRESS, NOTES, PHONE, "Back door"))
    area = before.json()["route"]["stops"][0]["area"]
    assert area["county_code"] == "63000"
    route = courier.post(f"{API}/route-offers/{offer.pk}/accept").json()
    place = route["stops"][0]["place"]
    assert (place["address"], place["access_notes"], place["phone"]) == (ADDRESS, NOTES, PHONE)
    [todo] = route["stops"][0]["todos"]
    assert (todo["is_pickup"], todo["expected_g"]) == (True, 4_000)
    gone = courier.post(f"{API}/routes/{route['id']}/abandon", {"reason": "vehicle"}, format="json")
    assert gone.json()["status"] == "abandoned"
    assert ADDRESS not in gone.content.decode()


def test_codes_are_never_told_to_the_courier(
    courier: APIClient, offer: RouteOffer, shipment: Shipment
) -> None:
    accepted = courier.post(f"{API}/route-offers/{offer.pk}/accept").content.decode()
    assert shipment.claim.pickup_code not in accepted
    assert shipment.claim.delivery_code not in accepted


def test_each_side_sees_only_its_own_code(
    courier: APIClient, offer: RouteOffer, shipment: Shipment
) -> None:
    claim = shipment.claim
    donor = client_of(make_member(claim.listing.organization))
    charity = client_of(make_member(claim.organization))
    by_donor = donor.get(f"{API}/claims/{claim.pk}").json()
    by_charity = charity.get(f"{API}/claims/{claim.pk}").json()
    assert (by_donor["pickup_code"], by_donor["delivery_code"]) == (claim.pickup_code, None)
    assert (by_charity["pickup_code"], by_charity["delivery_code"]) == (None, claim.delivery_code)


@pytest.mark.parametrize(
    "path",
    [
        "route-offers/{offer}/accept",
        "route-offers/{offer}/decline",
        "routes/{route}/start",
        "routes/{route}/abandon",
        "stops/{stop}/arrive",
        "stops/{stop}/hand-overs",
        "stops/{stop}/fail",
    ],
)
def test_what_is_another_couriers_does_not_exist(
    outsider: APIClient, shipment: Shipment, now: datetime, path: str
) -> None:
    route = make_route_under_way(shipments=[shipment], now=now)
    stop = route.stops.get(sequence=1)
    bodies = {
        "abandon": {"reason": "other"},
        "hand-overs": at_stop({}, shipment, "collected", now),
        "fail": {"client_id": str(uuid4()), "reason": "closed", "at": now.isoformat()},
    }
    url = path.format(offer=route.offers.get().pk, route=route.pk, stop=stop.pk)
    answer = outsider.post(
        f"{API}/{url}", bodies.get(path.rsplit("/", maxsplit=1)[-1], {}), format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not HandOver.objects.exists()


def test_lists_hold_only_what_one_may_see(
    courier: APIClient, outsider: APIClient, offer: RouteOffer, shipment: Shipment
) -> None:
    here, elsewhere = client_of(make_coordinator()), client_of(make_coordinator("64000"))
    charity = client_of(make_member(shipment.claim.organization))
    for path, seeing in (
        ("routes", {"courier", "here"}),
        ("route-offers", {"courier"}),
        ("shipments", {"here", "charity"}),
        ("plans", {"here", "elsewhere"}),
    ):
        who = {
            "courier": courier,
            "outsider": outsider,
            "here": here,
            "elsewhere": elsewhere,
            "charity": charity,
        }
        seen = {name for name, one in who.items() if one.get(f"{API}/{path}").json()["results"]}
        assert seen == seeing, path


def test_a_shipment_says_why_nobody_drives_it(shipment: Shipment, now: datetime) -> None:
    close_plan(make_plan(now=now), now=now, unassigned={str(shipment.pk): "windows_impossible"})
    charity = client_of(make_member(shipment.claim.organization))
    [told] = charity.get(f"{API}/shipments?status=waiting").json()["results"]
    assert (told["unassigned_reason"], told["route_id"]) == ("windows_impossible", None)


def test_an_answer_to_an_older_version_is_refused(courier: APIClient, offer: RouteOffer) -> None:
    answer = courier.post(f"{API}/route-offers/{offer.pk}/accept", headers={"If-Match": '"99"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


def test_a_repeated_yes_gets_the_first_answer(courier: APIClient, offer: RouteOffer) -> None:
    key = {"Idempotency-Key": "once"}
    first = courier.post(f"{API}/route-offers/{offer.pk}/accept", headers=key)
    again = courier.post(f"{API}/route-offers/{offer.pk}/accept", headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "transferred"}, "kind"),
        ({"lines": []}, "lines"),
        ({"code": "12"}, "code"),
        ({"at": "yesterday"}, "at"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_at_a_stop_is_refused_with_the_field(
    shipment: Shipment, now: datetime, change: dict[str, Any], field: str
) -> None:
    route = make_route_under_way(shipments=[shipment], now=now)
    stop = route.stops.get(sequence=1)
    answer = client_of(route.courier.user).post(
        f"{API}/stops/{stop.pk}/hand-overs",
        at_stop({}, shipment, "collected", now) | change,
        format="json",
    )
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errors"])
    assert not HandOver.objects.exists()


def test_a_wrong_code_at_a_stop_is_refused(shipment: Shipment, now: datetime) -> None:
    route = make_route_under_way(shipments=[shipment], now=now)
    wrong = f"{(int(shipment.claim.pickup_code) + 1) % 1_000_000:06d}"
    answer = client_of(route.courier.user).post(
        f"{API}/stops/{route.stops.get(sequence=1).pk}/hand-overs",
        at_stop({}, shipment, "collected", now) | {"code": wrong},
        format="json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_code")


def test_a_failed_stop(shipment: Shipment, now: datetime) -> None:
    route = make_route_under_way(shipments=[shipment], now=now)
    body = {"client_id": str(uuid4()), "reason": "closed", "at": now.isoformat()}
    answer = client_of(route.courier.user).post(
        f"{API}/stops/{route.stops.get(sequence=1).pk}/fail", body, format="json"
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "failed")


def test_coordinators_have_their_area_planned(
    now: datetime, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr("logistics.api.views.solve_area.delay", lambda **given: asked.append(given))
    coordinator = client_of(make_coordinator())
    with django_capture_on_commit_callbacks(execute=True):
        answer = coordinator.post(f"{API}/plans", {"area": "main"}, format="json")
    assert (answer.status_code, asked) == (202, [{"area": "main", "again": True}])
    assert coordinator.post(f"{API}/plans", {"area": "penghu"}, format="json").status_code == 404
    stranger = client_of(make_user())
    assert stranger.post(f"{API}/plans", {"area": "main"}, format="json").status_code == 404


def test_a_running_plan_is_watched_and_ended(now: datetime) -> None:
    plan, coordinator = make_plan(now=now), client_of(make_coordinator())
    url = f"{API}/plans/{plan.pk}"
    assert coordinator.get(url).json()["progress"] is None
    with RunningPlan(plan, []) as running:
        running.hear({"cost": 5, "missed": 0, "unassigned": 1, "iterations": 9})
    progress = coordinator.get(url).json()["progress"]
    assert (progress["cost"], progress["bound"], progress["unassigned"]) == (5, None, 1)
    assert coordinator.post(f"{url}/stop").json()["stop_asked_at"] is not None
    assert coordinator.post(f"{url}/cancel").json()["status"] == "cancelled"
    again = coordinator.post(f"{url}/stop")
    assert (again.status_code, again.json()["code"]) == (409, "plan_over")
    assert client_of(make_user()).post(f"{url}/cancel").status_code == 404


def test_strangers_are_asked_to_sign_in() -> None:
    for path in ("shipments", "routes", "route-offers", "plans", "hand-overs", "incidents"):
        assert client_of().get(f"{API}/{path}").status_code == 401


def test_unknown_filters_are_refused() -> None:
    answer = client_of(make_user()).get(f"{API}/routes?owner=me")
    assert codes(answer, "owner") == ["unknown_field"]


def test_a_key_for_an_organization_is_no_courier(offer: RouteOffer, now: datetime) -> None:
    user: User = offer.courier.user
    bound = actor_of(user, organization_id=uuid4())
    assert bound.kind is ActorKind.API_KEY
    assert not own_route_offers(bound).exists()
    assert not visible_routes(bound).exists()
    assert Route.objects.exists()
    assert offer.answer_by_at > now + timedelta(minutes=1)
