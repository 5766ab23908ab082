"""The board and claims over REST: who may do and see what, and what clients are told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.claims.models import Claim, Transport
from backend.listings.models import Lot
from backend.organizations.models import Location, Programme
from tests.builders.claims import make_claim
from tests.builders.listings import make_listing, make_lot
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    TAIPEI,
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.builders.rest import API, client_of, codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def shop() -> Location:
    return make_location(access_notes="Ring twice")


@pytest.fixture
def lot(shop: Location, now: datetime) -> Lot:
    return make_lot(shop, now=now)


@pytest.fixture
def taker() -> Programme:
    return make_taker()


@pytest.fixture
def donor(shop: Location) -> APIClient:
    return client_of(make_member(shop.organization))


@pytest.fixture
def charity(taker: Programme) -> APIClient:
    return client_of(make_member(taker.location.organization))


@pytest.fixture
def outsider() -> APIClient:
    return client_of(make_member(make_recipient()))


def wish(lot: Lot, taker: Programme, mass_g: int = 3_000, **fields: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "listing_id": str(lot.listing_id),
        "programme_id": str(taker.pk),
        "transport": "self_collect",
        "lines": [{"lot_id": str(lot.pk), "mass_g": mass_g}],
    }
    return chosen | fields


def test_a_charity_finds_food_nearby_that_it_could_take_and_claims_it(
    charity: APIClient, taker: Programme, lot: Lot
) -> None:
    asked = {
        "lon": TAIPEI.lon,
        "lat": TAIPEI.lat,
        "radius_m": 5_000,
        "programme": str(taker.pk),
        "takeable_only": True,
    }
    (entry,) = charity.get(f"{API}/board", asked).json()["results"]
    assert entry["lots"][0]["takeable_g"] == 10_000
    assert "address" not in str(entry)
    claimed = charity.post(f"{API}/claims", wish(lot, taker))
    assert claimed.status_code == 201, claimed.json()
    body = claimed.json()
    assert (body["status"], body["lines"][0]["reserved_g"]) == ("reserved", 3_000)
    assert (body["pickup_address"], body["access_notes"]) == ("1 Example Road", "Ring twice")


def test_the_code_is_for_the_side_that_reads_it_out(
    donor: APIClient, charity: APIClient, taker: Programme, lot: Lot, now: datetime
) -> None:
    claim = make_claim(lot, now=now, programme=taker, transport=Transport.COURIER)
    coordinator = client_of(make_coordinator())
    url = f"{API}/claims/{claim.pk}"
    seen = {
        name: (body["pickup_code"], body["delivery_code"])
        for name, body in (
            ("donor", donor.get(url).json()),
            ("charity", charity.get(url).json()),
            ("coordinator", coordinator.get(url).json()),
        )
    }
    assert seen == {
        "donor": (claim.pickup_code, None),
        "charity": (None, claim.delivery_code),
        "coordinator": (None, None),
    }


def test_the_address_is_gone_with_the_claim(
    charity: APIClient, taker: Programme, lot: Lot, now: datetime
) -> None:
    claim = make_claim(lot, now=now, programme=taker)
    cancelled = charity.post(f"{API}/claims/{claim.pk}/cancel", {"reason": "not_needed"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert cancelled.json()["pickup_address"] is None


def test_a_claim_above_what_is_left_says_so(charity: APIClient, taker: Programme, lot: Lot) -> None:
    answer = charity.post(f"{API}/claims", wish(lot, taker, 10_500))
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_left")
    assert answer.json()["detail"]


def test_a_rule_that_says_no_gives_its_code_and_a_sentence(
    charity: APIClient, taker: Programme, lot: Lot
) -> None:
    answer = charity.post(f"{API}/claims", wish(lot, taker, 750))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_step_multiple")
    chinese = charity.post(
        f"{API}/claims", wish(lot, taker, 750), headers={"Accept-Language": "zh-Hant"}
    )
    assert chinese.json()["code"] == "not_step_multiple"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"lines": []}, "lines.non_field_errors"),
        ({"transport": "teleport"}, "transport"),
        ({"pickup_code": "000000"}, "pickup_code"),
        ({"booked_from_at": "2026-06-10T03:00:00Z"}, "booked_from_at"),
    ],
)
def test_bad_input_names_the_field(
    charity: APIClient, taker: Programme, lot: Lot, fields: dict[str, Any], field: str
) -> None:
    answer = charity.post(f"{API}/claims", wish(lot, taker, **fields))
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Claim.objects.exists()


def test_a_reversed_booking_is_refused(
    charity: APIClient, taker: Programme, lot: Lot, now: datetime
) -> None:
    booked = {
        "booked_from_at": (now + timedelta(hours=2)).isoformat(),
        "booked_until_at": (now + timedelta(hours=1)).isoformat(),
    }
    answer = charity.post(f"{API}/claims", wish(lot, taker, **booked))
    assert codes(answer, "booked_until_at") == ["window_reversed"]


def test_the_same_key_claims_once(charity: APIClient, taker: Programme, lot: Lot) -> None:
    headers = {"Idempotency-Key": "one-tap"}
    ids = {
        charity.post(f"{API}/claims", wish(lot, taker), headers=headers).json()["id"]
        for _ in range(3)
    }
    assert len(ids) == 1
    lot.refresh_from_db()
    assert lot.available_g == 7_000


def test_somebody_elses_programme_claim_and_board_do_not_exist(
    outsider: APIClient, taker: Programme, lot: Lot, now: datetime
) -> None:
    claim = make_claim(lot, now=now, programme=taker)
    url = f"{API}/claims/{claim.pk}"
    answers = [
        outsider.post(f"{API}/claims", wish(lot, taker)),
        outsider.get(url),
        outsider.post(f"{url}/cancel", {}),
        outsider.get(f"{API}/board", {"programme": str(taker.pk)}),
    ]
    assert [each.status_code for each in answers] == [404] * len(answers)
    assert outsider.get(f"{API}/claims").json()["results"] == []
    claim.refresh_from_db()
    assert claim.status == "reserved"


def test_the_donor_sees_who_claimed_but_cannot_cancel_for_it(
    donor: APIClient, taker: Programme, lot: Lot, now: datetime
) -> None:
    claim = make_claim(lot, now=now, programme=taker)
    given = donor.get(f"{API}/claims", {"side": "given"}).json()["results"]
    assert [each["recipient_name"] for each in given] == [taker.location.organization.name]
    assert donor.get(f"{API}/claims", {"side": "received"}).json()["results"] == []
    assert donor.post(f"{API}/claims/{claim.pk}/cancel", {}).status_code == 403


def test_a_coordinator_of_the_county_may_cancel(taker: Programme, lot: Lot, now: datetime) -> None:
    claim = make_claim(lot, now=now, programme=taker)
    coordinator = client_of(make_coordinator())
    stale = coordinator.post(f"{API}/claims/{claim.pk}/cancel", {}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert coordinator.post(f"{API}/claims/{claim.pk}/cancel", {}).json()["status"] == "cancelled"


def test_strangers_see_the_board_coarsely(lot: Lot, shop: Location) -> None:
    (entry,) = client_of().get(f"{API}/board").json()["results"]
    assert entry["donor_name"] is None
    assert (entry["area"]["lon"], entry["area"]["lat"]) != (shop.lon, shop.lat)
    assert client_of().get(f"{API}/claims").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"lon": 121.5},
        {"radius_m": 1_000},
        {"lon": 121.5, "lat": 25, "radius_m": 100_001},
        {"lon": 500, "lat": 25},
        {"page_size": 101},
        {"cursor": "made-up"},
        {"ordering": "donor"},
        {"lots__available_g__gte": 1},
    ],
    ids="-".join,
)
def test_the_board_refuses_what_it_does_not_offer(query: dict[str, Any]) -> None:
    assert client_of().get(f"{API}/board", query).status_code == 400


def test_the_board_turns_its_pages_by_cursor(charity: APIClient, now: datetime) -> None:
    for _ in range(3):
        make_listing(now=now)
    first = charity.get(f"{API}/board", {"page_size": 2}).json()
    second = charity.get(f"{API}/board", {"cursor": first["next_cursor"]}).json()
    seen = [entry["listing_id"] for entry in (*first["results"], *second["results"])]
    assert len(set(seen)) == 3
    assert second["next_cursor"] is None


@pytest.mark.parametrize("count", [1, 10])
def test_more_claims_need_no_more_queries(
    donor: APIClient, lot: Lot, now: datetime, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        make_claim(lot, 500, now=now)
    with django_assert_max_num_queries(9):
        answer = donor.get(f"{API}/claims")
    assert len(answer.json()["results"]) == count
