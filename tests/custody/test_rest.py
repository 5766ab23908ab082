"""Hand-overs, attempts and incidents over REST."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from backend.claims.models import Claim
from backend.custody.models import Attempt, HandOver, Incident
from backend.events.models import Event
from backend.listings.models import Lot
from tests.builders.accounts import make_user
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.organizations import make_coordinator, make_member
from tests.builders.rest import API, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


@pytest.fixture
def claim(lot: Lot, now: datetime) -> Claim:
    return make_claim(lot, 4_000, now=now)


@pytest.fixture
def donor(claim: Claim) -> APIClient:
    return client_of(make_member(claim.listing.organization))


@pytest.fixture
def charity(claim: Claim) -> APIClient:
    return client_of(make_member(claim.organization))


@pytest.fixture
def coordinator() -> APIClient:
    return client_of(make_coordinator())


@pytest.fixture
def outsider() -> APIClient:
    return client_of(make_user())


def passing(claim: Claim, now: datetime, **fields: Any) -> dict[str, Any]:
    line = claim.lines.get()
    body = {
        "client_id": str(uuid4()),
        "claim_id": str(claim.pk),
        "kind": "delivered",
        "at": now.isoformat(),
        "lines": [{"claim_line_id": str(line.pk), "accepted_g": 4_000}],
    }
    return body | fields


def test_a_donor_hands_over_to_a_charity_that_came_itself(
    donor: APIClient, charity: APIClient, claim: Claim, now: datetime
) -> None:
    body = passing(claim, now, code=claim.pickup_code, signer_name="Ms Lin")
    answer = donor.post(f"{API}/hand-overs", body, format="json")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["status"], told["code_matched"], told["lines"][0]["mass_g"]) == (
        "applied",
        True,
        4_000,
    )
    assert charity.get(f"{API}/claims/{claim.pk}").json()["status"] == "settled"
    whole = charity.get(f"{API}/hand-overs/{told['id']}").json()
    assert whole["evidence"]["signer_name"] == "Ms Lin"
    [listed] = charity.get(f"{API}/hand-overs?claim={claim.pk}").json()["results"]
    assert "evidence" not in listed


def test_a_repetition_is_the_same_fact(donor: APIClient, claim: Claim, now: datetime) -> None:
    body = passing(claim, now)
    first, again = (donor.post(f"{API}/hand-overs", body, format="json") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    other = body | {"lines": [body["lines"][0] | {"accepted_g": 1}]}
    refused = donor.post(f"{API}/hand-overs", other, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "client_id_reused")
    assert HandOver.objects.count() == 1


def test_what_is_no_ones_business_does_not_exist(
    outsider: APIClient, claim: Claim, now: datetime
) -> None:
    passed = hand_over(claim, at=now)
    answer = outsider.post(f"{API}/hand-overs", passing(claim, now), format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert outsider.get(f"{API}/hand-overs/{passed.pk}").status_code == 404
    assert outsider.get(f"{API}/hand-overs").json()["results"] == []
    assert outsider.get(f"{API}/claims/{claim.pk}/timeline").status_code == 404
    attempt = {
        "client_id": str(uuid4()),
        "claim_id": str(claim.pk),
        "is_pickup": True,
        "reason": "closed",
        "at": now.isoformat(),
    }
    assert outsider.post(f"{API}/attempts", attempt, format="json").status_code == 404
    assert not Attempt.objects.exists()


def test_a_charity_says_that_nobody_was_there(
    charity: APIClient, donor: APIClient, claim: Claim, now: datetime
) -> None:
    attempt = {
        "client_id": str(uuid4()),
        "claim_id": str(claim.pk),
        "is_pickup": True,
        "reason": "closed",
        "at": now.isoformat(),
    }
    for _ in range(2):
        answer = charity.post(f"{API}/attempts", attempt, format="json")
        assert answer.status_code == 201
    assert Event.objects.filter(type="custody.attempt_failed").count() == 1
    [told] = donor.get(f"{API}/attempts?claim={claim.pk}").json()["results"]
    assert (told["reason"], told["is_pickup"]) == ("closed", True)


def test_a_coordinator_decides_about_an_incident_once(
    coordinator: APIClient, charity: APIClient, claim: Claim, lot: Lot
) -> None:
    hand_over(claim, at=lot.safe_until_at + timedelta(minutes=5))
    [told] = coordinator.get(f"{API}/incidents?status=open").json()["results"]
    assert (told["code"], told["claim_id"]) == ("after_safe_until", str(claim.pk))
    url = f"{API}/incidents/{told['id']}/decision"
    decision = {"counts": False, "note": "It had been in the sun."}
    assert charity.post(url, decision, format="json").status_code == 403
    no_reason = coordinator.post(url, {"counts": True, "note": " "}, format="json")
    assert no_reason.status_code == 400
    stale = coordinator.post(url, decision, format="json", headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    decided = coordinator.post(url, decision, format="json")
    assert decided.json()["status"] == "excluded"
    again = coordinator.post(url, decision, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert Incident.objects.get().decision_note == "It had been in the sun."
    audited = Event.objects.get(type="incident.decided")
    assert "sun" not in str(audited.payload)


def test_incidents_of_other_counties_are_not_seen(claim: Claim, lot: Lot) -> None:
    hand_over(claim, at=lot.safe_until_at + timedelta(minutes=5))
    elsewhere = client_of(make_coordinator("64000"))
    incident = Incident.objects.get()
    assert elsewhere.get(f"{API}/incidents").json()["results"] == []
    assert elsewhere.get(f"{API}/incidents/{incident.pk}").status_code == 404


def test_the_timeline_of_a_claim(donor: APIClient, claim: Claim, now: datetime) -> None:
    hand_over(claim, at=now + timedelta(minutes=30), accepted_g=3_500, line={"refused_g": 500})
    stations = donor.get(f"{API}/claims/{claim.pk}/timeline").json()
    assert [each["stage"] for each in stations] == ["offered", "promised", "delivered"]
    assert [each["mass_g"] for each in stations] == [10_000, 4_000, 3_500]
    assert stations[-1]["refused_g"] == 500


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "collected"}, "kind"),
        ({"lines": [{"claim_line_id": str(uuid4())}]}, "lines"),
        ({"client_id": "mine"}, "client_id"),
        ({"clock_offset_s": 10**12}, "clock_offset_s"),
    ],
)
def test_bad_input_is_refused_with_the_field(
    donor: APIClient, claim: Claim, now: datetime, change: dict[str, Any], field: str
) -> None:
    answer = donor.post(f"{API}/hand-overs", passing(claim, now) | change, format="json")
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errors"])
