"""Adding and changing places, their hours and programmes."""

from datetime import date, datetime
from typing import Any

import pytest

from backend.common.actor import Actor
from backend.common.refusals import Invalid, NotAllowed, NotFound, Stale
from backend.events.models import Event
from backend.geo.domain.points import Point, cell
from backend.organizations.actions.add_location import add_location
from backend.organizations.actions.add_programme import NotARecipient, add_programme
from backend.organizations.actions.change_location import change_location
from backend.organizations.actions.change_programme import ProgrammeEnded, change_programme
from backend.organizations.actions.close_location import LocationClosed, close_location
from backend.organizations.actions.close_programme import close_programme
from backend.organizations.actions.move_pin import move_pin
from backend.organizations.actions.place_in_region import OutsideRegion
from backend.organizations.actions.remove_hours_exception import remove_hours_exception
from backend.organizations.actions.set_hours_exception import set_hours_exception
from backend.organizations.actions.set_opening_hours import set_opening_hours
from backend.organizations.domain.hours import WeeklyHours
from backend.organizations.models import Location, Programme
from tests.builders.organizations import TAIPEI, make_programme
from tests.organizations.roles import Role

TOKYO = Point(139.767, 35.681)
KAOHSIUNG = Point(120.3014, 22.6273)


def added(donor: Role, now: datetime, **changes: Any) -> Location:
    wanted: dict[str, Any] = {
        "organization_id": donor.organization.pk,
        "name": "Bakery",
        "address": "2 Example Road",
        "point": TAIPEI,
    }
    return add_location(**(wanted | changes), by=donor.actor, now=now)


def test_a_place_takes_county_township_and_roads_from_its_point(donor: Role, now: datetime) -> None:
    location = added(donor, now, hours=[WeeklyHours(0, 540, 1020)])
    location.refresh_from_db()
    assert (location.county_code, location.township_code) == ("63000", "63000030")
    assert location.road_group == "main"
    assert location.h3_9 == cell(TAIPEI, 9)
    assert location.opening_hours.count() == 1
    assert Event.objects.get(subject_id=location.pk).type == "location.added"


def test_a_place_outside_the_region_is_refused_and_not_stored(donor: Role, now: datetime) -> None:
    before = Location.objects.count()
    with pytest.raises(OutsideRegion) as refused:
        added(donor, now, point=TOKYO)
    assert refused.value.code == "outside_region"
    assert Location.objects.count() == before


@pytest.mark.parametrize("point", [Point(float("nan"), 25.0), Point(500.0, 25.0)])
def test_a_point_off_the_earth_is_outside_the_region(
    donor: Role, now: datetime, point: Point
) -> None:
    with pytest.raises(OutsideRegion):
        added(donor, now, point=point)


def test_staff_add_no_places_but_set_hours(staff: Role, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        added(staff, now)
    hours = [WeeklyHours(5, 600, 1560)]
    set_opening_hours(location_id=staff.location.pk, hours=hours, by=staff.actor, now=now)
    assert [row.closes_minute for row in staff.location.opening_hours.all()] == [1560]


def test_another_tenant_changes_nothing(donor: Role, recipient: Role, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        change_location(
            location_id=donor.location.pk, changes={"name": "Ours"}, by=recipient.actor, now=now
        )


def test_a_change_raises_the_version_once_and_names_what_changed(
    donor: Role, now: datetime
) -> None:
    changed = change_location(
        location_id=donor.location.pk,
        changes={"name": "Back door", "phone": "02-1234"},
        by=donor.actor,
        now=now,
    )
    assert changed.version == 2
    event = Event.objects.get(type="location.changed")
    assert event.changed == ["name", "phone"]
    assert "02-1234" not in str(event.payload)


def test_a_change_to_the_same_values_is_no_change(donor: Role, now: datetime) -> None:
    change_location(
        location_id=donor.location.pk,
        changes={"name": donor.location.name},
        by=donor.actor,
        now=now,
    )
    assert not Event.objects.exists()


def test_a_change_to_an_outdated_version_is_stale(donor: Role, now: datetime) -> None:
    with pytest.raises(Stale):
        change_location(
            location_id=donor.location.pk,
            changes={"name": "Later"},
            version=7,
            by=donor.actor,
            now=now,
        )


def test_moving_the_pin_moves_the_county_and_both_counties_hear(donor: Role, now: datetime) -> None:
    moved = move_pin(location_id=donor.location.pk, point=KAOHSIUNG, by=donor.actor, now=now)
    assert moved.county_code == "64000"
    heard = Event.objects.get(type="location.moved").audience_rows
    assert {"county:63000", "county:64000"} <= set(heard.values_list("audience", flat=True))


def test_a_closed_place_stays_closed(donor: Role, now: datetime) -> None:
    close_location(location_id=donor.location.pk, by=donor.actor, now=now)
    with pytest.raises(LocationClosed):
        close_location(location_id=donor.location.pk, by=donor.actor, now=now)
    with pytest.raises(LocationClosed):
        move_pin(location_id=donor.location.pk, point=KAOHSIUNG, by=donor.actor, now=now)
    assert not Location.objects.in_use().filter(pk=donor.location.pk).exists()


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ([WeeklyHours(0, 540, 720), WeeklyHours(0, 700, 800)], "overlap"),
        ([WeeklyHours(6, 1200, 1500), WeeklyHours(0, 30, 90)], "overlap"),
        ([WeeklyHours(0, 0, 1441)], "too_long"),
        ([WeeklyHours(day, hour * 60, hour * 60 + 30) for day in range(7) for hour in range(7)],
         "too_many"),
    ],
)  # fmt: skip
def test_unsound_hours_are_refused_and_the_old_ones_stay(
    donor: Role, now: datetime, hours: list[WeeklyHours], code: str
) -> None:
    before = donor.location.opening_hours.count()
    with pytest.raises(Invalid) as refused:
        set_opening_hours(location_id=donor.location.pk, hours=hours, by=donor.actor, now=now)
    assert refused.value.fields["hours"][0].code == code
    assert donor.location.opening_hours.count() == before


def test_hours_that_touch_are_fine(donor: Role, now: datetime) -> None:
    hours = [WeeklyHours(0, 540, 720), WeeklyHours(0, 720, 800)]
    set_opening_hours(location_id=donor.location.pk, hours=hours, by=donor.actor, now=now)
    assert donor.location.opening_hours.count() == 2


def test_an_exception_replaces_the_day_and_can_be_taken_back(donor: Role, now: datetime) -> None:
    day = date(2026, 6, 19)
    pk = donor.location.pk
    set_hours_exception(location_id=pk, local_date=day, spans=[], by=donor.actor, now=now)
    assert donor.location.hours_exceptions.get().opens_minute is None
    set_hours_exception(location_id=pk, local_date=day, spans=[(600, 700)], by=donor.actor, now=now)
    assert donor.location.hours_exceptions.get().opens_minute == 600
    remove_hours_exception(location_id=pk, local_date=day, by=donor.actor, now=now)
    assert not donor.location.hours_exceptions.exists()
    with pytest.raises(NotFound):
        remove_hours_exception(location_id=pk, local_date=day, by=donor.actor, now=now)


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        (date(2026, 6, 9), []),
        (date(2028, 6, 9), []),
        (date(2026, 6, 19), [(600, 500)]),
        (date(2026, 6, 19), [(600, 700), (650, 800)]),
    ],
)
def test_an_exception_that_cannot_be_is_refused(
    donor: Role, now: datetime, day: date, spans: list[tuple[int, int]]
) -> None:
    with pytest.raises(Invalid):
        set_hours_exception(
            location_id=donor.location.pk, local_date=day, spans=spans, by=donor.actor, now=now
        )
    assert not donor.location.hours_exceptions.exists()


def test_a_charity_adds_changes_and_ends_a_programme(recipient: Role, now: datetime) -> None:
    programme = add_programme(
        location_id=recipient.location.pk,
        name="Lunch for elders",
        people_per_week=80,
        diet_rules=["vegetarian"],
        by=recipient.actor,
        now=now,
    )
    change_programme(
        programme_id=programme.pk, changes={"people_per_week": 90}, by=recipient.actor, now=now
    )
    close_programme(programme_id=programme.pk, by=recipient.actor, now=now)
    with pytest.raises(ProgrammeEnded):
        change_programme(
            programme_id=programme.pk, changes={"people_per_week": 1}, by=recipient.actor, now=now
        )
    types = Event.objects.filter(subject_id=programme.pk).order_by("id")
    assert list(types.values_list("type", flat=True)) == [
        "programme.added",
        "programme.changed",
        "programme.closed",
    ]


def test_a_donor_has_no_programmes(donor: Role, now: datetime) -> None:
    with pytest.raises(NotARecipient):
        add_programme(
            location_id=donor.location.pk,
            name="Lunch",
            people_per_week=80,
            by=donor.actor,
            now=now,
        )
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"diet_rules": ["nothing"]}, {"people_per_week": 0}, {"max_distance_m": 10**9}],
)
def test_a_programme_with_unknown_codes_or_absurd_figures_is_refused(
    recipient: Role, now: datetime, changes: dict[str, Any]
) -> None:
    programme = make_programme(recipient.location)
    with pytest.raises(Invalid):
        change_programme(programme_id=programme.pk, changes=changes, by=recipient.actor, now=now)


def test_a_coordinator_looks_but_does_not_touch(
    donor: Role, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        close_location(location_id=donor.location.pk, by=coordinator, now=now)
