"""Who waits for a decision: those through with signing up; and no answer is prepared for it."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.accounts.models import User
from backend.common.clock import SteppedClock
from backend.organizations.actions.add_document import add_document
from backend.organizations.actions.agree_terms import agree_terms
from backend.organizations.models import Organization
from backend.web.terms import TERMS, VERSION
from backend.web.views.coordinator import waiting
from backend.web.views.onboarding.checklist import checklist, places_of
from tests.builders.accounts import actor_of
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_organization,
)
from tests.web.pages.signed_in import body
from tests.web.pages.world import signed_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def desk(stepped_clock: SteppedClock) -> Client:
    return signed_in(make_coordinator())


def applied(**fields: Any) -> Organization:
    return make_organization(**({"name": "New Kitchen", "status": "applied"} | fields))


def hand_in(organization: Organization, manager: User, now: datetime) -> None:
    """A paper and the terms."""
    by = actor_of(manager)
    upload = SimpleUploadedFile("permit.pdf", PDF)
    add_document(
        organization_id=organization.pk, kind="registration", upload=upload, by=by, now=now
    )
    agree_terms(organization_id=organization.pk, terms=TERMS, terms_version=VERSION, by=by, now=now)


def test_an_organization_that_is_still_signing_up_is_not_waiting(desk: Client) -> None:
    chosen = applied()
    assert "0 organizations to decide about" in body(desk.get("/desk"))
    assert "New Kitchen" not in body(desk.get("/desk/organizations"))
    html = body(desk.get("/desk/organizations?status=unfinished"))
    assert "New Kitchen" in html
    assert "Still signing up" in body(desk.get(f"/desk/organizations/{chosen.pk}"))


def test_one_that_said_everything_waits(desk: Client, now: datetime) -> None:
    chosen = applied()
    make_location(chosen)
    hand_in(chosen, make_member(chosen), now)
    assert "1 organization to decide about" in body(desk.get("/desk"))
    html = body(desk.get("/desk/organizations"))
    assert "New Kitchen" in html
    assert "Waiting for you" in html
    assert "New Kitchen" not in body(desk.get("/desk/organizations?status=unfinished"))


def test_a_charity_also_says_whom_it_serves(desk: Client, now: datetime) -> None:
    chosen = applied(is_recipient=True)
    place = make_location(chosen)
    hand_in(chosen, make_member(chosen), now)
    assert "New Kitchen" not in body(desk.get("/desk/organizations"))
    make_taker(place)
    assert "New Kitchen" in body(desk.get("/desk/organizations"))


def test_the_desk_and_the_checklist_agree(stepped_clock: SteppedClock, now: datetime) -> None:
    chosen = applied(is_recipient=True)
    manager = make_member(chosen)

    def agrees() -> bool:
        steps = checklist(actor_of(manager), chosen, places_of(actor_of(manager), chosen.pk))
        is_done = all(step.is_done for step in steps if not step.is_optional)
        return waiting.finished(Organization.objects.all()).exists() is is_done

    assert agrees()
    place = make_location(chosen)
    assert agrees()
    hand_in(chosen, manager, now)
    assert agrees()
    make_taker(place)
    assert agrees()
    assert waiting.finished(Organization.objects.all()).exists()


def test_due_for_another_look_counts_too(desk: Client) -> None:
    make_organization(status="recertification_due")
    assert "1 organization to decide about" in body(desk.get("/desk"))


@pytest.mark.parametrize("what", ["verify", "reject"])
def test_no_reason_is_chosen_beforehand(desk: Client, what: str) -> None:
    chosen = applied()
    url = f"/desk/organizations/{chosen.pk}/{what}"
    assert desk.get(url).context["form"]["reason"].value() is None
    refused = desk.post(url, {"note": "Fine."})
    assert refused.status_code == 400
    assert "This field is required." in body(refused)
    chosen.refresh_from_db()
    assert chosen.status == "applied"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("臺北市大安區信義路 1 號", '<span class="small muted">臺北市大安區信義路 1 號</span>'),
        ("1 Example Road", "Da&#x27;an"),
    ],
)
def test_the_district_is_said_once(desk: Client, written: str, said: str) -> None:
    chosen = make_organization()
    make_location(chosen, address=written)
    assert said in body(desk.get(f"/desk/organizations/{chosen.pk}"))
