"""Somebody applies to drive, says what they drive, and plans, changes and repeats shifts."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.common.clock import SteppedClock
from backend.couriers.models import Courier, CourierStatus, Shift, ShiftStatus, Vehicle
from tests.builders.accounts import make_user
from tests.builders.couriers import make_courier, make_shift, make_vehicle
from tests.builders.organizations import TAIPEI
from tests.web.pages.world import signed_in

pytestmark = pytest.mark.django_db
HOME = {"lon": TAIPEI.lon, "lat": TAIPEI.lat}
TOMORROW = {"date": "2026-06-11", "from_time": "09:00", "until_time": "12:30"}


@pytest.fixture
def vehicle(stepped_clock: SteppedClock) -> Vehicle:
    return make_vehicle()


@pytest.fixture
def phone(vehicle: Vehicle) -> Client:
    return signed_in(vehicle.courier.user)


def once(client: Client, url: str) -> dict[str, str]:
    """The hidden token of a form that was just shown."""
    return {"once": str(client.get(url).context["form"]["once"].value())}


def test_applying_makes_courier_and_vehicle(stepped_clock: SteppedClock) -> None:
    person = signed_in(make_user())
    token = once(person, "/drive/apply")
    answer = person.post("/drive/apply", HOME | token | {"kind": "scooter"}, follow=True)
    courier = Courier.objects.get()
    assert courier.status == CourierStatus.APPLIED
    assert courier.vehicles.get().max_mass_g == 30_000
    assert "You applied. Thank you." in answer.content.decode()


def test_a_home_outside_the_region_is_said_beside_the_map(stepped_clock: SteppedClock) -> None:
    person = signed_in(make_user())
    away = {"lon": 2.35, "lat": 48.85, "kind": "car", "ambient_litres": "77"}
    refused = person.post("/drive/apply", away | once(person, "/drive/apply"))
    assert refused.status_code == 400
    assert 'value="77"' in refused.content.decode()
    assert not Courier.objects.exists()


def test_an_application_without_a_place_makes_nothing(stepped_clock: SteppedClock) -> None:
    person = signed_in(make_user())
    refused = person.post("/drive/apply", {"kind": "car"} | once(person, "/drive/apply"))
    assert {"lon", "lat"} <= refused.context["form"].errors.keys()
    assert not Vehicle.objects.exists()


def test_a_shift_is_planned_in_local_time(phone: Client, vehicle: Vehicle) -> None:
    url = "/drive/shifts/new"
    data = TOMORROW | once(phone, url) | {"vehicle": str(vehicle.pk), "break_minutes": "20"}
    assert phone.post(url, data)["Location"] == "/drive/shifts"
    shift = Shift.objects.get()
    assert shift.from_at.isoformat() == "2026-06-11T01:00:00+00:00"
    assert shift.break_s == 1200
    assert phone.post(url, data)["Location"] == "/drive/shifts"
    assert Shift.objects.count() == 1


def test_a_shift_may_end_after_midnight(phone: Client, vehicle: Vehicle) -> None:
    url = "/drive/shifts/new"
    night = TOMORROW | {"from_time": "22:00", "until_time": "01:00"}
    phone.post(url, night | once(phone, url) | {"vehicle": str(vehicle.pk)})
    shift = Shift.objects.get()
    assert shift.until_at - shift.from_at == timedelta(hours=3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"date": "2026-06-09"}, "until_time"),
        ({"until_time": "09:05"}, "until_time"),
        ({"date": "2027-06-09"}, "from_time"),
        ({"break_minutes": "230"}, "break_minutes"),
        ({"date": ""}, "date"),
        ({"vehicle": "0b1a1f5e-0000-4000-8000-000000000000"}, "vehicle"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    phone: Client, vehicle: Vehicle, wrong: dict[str, str], field: str
) -> None:
    url = "/drive/shifts/new"
    data = TOMORROW | {"vehicle": str(vehicle.pk)} | once(phone, url) | wrong
    refused = phone.post(url, data)
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == [field]
    assert not Shift.objects.exists()


def test_overlapping_shifts_are_refused(phone: Client, vehicle: Vehicle, now: datetime) -> None:
    make_shift(vehicle, from_at=now + timedelta(hours=24))
    url = "/drive/shifts/new"
    refused = phone.post(url, TOMORROW | once(phone, url) | {"vehicle": str(vehicle.pk)})
    assert refused.status_code == 409
    assert "You have another shift at that time." in refused.content.decode()


def test_a_shift_is_changed_and_cancelled(phone: Client, vehicle: Vehicle, now: datetime) -> None:
    shift = make_shift(vehicle, from_at=now + timedelta(hours=23))
    url = reverse("web:driver_shift", args=[shift.pk])
    assert 'value="2026-06-11"' in phone.get(url).content.decode()
    phone.post(url, TOMORROW | once(phone, url) | {"vehicle": str(vehicle.pk)})
    shift.refresh_from_db()
    assert shift.until_at - shift.from_at == timedelta(hours=3, minutes=30)
    cancel = reverse("web:driver_shift_cancel", args=[shift.pk])
    assert phone.post(cancel, {}).status_code == 400
    phone.post(cancel, {"reason": "weather"})
    shift.refresh_from_db()
    assert shift.status == ShiftStatus.CANCELLED


@pytest.mark.parametrize(("later", "said"), [(3, "星期六"), (9, "6月19日")])
def test_the_days_of_shifts_are_said_in_the_readers_language(
    phone: Client, vehicle: Vehicle, now: datetime, later: int, said: str
) -> None:
    make_shift(vehicle, from_at=now + timedelta(days=later))
    page = phone.get("/drive/shifts", headers={"accept-language": "zh-Hant"}).content.decode()
    assert f"<h2>{said}</h2>" in page


def test_being_brought_back_is_taken_back_and_asked_for_again(
    phone: Client, vehicle: Vehicle
) -> None:
    url = "/drive/shifts/new"
    data = TOMORROW | {"vehicle": str(vehicle.pk)}
    phone.post(url, data | once(phone, url) | {"ends_at_home": "on"})
    shift = Shift.objects.get()
    assert shift.end_lon == vehicle.courier.lon
    url = f"/drive/shifts/{shift.pk}"
    assert "Bring me back" in phone.get(url).content.decode()
    phone.post(url, data | once(phone, url))
    shift.refresh_from_db()
    assert (shift.end_lon, shift.end_lat) == (None, None)
    phone.post(url, data | once(phone, url) | {"ends_at_home": "on"})
    shift.refresh_from_db()
    assert (shift.end_lon, shift.end_lat) == (vehicle.courier.lon, vehicle.courier.lat)


@pytest.mark.parametrize("page", ["/drive/apply", "/drive/you/start"])
def test_who_sees_the_home_is_said_beside_it(phone: Client, page: str) -> None:
    client = phone if page != "/drive/apply" else signed_in(make_user())
    assert "Who sees it: only you." in client.get(page).content.decode()


def test_last_week_is_repeated_where_it_fits(
    phone: Client, vehicle: Vehicle, now: datetime
) -> None:
    make_shift(vehicle, from_at=now - timedelta(days=6))
    taken = make_shift(vehicle, from_at=now - timedelta(days=3))
    make_shift(vehicle, from_at=taken.from_at + timedelta(days=7, hours=1))
    answer = phone.post("/drive/shifts/repeat", follow=True).content.decode()
    assert "1 shift is planned." in answer
    assert "1 was left out" in answer
    assert Shift.objects.filter(from_at=now + timedelta(days=1)).exists()


def test_a_rest_cancels_what_is_to_come(phone: Client, vehicle: Vehicle, now: datetime) -> None:
    shift = make_shift(vehicle, from_at=now + timedelta(days=1))
    phone.post("/drive/you/pause")
    shift.refresh_from_db()
    assert shift.status == ShiftStatus.CANCELLED
    assert "taking a rest" in phone.get("/drive").content.decode()
    phone.post("/drive/you/resume")
    assert Courier.objects.get().status == CourierStatus.ACTIVE
    assert phone.post("/drive/you/fly").status_code == 404


def test_vehicles_come_and_go(phone: Client, vehicle: Vehicle) -> None:
    url = "/drive/vehicles/new"
    phone.post(url, {"kind": "bicycle", "chilled_litres": "12"} | once(phone, url))
    assert Vehicle.objects.get(kind="bicycle").chilled_ml == 12_000
    phone.post(reverse("web:driver_vehicle_retire", args=[vehicle.pk]))
    vehicle.refresh_from_db()
    assert vehicle.retired_at is not None


def test_other_drivers_shifts_and_vehicles_do_not_exist(phone: Client, now: datetime) -> None:
    other = make_vehicle(make_courier())
    shift = make_shift(other, from_at=now)
    assert phone.get(reverse("web:driver_shift", args=[shift.pk])).status_code == 404
    assert phone.get(reverse("web:driver_shift_cancel", args=[shift.pk])).status_code == 404
    retire = reverse("web:driver_vehicle_retire", args=[other.pk])
    assert phone.post(retire).status_code == 404


def test_lists_cost_the_same_however_long_they_are(
    phone: Client, vehicle: Vehicle, now: datetime
) -> None:
    phone.get("/drive/shifts")
    counts = []
    for number in range(1, 4):
        make_shift(vehicle, from_at=now + timedelta(days=number))
        with CaptureQueriesContext(connection) as caught:
            phone.get("/drive/shifts")
        counts.append(len(caught))
    assert len(set(counts)) == 1
