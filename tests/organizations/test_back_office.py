"""The back office looks at everything and changes only through the actions."""

import pytest
from django.contrib import admin
from django.test import Client

from backend.accounts.models import User
from backend.events.models import Event
from backend.organizations.models import Coordinator, Organization
from tests.builders.accounts import make_user
from tests.builders.couriers import make_courier
from tests.builders.organizations import make_coordinator, make_location, make_organization

pytestmark = pytest.mark.django_db
OURS = ("accounts", "organizations", "couriers")


@pytest.fixture
def boss() -> User:
    return make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def office(boss: User) -> Client:
    client = Client()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    return client


def models() -> list[str]:
    return [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
        if model._meta.app_label in OURS
    ]


def test_every_list_opens(office: Client) -> None:
    make_location()
    make_courier()
    assert len(models()) >= 12
    assert {office.get(path).status_code for path in models()} == {200}


def test_signing_in_goes_through_the_one_sign_in_page() -> None:
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_nothing_is_added_changed_or_deleted_by_hand(office: Client) -> None:
    organization = make_organization()
    base = "/admin/organizations/organization/"
    assert office.get(f"{base}add/").status_code == 403
    assert office.post(f"{base}{organization.pk}/delete/", {"post": "yes"}).status_code == 403
    office.post(f"{base}{organization.pk}/change/", {"name": "X", "status": "rejected"})
    assert Organization.objects.get() == organization
    assert Organization.objects.get().name == organization.name


def test_a_courier_s_home_is_not_shown(office: Client) -> None:
    courier = make_courier()
    page = office.get(f"/admin/couriers/courier/{courier.pk}/change/").content.decode()
    assert "121.5434" not in page
    assert courier.h3_9 not in page


def test_deciding_there_is_deciding_as_a_coordinator_of_the_county(
    office: Client, boss: User
) -> None:
    organization = make_organization(status="applied")
    body = {
        "action": "verify",
        "_selected_action": str(organization.pk),
        "reason": "papers_checked",
    }
    office.post("/admin/organizations/organization/", body)
    assert Organization.objects.get().status == "applied"
    make_coordinator(user=boss)
    office.post("/admin/organizations/organization/", body)
    assert Organization.objects.get().status == "verified"
    assert Event.objects.filter(type="organization.verified").count() == 1


def test_coordinators_are_appointed_and_ended_there(office: Client) -> None:
    user = make_user()
    body = {"user": str(user.pk), "county_code": "63000"}
    assert office.post("/admin/organizations/coordinator/add/", body).status_code == 302
    held = Coordinator.objects.get()
    assert Event.objects.filter(type="coordinator.appointed").count() == 1
    body = {"action": "end", "_selected_action": str(held.pk)}
    office.post("/admin/organizations/coordinator/", body)
    held.refresh_from_db()
    assert held.ended_at is not None


def test_an_account_is_closed_and_opened_there(office: Client) -> None:
    user = make_user()
    for action, active in (("deactivate", False), ("reactivate", True)):
        office.post("/admin/accounts/user/", {"action": action, "_selected_action": str(user.pk)})
        user.refresh_from_db()
        assert user.is_active is active
