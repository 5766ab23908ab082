"""Recurring listings: which days they fall on, and that each day opens at most one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.common.actor import system
from backend.listings.actions.change_schedule import change_schedule
from backend.listings.actions.check_schedule import SchedulePlan
from backend.listings.actions.create_schedule import create_schedule
from backend.listings.actions.end_schedule import end_schedule
from backend.listings.actions.open_scheduled import open_scheduled
from backend.listings.actions.skip_date import AlreadyOpened, skip_date
from backend.listings.domain.draft import LotDraft
from backend.listings.domain.recurrence import BadRule, checked, dates_between
from backend.listings.domain.template import Template, UsualLot
from backend.listings.models import Listing, ListingSchedule
from backend.listings.tasks import open_due
from backend.organizations.models import Organization
from tests.builders.organizations import make_location

SYSTEM = system("tests.step")
START = date(2026, 6, 10)


def plan(**fields: object) -> SchedulePlan:
    """Bread every day from 20:00 to 22:00, good until the next day."""
    bread = UsualLot(lot=LotDraft(category="bread", declared_g=8_000), use_by_in_days=1)
    chosen: dict[str, object] = {
        "title": "Bread every evening",
        "rule": "FREQ=DAILY",
        "starts_date": START,
        "opens_minute": 1_200,
        "closes_minute": 1_320,
        "template": Template(lots=(bread,)),
    }
    return SchedulePlan(**(chosen | fields))  # type: ignore[arg-type]


def make_schedule(now: datetime, **fields: object) -> ListingSchedule:
    return create_schedule(location_id=make_location().pk, plan=plan(**fields), by=SYSTEM, now=now)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of June 2026 by the wall clock of Taipei."""
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.django_db
def test_a_day_opens_half_a_day_before_its_window(now: datetime) -> None:
    make_schedule(now)
    assert open_due(now=local(10, 7, 59)) == 0
    assert open_due(now=local(10, 8)) == 1
    listing = Listing.objects.get()
    assert (listing.local_date, listing.source, listing.status) == (START, "schedule", "open")
    assert (listing.pickup_from_at, listing.pickup_until_at) == (local(10, 20), local(10, 22))
    assert listing.lots.get().use_by_date == date(2026, 6, 11)


@pytest.mark.django_db
def test_a_second_sweep_opens_nothing_twice(now: datetime) -> None:
    schedule = make_schedule(now)
    open_due(now=local(10, 9))
    assert open_due(now=local(10, 10)) == 0
    again = open_scheduled(schedule_id=schedule.pk, local_date=START, by=SYSTEM, now=local(10, 10))
    assert again is None
    assert Listing.objects.count() == 1


@pytest.mark.django_db
def test_food_cooked_on_the_day_is_offered_only_then(now: datetime) -> None:
    soup = UsualLot(lot=LotDraft(category="soup", declared_g=5_000), cooked_minute=18 * 60)
    make_schedule(now, template=Template(lots=(soup,)))
    assert open_due(now=local(10, 17, 59)) == 0
    assert open_due(now=local(10, 18)) == 1
    assert Listing.objects.get().lots.get().cooked_at == local(10, 18)


@pytest.mark.django_db
def test_a_day_that_is_over_is_not_made_up_for(now: datetime) -> None:
    make_schedule(now)
    assert open_due(now=local(10, 22)) == 0


@pytest.mark.django_db
def test_a_window_across_midnight_belongs_to_the_day_it_begins(now: datetime) -> None:
    make_schedule(now, closes_minute=25 * 60)
    assert open_due(now=local(11, 0, 30)) == 1
    assert Listing.objects.get().local_date == START


@pytest.mark.django_db
def test_days_left_out_and_ended_schedules_open_nothing(now: datetime) -> None:
    schedule = make_schedule(now)
    for _ in range(2):
        skip_date(schedule_id=schedule.pk, local_date=START, by=SYSTEM, now=now)
    assert open_due(now=local(10, 12)) == 0
    end_schedule(schedule_id=schedule.pk, by=SYSTEM, now=now)
    assert open_due(now=local(11, 12)) == 0


@pytest.mark.django_db
def test_a_day_that_is_open_already_cannot_be_left_out(now: datetime) -> None:
    schedule = make_schedule(now)
    open_due(now=local(10, 12))
    with pytest.raises(AlreadyOpened):
        skip_date(schedule_id=schedule.pk, local_date=START, by=SYSTEM, now=now)


@pytest.mark.django_db
def test_changing_touches_only_days_that_are_not_open_yet(now: datetime) -> None:
    schedule = make_schedule(now)
    open_due(now=local(10, 12))
    later = change_schedule(
        schedule_id=schedule.pk,
        plan=plan(closes_minute=1_380),
        from_date=START,
        by=SYSTEM,
        now=local(10, 12),
    )
    assert later.starts_date == date(2026, 6, 11)
    assert Listing.objects.get().pickup_until_at == local(10, 22)
    open_due(now=local(11, 12))
    assert Listing.objects.count() == 2
    assert Listing.objects.get(local_date=date(2026, 6, 11)).pickup_until_at == local(11, 23)


@pytest.mark.django_db
def test_a_suspended_donor_opens_nothing_and_the_sweep_goes_on(now: datetime) -> None:
    suspended = make_schedule(now)
    make_schedule(now)
    Organization.objects.filter(pk=suspended.organization_id).update(status="suspended")
    assert open_due(now=local(10, 12)) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=DAILY;UNTIL=20270101",
        "FREQ=DAILY;INTERVAL=0",
        "BYDAY=MO",
        "",
        "noise",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;INTERVAL=99999",
        "FREQ=MONTHLY;BYMONTHDAY=99",
    ],
)
def test_rules_beyond_the_kept_subset_are_refused(rule: str) -> None:
    with pytest.raises(BadRule):
        checked(rule)


@settings(deadline=None, max_examples=60)
@given(
    days=st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    length=st.integers(0, 60),
)
def test_a_weekly_rule_falls_on_its_weekdays_and_on_all_of_them(
    days: set[str], first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = dates_between(
        checked(f"FREQ=WEEKLY;BYDAY={','.join(sorted(days))}"),
        starts_date=date(2026, 1, 1),
        ends_date=None,
        skipped=(),
        first=first,
        last=last,
    )
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    span = [first + timedelta(days=offset) for offset in range(length + 1)]
    assert found == [day for day in span if names[day.weekday()] in days]
