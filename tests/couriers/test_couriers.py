"""A courier's life: applying, being approved, pausing, ending; where they live stays theirs."""

from datetime import datetime, timedelta

import pytest

from backend.common.actor import Actor
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound
from backend.couriers.actions.approve_courier import approve_courier
from backend.couriers.actions.change_courier import change_courier
from backend.couriers.actions.end_courier import end_courier
from backend.couriers.actions.pause_courier import pause_courier
from backend.couriers.actions.read_courier import read_courier
from backend.couriers.actions.register_courier import AlreadyCourier, register_courier
from backend.couriers.actions.resume_courier import resume_courier
from backend.couriers.models import Courier, CourierStatus, ShiftStatus
from backend.events.models import AuditEntry, Event
from backend.geo.domain.points import Point
from backend.organizations.actions.place_in_region import OutsideRegion
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_courier, make_shift, make_vehicle
from tests.builders.organizations import TAIPEI, make_coordinator

KAOHSIUNG = Point(120.3014, 22.6273)


def test_one_applies_and_a_coordinator_of_the_county_approves(
    outsider: Actor, coordinator: Actor, now: datetime
) -> None:
    courier = register_courier(home=TAIPEI, by=outsider, now=now)
    assert (courier.status, courier.county_code, courier.road_group) == (
        "applied",
        "63000",
        "main",
    )
    with pytest.raises(NotAllowed):
        approve_courier(courier_id=courier.pk, by=outsider, now=now)
    far = actor_of(make_coordinator("64000"))
    with pytest.raises(NotAllowed):
        approve_courier(courier_id=courier.pk, by=far, now=now)
    approved = approve_courier(courier_id=courier.pk, by=coordinator, now=now)
    assert approved.status == CourierStatus.ACTIVE
    with pytest.raises(IllegalTransition):
        approve_courier(courier_id=courier.pk, by=coordinator, now=now)


def test_a_coordinator_does_not_approve_themselves(coordinator: Actor, now: datetime) -> None:
    courier = register_courier(home=TAIPEI, by=coordinator, now=now)
    with pytest.raises(NotAllowed):
        approve_courier(courier_id=courier.pk, by=coordinator, now=now)


def test_one_applies_once_and_from_inside_the_region(
    driver: Actor, outsider: Actor, now: datetime
) -> None:
    with pytest.raises(AlreadyCourier):
        register_courier(home=TAIPEI, by=driver, now=now)
    with pytest.raises(OutsideRegion):
        register_courier(home=Point(139.767, 35.681), by=outsider, now=now)
    assert Courier.objects.count() == 1


def test_no_event_tells_where_somebody_lives(outsider: Actor, now: datetime) -> None:
    register_courier(home=TAIPEI, by=outsider, now=now)
    event = Event.objects.get()
    assert "121.5" not in str(event.payload)
    assert event.changed == ["point"]
    assert set(event.audience_rows.values_list("audience", flat=True)) == {
        f"person:{outsider.user_id}",
        "county:63000",
    }


def test_pausing_cancels_the_shifts_to_come_and_not_the_one_under_way(
    courier: Courier, driver: Actor, now: datetime
) -> None:
    van = make_vehicle(courier)
    running = make_shift(van, from_at=now - timedelta(hours=1))
    coming = make_shift(van, from_at=now + timedelta(days=1))
    pause_courier(courier_id=courier.pk, by=driver, now=now)
    running.refresh_from_db()
    coming.refresh_from_db()
    assert (running.status, coming.status) == (ShiftStatus.PLANNED, ShiftStatus.CANCELLED)
    assert Event.objects.filter(type="shift.cancelled").count() == 1
    assert resume_courier(courier_id=courier.pk, by=driver, now=now).status == "active"


def test_an_applicant_does_not_approve_themselves_by_resuming(
    outsider: Actor, now: datetime
) -> None:
    courier = register_courier(home=TAIPEI, by=outsider, now=now)
    with pytest.raises(IllegalTransition):
        resume_courier(courier_id=courier.pk, by=outsider, now=now)


def test_one_who_ended_may_apply_again_and_is_approved_again(
    courier: Courier, driver: Actor, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid):
        end_courier(courier_id=courier.pk, reason="bored", by=driver, now=now)
    end_courier(courier_id=courier.pk, reason="left", by=driver, now=now)
    again = register_courier(home=KAOHSIUNG, by=driver, now=now)
    assert (again.pk, again.status, again.county_code) == (courier.pk, "applied", "64000")
    with pytest.raises(NotAllowed):
        approve_courier(courier_id=courier.pk, by=coordinator, now=now)


def test_a_coordinator_ends_a_courier_with_a_reason_but_pauses_nobody(
    courier: Courier, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        pause_courier(courier_id=courier.pk, by=coordinator, now=now)
    end_courier(courier_id=courier.pk, reason="no_training", by=coordinator, now=now)
    assert AuditEntry.objects.get(action="courier.ended").reason == "no_training"


def test_moving_home_moves_the_county(courier: Courier, driver: Actor, now: datetime) -> None:
    changed = change_courier(courier_id=courier.pk, home=KAOHSIUNG, by=driver, now=now)
    assert (changed.county_code, changed.version) == ("64000", 2)
    change_courier(courier_id=courier.pk, home=KAOHSIUNG, by=driver, now=now)
    assert Event.objects.count() == 1


def test_a_coordinators_look_at_a_courier_is_noted_and_a_strangers_fails(
    courier: Courier, driver: Actor, coordinator: Actor, now: datetime
) -> None:
    read_courier(courier_id=courier.pk, by=driver, now=now)
    assert not AuditEntry.objects.exists()
    read_courier(courier_id=courier.pk, by=coordinator, now=now)
    entry = AuditEntry.objects.get(action="courier.read")
    assert entry.subject_id == courier.user_id
    with pytest.raises(NotFound):
        read_courier(courier_id=courier.pk, by=actor_of(make_courier().user), now=now)
