"""Couriers and shifts over REST: who gets which answer, and who learns where one lives."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.common.clock import SteppedClock
from backend.couriers.models import Courier, Shift, Vehicle
from tests.builders.accounts import make_user
from tests.builders.couriers import make_courier, make_shift
from tests.builders.organizations import make_coordinator
from tests.conftest import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
API = "/api/v1"
HOME = {"lon": 121.5434, "lat": 25.0330}
TIMES = {"from_at": "2026-06-11T02:00:00Z", "until_at": "2026-06-11T06:00:00Z"}
ROLES = ("stranger", "outsider", "other", "courier", "coordinator", "far")


@pytest.fixture
def people(courier: Courier) -> dict[str, User | None]:
    return {
        "stranger": None,
        "outsider": make_user(),
        "other": make_courier().user,
        "courier": courier.user,
        "coordinator": make_coordinator(),
        "far": make_coordinator("64000"),
    }


@pytest.fixture
def shift(van: Vehicle) -> Shift:
    return make_shift(van, from_at=MORNING + timedelta(hours=2))


def client(user: User | None) -> APIClient:
    made = APIClient()
    if user:
        made.force_authenticate(user)
    return made


TABLE: list[tuple[str, str, Any, tuple[int, ...]]] = [
    ("get", "/couriers", None, (401, 200, 200, 200, 200, 200)),
    ("get", "/couriers/{courier}", None, (401, 404, 404, 200, 200, 404)),
    ("patch", "/couriers/{courier}", {"home": HOME}, (401, 404, 404, 200, 403, 404)),
    ("post", "/couriers/{courier}/approval", None, (401, 404, 404, 403, 409, 404)),
    ("post", "/couriers/{courier}/pause", None, (401, 404, 404, 200, 403, 404)),
    ("post", "/couriers/{courier}/resumption", None, (401, 404, 404, 409, 403, 404)),
    ("post", "/couriers/{courier}/end", {"reason": "left"}, (401, 404, 404, 200, 200, 404)),
    ("get", "/vehicles", None, (401, 200, 200, 200, 200, 200)),
    ("get", "/vehicles/{vehicle}", None, (401, 404, 404, 200, 200, 404)),
    ("post", "/vehicles/{vehicle}/retirement", None, (401, 404, 404, 409, 403, 404)),
    ("get", "/shifts", None, (401, 200, 200, 200, 200, 200)),
    ("get", "/shifts/{shift}", None, (401, 404, 404, 200, 200, 404)),
    ("patch", "/shifts/{shift}", {"times": TIMES}, (401, 404, 404, 200, 403, 404)),
    (
        "post",
        "/shifts/{shift}/cancellation",
        {"reason": "weather"},
        (401, 404, 404, 200, 200, 404),
    ),
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
def test_the_table_is_true(people: dict[str, User | None], shift: Shift, cell: Cell) -> None:
    before = rows()
    where = cell.path.format(courier=shift.courier_id, vehicle=shift.vehicle_id, shift=shift.pk)
    response = getattr(client(people[cell.role]), cell.method)(API + where, cell.body)
    assert response.status_code == cell.status, response.content
    if cell.status >= 400:
        assert rows() == before


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Courier, Vehicle, Shift)]


def test_a_home_is_told_to_its_owner_only(people: dict[str, User | None], shift: Shift) -> None:
    own, coordinator = client(people["courier"]), client(people["coordinator"])
    paths = [f"/couriers/{shift.courier_id}", f"/shifts/{shift.pk}", "/couriers", "/shifts"]
    assert own.get(API + paths[0]).json()["home"] == HOME
    assert own.get(API + paths[1]).json()["start"] == HOME
    for path in paths:
        assert "121.5434" not in coordinator.get(API + path).content.decode()
    seen = coordinator.get(API + paths[0]).json()
    assert "name" in seen
    assert {"home", "lon", "lat", "h3_9"}.isdisjoint(seen)


def test_one_applies_adds_a_van_and_plans_a_shift() -> None:
    person = client(make_user())
    applied = person.post(f"{API}/couriers", {"home": HOME})
    assert (applied.status_code, applied.json()["status"]) == (201, "applied")
    van = person.post(
        f"{API}/vehicles", {"kind": "van", "max_mass_g": 200_000, "ambient_ml": 1_000_000}
    )
    assert van.status_code == 201
    body = {"vehicle_id": van.json()["id"], "times": TIMES}
    early = person.post(f"{API}/shifts", body)
    assert (early.status_code, early.json()["code"]) == (409, "courier_not_active")
    approval = f"{API}/couriers/{applied.json()['id']}/approval"
    assert client(make_coordinator()).post(approval).status_code == 200
    planned = person.post(f"{API}/shifts", body)
    assert planned.status_code == 201
    assert planned.json()["start"] == HOME
    twice = person.post(f"{API}/shifts", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "shift_overlaps")


def test_one_who_is_no_courier_adds_no_vehicle() -> None:
    body = {"kind": "van", "max_mass_g": 1, "ambient_ml": 1}
    assert client(make_user()).post(f"{API}/vehicles", body).status_code == 404


def test_a_shift_that_is_over_is_not_planned(
    courier: Courier, van: Vehicle, stepped_clock: SteppedClock
) -> None:
    stepped_clock.move_to(MORNING + timedelta(days=3))
    body = {"vehicle_id": str(van.pk), "times": TIMES}
    answer = client(courier.user).post(f"{API}/shifts", body)
    assert answer.status_code == 400
    assert answer.json()["errors"]["until_at"][0]["code"] == "over"


def test_shifts_are_found_by_the_span_that_they_touch(courier: Courier, van: Vehicle) -> None:
    make_shift(van, from_at=MORNING + timedelta(hours=2))
    own = client(courier.user)

    def found(query: str) -> int:
        return len(own.get(f"{API}/shifts?{query}").json()["results"])

    assert found("from_at=2026-06-10T05:00:00Z&until_at=2026-06-10T06:00:00Z") == 1
    assert found("from_at=2026-06-10T10:00:00Z") == 0
    assert own.get(f"{API}/shifts?start_lon=121").status_code == 400
