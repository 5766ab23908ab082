"""From the first choice to waiting for verification; people, places, hours and papers."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.accounts.models import User
from backend.common.ids import new_id
from backend.organizations.actions.invite_member import invite_member
from backend.organizations.models import Agreement, Location, Membership, Organization
from backend.organizations.models.organization import OrganizationStatus
from backend.organizations.models.people import MembershipRole
from tests.builders.accounts import actor_of, make_user
from tests.builders.organizations import (
    make_location,
    make_member,
    make_organization,
    make_programme,
    make_recipient,
    make_staff,
)
from tests.web.pages.signed_in import body, client_of

PDF = b"%PDF-1.7\n%%EOF"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def shop() -> Organization:
    return make_organization(name="Bakery Corner", status=OrganizationStatus.APPLIED)


@pytest.fixture
def manager(shop: Organization) -> User:
    return make_member(shop)


def registered(**fields: Any) -> dict[str, Any]:
    chosen = {
        "name": "Corner Kitchen",
        "roles": ["recipient"],
        "county_code": "63000",
        "once": str(new_id()),
    }
    return chosen | fields


def test_a_new_person_chooses_what_to_do() -> None:
    html = body(client_of(make_user()).get("/start"))
    for said in ("We have food", "We serve people", "I drive", "Just look"):
        assert said in html
    assert Client().get("/start")["Location"].startswith("/accounts/login/")


def test_an_organization_is_registered_and_waits() -> None:
    person = make_user()
    client = client_of(person)
    answer = client.post("/organizations/new", registered())
    made = Organization.objects.get()
    assert answer["Location"] == f"/organizations/{made.pk}"
    assert (made.status, made.is_recipient, made.is_donor) == ("applied", True, False)
    assert Membership.objects.get(user=person).role == MembershipRole.MANAGER
    html = body(client.get(answer["Location"]))
    assert "Waiting for verification" in html
    assert "Next: A place" in html


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"roles": []}, "This field is required."),
        ({"county_code": "99999"}, "Select a valid choice."),
        ({"contact_email": "nobody"}, "Enter a valid email address."),
        ({"contact_phone": "abc"}, "Please type a phone number"),
    ],
)
def test_a_bad_registration_is_explained(wrong: dict[str, Any], said: str) -> None:
    answer = client_of(make_user()).post("/organizations/new", registered(**wrong))
    assert answer.status_code == 400
    assert said in body(answer)
    assert not Organization.objects.exists()


def test_a_number_that_is_taken_is_said_beside_the_form() -> None:
    make_organization(legal_id="12345678")
    answer = client_of(make_user()).post("/organizations/new", registered(legal_id="12345678"))
    assert answer.status_code == 409
    assert "is here already" in body(answer)
    assert 'value="Corner Kitchen"' in body(answer)


@pytest.mark.parametrize("page", ["", "/change", "/papers", "/terms", "/members", "/places/new"])
def test_an_organization_is_for_its_members_only(
    shop: Organization, manager: User, page: str
) -> None:
    path = f"/organizations/{shop.pk}{page}"
    assert client_of(manager).get(path).status_code == 200
    assert client_of(make_member(make_organization())).get(path).status_code == 404


def test_an_address_is_found_and_its_pin_set(shop: Organization, manager: User) -> None:
    path = f"/organizations/{shop.pk}/places/new"
    html = body(client_of(manager).get(path, {"address": "臺北市大安區"}))
    assert "Please move it." in html
    assert 'name="lon"' in html
    assert 'value="121.5' in html


def test_an_unknown_address_leaves_the_pin_to_the_person(shop: Organization, manager: User) -> None:
    path = f"/organizations/{shop.pk}/places/new"
    html = body(client_of(manager).get(path, {"address": "zzzz"}))
    assert "We did not find this address." in html


def placed(**fields: Any) -> dict[str, Any]:
    chosen = {
        "name": "Yongkang branch",
        "address": "10 Yongkang Street",
        "lon": "121.5297",
        "lat": "25.0330",
        "open_days": ["0", "1"],
        "opens": "18:00",
        "closes": "02:00",
        "once": str(new_id()),
    }
    return chosen | fields


def test_a_place_is_kept_with_hours_past_midnight(shop: Organization, manager: User) -> None:
    client_of(manager).post(f"/organizations/{shop.pk}/places/new", placed())
    place = Location.objects.get()
    assert place.township_code == "63000030"
    hours = place.opening_hours.values_list("weekday", "opens_minute", "closes_minute")
    assert list(hours) == [(0, 1_080, 1_560), (1, 1_080, 1_560)]


def test_a_point_outside_the_region_is_refused(shop: Organization, manager: User) -> None:
    path = f"/organizations/{shop.pk}/places/new"
    answer = client_of(manager).post(path, placed(lon="2.35", lat="48.85"))
    assert answer.status_code == 400
    assert "This point lies outside the area that we serve." in body(answer)
    assert 'value="Yongkang branch"' in body(answer)
    assert not Location.objects.exists()


def test_a_door_without_a_real_phone_is_refused(shop: Organization, manager: User) -> None:
    path = f"/organizations/{shop.pk}/places/new"
    answer = client_of(manager).post(path, placed(phone="abc"))
    assert answer.status_code == 400
    assert 'id="id_phone_error"' in body(answer)
    assert not Location.objects.exists()


def test_standing_there_and_numbers_come_before_the_map(shop: Organization, manager: User) -> None:
    html = body(client_of(manager).get(f"/organizations/{shop.pk}/places/new", {"address": "x"}))
    parts = [html.index(each) for each in ("data-locate", 'name="lat"', "data-pin-map")]
    assert parts == sorted(parts)
    assert "no streets" in html


def test_the_pin_is_moved(shop: Organization, manager: User) -> None:
    place = make_location(shop)
    sent = {"name": place.name, "address": place.address, "lon": "121.5500", "lat": "25.0300"}
    client_of(manager).post(f"/places/{place.pk}", sent)
    place.refresh_from_db()
    assert (place.lon, place.lat) == (121.55, 25.03)


def test_a_place_of_others_does_not_exist(shop: Organization) -> None:
    place = make_location(shop)
    other = client_of(make_member(make_organization()))
    for page in ("", "/hours", "/capacity", "/programmes/new"):
        assert other.get(f"/places/{place.pk}{page}").status_code == 404
    assert other.post(f"/places/{place.pk}/close").status_code == 404


def week() -> dict[str, str]:
    return {"form-TOTAL_FORMS": "7", "form-INITIAL_FORMS": "7"}


def test_the_week_is_set_day_by_day(shop: Organization, manager: User) -> None:
    place = make_location(shop)
    sent = week() | {
        "form-0-opens": "09:00",
        "form-0-closes": "12:00",
        "form-0-opens_again": "14:00",
        "form-0-closes_again": "18:00",
    }
    assert client_of(manager).post(f"/places/{place.pk}/hours", sent).status_code == 302
    hours = place.opening_hours.values_list("weekday", "opens_minute", "closes_minute")
    assert list(hours) == [(0, 540, 720), (0, 840, 1_080)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"form-0-opens": "09:00"}, "Please say both, or neither."),
        (
            {
                "form-0-opens": "09:00",
                "form-0-closes": "12:00",
                "form-0-opens_again": "11:00",
                "form-0-closes_again": "15:00",
            },
            "overlap",
        ),
    ],
)
def test_hours_that_cannot_be_are_explained(
    shop: Organization, manager: User, wrong: dict[str, str], said: str
) -> None:
    place = make_location(shop)
    answer = client_of(manager).post(f"/places/{place.pk}/hours", week() | wrong)
    assert answer.status_code == 400
    assert said in body(answer)
    assert place.opening_hours.count() == 7


def test_a_day_differs_and_is_usual_again(shop: Organization, manager: User) -> None:
    place = make_location(shop)
    client = client_of(manager)
    client.post(f"/places/{place.pk}/hours/exceptions", {"local_date": "2026-06-19"})
    assert place.hours_exceptions.get().opens_minute is None
    client.post(f"/places/{place.pk}/hours/exceptions/2026-06-19")
    assert not place.hours_exceptions.exists()
    answer = client.post(f"/places/{place.pk}/hours/exceptions", {"local_date": "2025-01-01"})
    assert answer.status_code == 400


def test_a_paper_is_added_and_others_are_refused(shop: Organization, manager: User) -> None:
    client, path = client_of(manager), f"/organizations/{shop.pk}/papers"
    wrong = {"kind": "registration", "file": SimpleUploadedFile("a.exe", b"MZ nothing")}
    answer = client.post(path, wrong)
    assert answer.status_code == 400
    assert "Please upload a PDF, JPEG or PNG file." in body(answer)
    right = {"kind": "registration", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(path, right).status_code == 302
    assert shop.documents.get().file_name == "a.pdf"


def test_the_terms_are_agreed_to_once(shop: Organization, manager: User) -> None:
    client, path = client_of(manager), f"/organizations/{shop.pk}/terms"
    assert client.post(path, {}).status_code == 400
    client.post(path, {"agree": "on"})
    client.post(path, {"agree": "on"})
    assert Agreement.objects.get().agreed_by == manager


def test_everything_done_it_says_what_happens_next(shop: Organization, manager: User) -> None:
    make_location(shop)
    client = client_of(manager)
    client.post(f"/organizations/{shop.pk}/terms", {"agree": "on"})
    paper = {"kind": "registration", "file": SimpleUploadedFile("a.pdf", PDF)}
    client.post(f"/organizations/{shop.pk}/papers", paper)
    assert "What happens next" in body(client.get(f"/organizations/{shop.pk}"))


def test_a_charity_is_asked_for_its_consent() -> None:
    charity = make_recipient()
    programme = make_programme(make_location(charity))
    html = body(client_of(make_member(charity)).get(f"/organizations/{charity.pk}"))
    assert f"/programmes/{programme.pk}/consent" in html


def test_a_rejected_organization_asks_again() -> None:
    shop = make_organization(status=OrganizationStatus.REJECTED, decision_code="papers_missing")
    client = client_of(make_member(shop))
    assert "papers are missing" in body(client.get(f"/organizations/{shop.pk}"))
    client.post(f"/organizations/{shop.pk}/apply-again")
    shop.refresh_from_db()
    assert shop.status == OrganizationStatus.APPLIED


def test_people_are_invited_and_join_by_the_link(
    shop: Organization, manager: User, now: Any
) -> None:
    path = f"/organizations/{shop.pk}/members"
    client_of(manager).post(path, {"email": "lin@example.org", "role": "staff"})
    assert "lin@example.org" in body(client_of(manager).get(path))
    invited = invite_member(
        organization_id=shop.pk,
        email="lin@example.org",
        role="staff",
        by=actor_of(manager),
        now=now,
    )
    guest = client_of(make_user(email="lin@example.org"))
    assert guest.get(f"/invitations/{invited.token}").status_code == 200
    answer = guest.post(f"/invitations/{invited.token}")
    assert answer["Location"] == f"/organizations/{shop.pk}"
    other = client_of(make_user()).post(f"/invitations/{invited.token}")
    assert other.status_code == 404


def test_an_invitation_is_withdrawn(shop: Organization, manager: User) -> None:
    client, path = client_of(manager), f"/organizations/{shop.pk}/members"
    client.post(path, {"email": "lin@example.org", "role": "staff"})
    invitation = shop.invitations.get()
    client.post(f"/organizations/{shop.pk}/invitations/{invitation.pk}/withdraw")
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_roles_change_and_the_last_manager_stays(shop: Organization, manager: User) -> None:
    staff = Membership.objects.get(user=make_staff(shop))
    own = Membership.objects.get(user=manager)
    client, path = client_of(manager), f"/organizations/{shop.pk}/members"
    html = body(client.post(f"{path}/{own.pk}/end", follow=True))
    assert "This is the only manager." in html
    client.post(f"{path}/{staff.pk}/role", {"role": "manager"})
    assert client.post(f"{path}/{own.pk}/end")["Location"] == "/start"
    assert list(Membership.objects.current()) == [staff]


def test_staff_change_nothing_of_the_organization(shop: Organization) -> None:
    client = client_of(make_staff(shop))
    assert client.post(f"/organizations/{shop.pk}/change", registered()).status_code == 403
    sent = {"email": "lin@example.org", "role": "staff"}
    assert client.post(f"/organizations/{shop.pk}/members", sent).status_code == 403
    assert not shop.invitations.exists()


def test_the_front_page_leads_a_new_person_on() -> None:
    assert 'class="button" href="/start"' in body(client_of(make_user()).get("/"))
