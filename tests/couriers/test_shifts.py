"""Vehicles and shifts: what may be planned, changed and cancelled."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound, Refusal
from backend.couriers.actions.add_vehicle import TooManyVehicles, add_vehicle
from backend.couriers.actions.cancel_shift import cancel_shift
from backend.couriers.actions.change_shift import ShiftNotPlanned, change_shift
from backend.couriers.actions.plan_shift import CourierNotActive, ShiftOverlaps, plan_shift
from backend.couriers.actions.retire_vehicle import VehicleInUse, VehicleRetired, retire_vehicle
from backend.couriers.domain.shift_window import ShiftTimes, objection
from backend.couriers.models import Courier, Shift, Vehicle
from backend.events.models import Event
from backend.geo.domain.points import Point
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_courier, make_shift, make_vehicle
from tests.builders.organizations import TAIPEI
from tests.conftest import MORNING

KINMEN = Point(118.3171, 24.4321)


def times(now: datetime, from_h: float = 1, hours: float = 4, **more: Any) -> ShiftTimes:
    from_at = now + timedelta(hours=from_h)
    return ShiftTimes(from_at, from_at + timedelta(hours=hours), **more)


def planned(van: Vehicle, by: Actor, now: datetime, **options: Any) -> Shift:
    wanted: dict[str, Any] = {"vehicle_id": van.pk, "times": times(now)}
    return plan_shift(courier_id=van.courier_id, by=by, now=now, **(wanted | options))


def test_a_shift_starts_at_home_unless_told_otherwise(
    van: Vehicle, driver: Actor, now: datetime
) -> None:
    shift = planned(van, driver, now)
    assert Point(shift.start_lon, shift.start_lat) == TAIPEI
    assert (shift.end_lon, shift.county_code, shift.road_group) == (None, "63000", "main")
    event = Event.objects.get(type="shift.planned")
    assert "start" not in str(event.payload)


def test_a_shift_that_starts_on_an_island_is_of_the_island(
    van: Vehicle, driver: Actor, now: datetime
) -> None:
    shift = planned(van, driver, now, start=KINMEN, end=KINMEN)
    assert shift.road_group != "main"
    with pytest.raises(Invalid) as refused:
        planned(van, driver, now, times=times(now, 10), start=TAIPEI, end=KINMEN)
    assert refused.value.fields["end"][0].code == "other_road_group"


@pytest.mark.parametrize("from_h", [-2, 1, 3, 4.9])
def test_two_shifts_of_one_courier_do_not_overlap(
    van: Vehicle, driver: Actor, now: datetime, from_h: float
) -> None:
    planned(van, driver, now)
    with pytest.raises(ShiftOverlaps):
        planned(van, driver, now, times=times(now, from_h))
    assert Shift.objects.count() == 1


def test_one_shift_may_begin_when_the_other_ends(
    van: Vehicle, driver: Actor, now: datetime
) -> None:
    planned(van, driver, now)
    planned(van, driver, now, times=times(now, 5))
    assert Shift.objects.count() == 2


@pytest.mark.parametrize(
    ("from_h", "hours", "code"),
    [
        (-5, 4, "over"),
        (1, 0.1, "too_short"),
        (1, 17, "too_long"),
        (5, -1, "too_short"),
        (5000, 4, "too_far_ahead"),
    ],
)
def test_times_that_cannot_be_driven_are_refused(
    now: datetime, from_h: float, hours: float, code: str
) -> None:
    wrong = objection(times(now, from_h, hours), now=now)
    assert wrong is not None
    assert wrong[1] == code


@given(
    break_s=st.integers(-1, 20_000),
    from_min=st.integers(-60, 300),
    length_min=st.integers(-10, 300),
)
def test_a_break_that_passes_always_lies_within_the_shift(
    break_s: int, from_min: int, length_min: int
) -> None:
    begin = MORNING + timedelta(hours=1, minutes=from_min)
    latest = begin + timedelta(minutes=length_min)
    shift = times(MORNING, break_s=break_s, break_from_at=begin, break_until_at=latest)
    if objection(shift, now=MORNING) is None:
        assert break_s > 0
        assert shift.from_at <= begin < latest
        assert latest + timedelta(seconds=break_s) <= shift.until_at


def test_only_an_active_courier_plans(now: datetime, db: None) -> None:
    waiting = make_courier(status="applied")
    van = make_vehicle(waiting)
    with pytest.raises(CourierNotActive):
        planned(van, actor_of(waiting.user), now)


def test_nobody_plans_for_another_or_with_anothers_vehicle(
    courier: Courier, van: Vehicle, driver: Actor, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        planned(van, coordinator, now)
    with pytest.raises(NotFound):
        plan_shift(
            courier_id=courier.pk,
            vehicle_id=make_vehicle().pk,
            times=times(now),
            by=driver,
            now=now,
        )


def test_a_vehicle_in_a_coming_shift_is_not_retired(
    van: Vehicle, driver: Actor, now: datetime
) -> None:
    shift = planned(van, driver, now)
    with pytest.raises(VehicleInUse):
        retire_vehicle(vehicle_id=van.pk, by=driver, now=now)
    cancel_shift(shift_id=shift.pk, reason="unavailable", by=driver, now=now)
    retire_vehicle(vehicle_id=van.pk, by=driver, now=now)
    with pytest.raises(VehicleRetired):
        retire_vehicle(vehicle_id=van.pk, by=driver, now=now)
    with pytest.raises(VehicleRetired):
        planned(van, driver, now)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rocket"},
        {"max_mass_g": 0},
        {"max_mass_g": 10**9},
        {"ambient_ml": 0},
        {"ambient_ml": 10**10},
    ],
)
def test_a_vehicle_that_cannot_be_is_refused(
    courier: Courier, driver: Actor, now: datetime, changes: dict[str, Any]
) -> None:
    sound: dict[str, Any] = {"kind": "van", "max_mass_g": 300_000, "ambient_ml": 2_000_000}
    with pytest.raises(Invalid):
        add_vehicle(courier_id=courier.pk, by=driver, now=now, **(sound | changes))
    assert not Vehicle.objects.exists()
    assert add_vehicle(courier_id=courier.pk, by=driver, now=now, **sound).capacity == [
        300_000,
        2_000_000,
        0,
        0,
        0,
    ]


def test_a_courier_has_a_limited_number_of_vehicles(
    courier: Courier, driver: Actor, now: datetime
) -> None:
    for _number in range(20):
        make_vehicle(courier)
    with pytest.raises(TooManyVehicles):
        add_vehicle(
            courier_id=courier.pk, kind="van", max_mass_g=1, ambient_ml=1, by=driver, now=now
        )


def test_a_shift_is_moved_but_not_onto_another_nor_after_its_end(
    van: Vehicle, driver: Actor, now: datetime
) -> None:
    shift = planned(van, driver, now)
    make_shift(van, from_at=now + timedelta(hours=10))
    moved = change_shift(shift_id=shift.pk, times=times(now, 2), by=driver, now=now)
    assert (moved.version, moved.from_at) == (2, now + timedelta(hours=2))
    with pytest.raises(ShiftOverlaps):
        change_shift(shift_id=shift.pk, times=times(now, 9), by=driver, now=now)
    with pytest.raises(ShiftNotPlanned):
        change_shift(shift_id=shift.pk, longest_route_m=5, by=driver, now=now + timedelta(hours=20))


def test_a_coordinator_cancels_a_shift_once(
    van: Vehicle, driver: Actor, coordinator: Actor, now: datetime
) -> None:
    shift = planned(van, driver, now)
    with pytest.raises(Invalid):
        cancel_shift(shift_id=shift.pk, reason="whim", by=coordinator, now=now)
    cancel_shift(shift_id=shift.pk, reason="weather", by=coordinator, now=now)
    with pytest.raises(IllegalTransition):
        cancel_shift(shift_id=shift.pk, reason="weather", by=coordinator, now=now)
    assert Event.objects.filter(type="shift.cancelled").count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_shifts_planned_at_once_for_one_hour_only_one_is_stored(now: datetime) -> None:
    van = make_vehicle()
    by = actor_of(van.courier.user)
    outcomes: list[str] = []
    gate = threading.Barrier(4)

    def plan() -> None:
        gate.wait()
        try:
            planned(van, by, now)
            outcomes.append("planned")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["planned", *["shift_overlaps"] * 3]
    assert Shift.objects.count() == 1
