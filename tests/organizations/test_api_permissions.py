"""Every route of organizations for every role; nothing crosses tenants."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.organizations.models import (
    Agreement,
    Invitation,
    Location,
    Membership,
    Organization,
    Programme,
)
from tests.builders.accounts import make_user
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_organization,
    make_programme,
    make_recipient,
    make_staff,
)

pytestmark = pytest.mark.django_db
API = "/api/v1"
ROLES = ("stranger", "outsider", "neighbour", "staff", "manager", "coordinator", "far")


@dataclass
class World:
    """A charity with its people and coordinators, and a neighbour who manages another one."""

    organization: Organization
    location: Location
    programme: Programme
    people: dict[str, User | None]

    def client(self, role: str) -> APIClient:
        client = APIClient()
        if user := self.people[role]:
            client.force_authenticate(user)
        return client

    def path(self, template: str) -> str:
        member = Membership.objects.filter(user=self.people["staff"]).first()
        return API + template.format(
            organization=self.organization.pk,
            location=self.location.pk,
            programme=self.programme.pk,
            member=member.pk if member else "",
        )


@pytest.fixture
def world() -> World:
    charity = make_recipient()
    location = make_location(charity)
    other = make_recipient()
    make_location(other)
    return World(
        charity,
        location,
        make_programme(location),
        {
            "stranger": None,
            "outsider": make_user(),
            "neighbour": make_member(other),
            "staff": make_staff(charity),
            "manager": make_member(charity),
            "coordinator": make_coordinator(),
            "far": make_coordinator("64000"),
        },
    )


DECISION = {"decision": "suspend", "reason": "misuse"}
INVITATION = {"email": "new@example.org", "role": "staff"}
WEEK = {"hours": [{"weekday": 0, "opens_minute": 540, "closes_minute": 1020}]}
POINT = {"lon": 121.55, "lat": 25.03}
#: method, path, body, and the expected status for each of ROLES.
TABLE: list[tuple[str, str, Any, tuple[int, ...]]] = [
    ("get", "/organizations", None, (401, 200, 200, 200, 200, 200, 200)),
    ("get", "/organizations/{organization}", None, (401, 404, 404, 200, 200, 200, 404)),
    (
        "patch",
        "/organizations/{organization}",
        {"name": "New"},
        (401, 404, 404, 403, 200, 403, 404),
    ),
    (
        "post",
        "/organizations/{organization}/decisions",
        DECISION,
        (401, 404, 404, 403, 403, 200, 404),
    ),
    ("get", "/organizations/{organization}/documents", None, (401, 404, 404, 200, 200, 200, 404)),
    ("get", "/organizations/{organization}/agreements", None, (401, 404, 404, 200, 200, 200, 404)),
    (
        "post",
        "/organizations/{organization}/agreements",
        {"terms": "donation", "terms_version": "1"},
        (401, 404, 404, 403, 201, 403, 404),
    ),
    ("get", "/organizations/{organization}/members", None, (401, 404, 404, 200, 200, 403, 404)),
    (
        "patch",
        "/organizations/{organization}/members/{member}",
        {"role": "manager"},
        (401, 404, 404, 403, 200, 404, 404),
    ),
    (
        "delete",
        "/organizations/{organization}/members/{member}",
        None,
        (401, 404, 404, 204, 204, 404, 404),
    ),
    ("get", "/organizations/{organization}/invitations", None, (401, 404, 404, 403, 200, 403, 404)),
    (
        "post",
        "/organizations/{organization}/invitations",
        INVITATION,
        (401, 404, 404, 403, 201, 403, 404),
    ),
    ("get", "/memberships", None, (401, 200, 200, 200, 200, 200, 200)),
    ("get", "/locations", None, (401, 200, 200, 200, 200, 200, 200)),
    ("get", "/locations/{location}", None, (401, 404, 404, 200, 200, 200, 404)),
    ("patch", "/locations/{location}", {"name": "New"}, (401, 404, 404, 403, 200, 403, 404)),
    ("put", "/locations/{location}/pin", {"point": POINT}, (401, 404, 404, 403, 200, 403, 404)),
    ("put", "/locations/{location}/hours", WEEK, (401, 404, 404, 200, 200, 403, 404)),
    (
        "put",
        "/locations/{location}/hours/2026-06-19",
        {"spans": []},
        (401, 404, 404, 200, 200, 403, 404),
    ),
    (
        "delete",
        "/locations/{location}/hours/2026-06-19",
        None,
        (401, 404, 404, 404, 404, 403, 404),
    ),
    ("post", "/locations/{location}/closure", None, (401, 404, 404, 403, 200, 403, 404)),
    ("get", "/programmes", None, (401, 200, 200, 200, 200, 200, 200)),
    ("get", "/programmes/{programme}", None, (401, 404, 404, 200, 200, 200, 404)),
    (
        "patch",
        "/programmes/{programme}",
        {"people_per_week": 7},
        (401, 404, 404, 403, 200, 403, 404),
    ),
    ("post", "/programmes/{programme}/closure", None, (401, 404, 404, 403, 200, 403, 404)),
]


class Cell(NamedTuple):
    """One request of one role, and the answer it must get."""

    method: str
    path: str
    body: Any
    role: str
    status: int


CELLS = [
    pytest.param(Cell(method, path, body, role, status), id=f"{role} {method} {path}")
    for method, path, body, statuses in TABLE
    for role, status in zip(ROLES, statuses, strict=True)
]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.usefixtures("stepped_clock")
def test_the_table_is_true(world: World, cell: Cell) -> None:
    before = rows_of_tenant(world)
    client = world.client(cell.role)
    response = getattr(client, cell.method)(world.path(cell.path), cell.body)
    assert response.status_code == cell.status, response.content
    if cell.status >= 400:
        assert rows_of_tenant(world) == before
        assert response["Content-Type"] == "application/problem+json"


def rows_of_tenant(world: World) -> list[Any]:
    """Everything that the charity owns, as stored."""
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Organization, Location, Programme, Membership, Invitation, Agreement)
    ]


def test_lists_show_ones_own_tenant_only(world: World) -> None:
    for path in ("/organizations", "/locations", "/programmes"):
        own = world.client("staff").get(API + path).json()["results"]
        others = world.client("neighbour").get(API + path).json()["results"]
        assert len(own) == 1
        assert not {row["id"] for row in own} & {row["id"] for row in others}
        assert world.client("far").get(API + path).json()["results"] == []


def test_adding_to_a_foreign_organization_finds_nothing(world: World) -> None:
    place = {
        "organization_id": str(world.organization.pk),
        "name": "Ours",
        "address": "1 Road",
        "point": POINT,
    }
    programme = {
        "location_id": str(world.location.pk),
        "name": "Ours",
        "people_per_week": 1,
    }
    neighbour, manager = world.client("neighbour"), world.client("manager")
    for path, body in (("/locations", place), ("/programmes", programme)):
        assert neighbour.post(API + path, body).status_code == 404
        assert manager.post(API + path, body).status_code == 201


def test_colleagues_addresses_are_for_colleagues(world: World) -> None:
    path = world.path("/organizations/{organization}/members")
    rows = world.client("staff").get(path).json()["results"]
    assert set(rows[0]) == {"id", "user_id", "name", "email", "role", "since_at"}
    assert "email" not in str(world.client("coordinator").get(path).json().get("results"))


@pytest.mark.parametrize(
    "query",
    ["?ordering=legal_id", "?legal_id__startswith=1", "?contact_email=x", "?status__in=applied"],
)
def test_filters_cannot_probe_hidden_fields(world: World, query: str) -> None:
    response = world.client("coordinator").get(f"{API}/organizations{query}")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_known_filters_narrow_and_bad_values_are_refused(world: World) -> None:
    make_organization(status="applied")
    client = world.client("coordinator")
    applied = client.get(f"{API}/organizations?status=applied").json()["results"]
    assert [row["status"] for row in applied] == ["applied"]
    assert len(client.get(f"{API}/organizations?role=recipient").json()["results"]) == 2
    assert client.get(f"{API}/organizations?status=anything").status_code == 400
    assert client.get(f"{API}/locations?organization=x").status_code == 400


@pytest.mark.parametrize("path", ["/organizations", "/locations", "/programmes"])
def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, path: str) -> None:
    client = world.client("coordinator")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{API}{path}?page_size=100").status_code == 200
        return len(captured)

    few = queries()
    for _number in range(10):
        make_programme(make_location(make_recipient()))
    assert queries() == few


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "verified"),
        ("county_code", "64000"),
        ("verified_until_date", "2030-01-01"),
        ("is_authority", True),
        ("version", 9),
        ("source", "x"),
        ("id", "018f0000-0000-7000-8000-000000000000"),
    ],
)
def test_managers_assign_no_other_field(world: World, field: str, value: object) -> None:
    before = rows_of_tenant(world)
    path = world.path("/organizations/{organization}")
    response = world.client("manager").patch(path, {field: value})
    assert response.status_code == 400
    assert rows_of_tenant(world) == before


def test_a_withdrawn_role_acts_at_the_next_request(world: World) -> None:
    path = world.path("/organizations/{organization}")
    manager = world.client("manager")
    assert manager.get(path).status_code == 200
    Membership.objects.filter(user=world.people["manager"]).update(
        ended_at=world.organization.created_at
    )
    assert manager.get(path).status_code == 404
