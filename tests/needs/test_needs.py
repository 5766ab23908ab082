"""What charities say they need, allow and can take in."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.common.actor import Actor, system
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound
from backend.events.models import AuditEntry, EventAudience
from backend.needs.actions.give_back_capacity import NotTaken, give_back_capacity
from backend.needs.actions.give_consent import give_consent
from backend.needs.actions.lapse_request import lapse_request
from backend.needs.actions.meet_request import meet_request
from backend.needs.actions.post_request import NotVerified
from backend.needs.actions.set_capacity import set_capacity
from backend.needs.actions.set_standing_need import set_standing_need
from backend.needs.actions.take_capacity import CapacityFull, take_capacity
from backend.needs.actions.withdraw_consent import withdraw_consent
from backend.needs.actions.withdraw_request import withdraw_request
from backend.needs.models import Capacity, CapacityUse, StandingConsent, StandingNeed
from backend.needs.selectors import consents_in_force, public_requests, room_left
from backend.needs.tasks import lapse_due
from backend.organizations.models import Location, Programme
from tests.builders.accounts import actor_of
from tests.builders.needs import make_capacity, make_consent, make_request
from tests.builders.organizations import (
    make_location,
    make_member,
    make_programme,
    make_recipient,
    make_staff,
)

pytestmark = pytest.mark.django_db
SYSTEM = system("tests.step")
TODAY = date(2026, 6, 10)


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def manager(programme: Programme) -> Actor:
    return actor_of(make_member(programme.location.organization))


@pytest.fixture
def staff(programme: Programme) -> Actor:
    return actor_of(make_staff(programme.location.organization))


@pytest.fixture
def outsider() -> Actor:
    return actor_of(make_member(make_recipient()))


def take(place: Location, mass_g: int, on: date = TODAY) -> None:
    now = datetime.fromisoformat("2026-06-10T02:00:00Z")
    take_capacity(
        location_id=place.pk, storage_class="chilled", local_date=on, mass_g=mass_g, now=now
    )


def give_back(place: Location, mass_g: int) -> None:
    now = datetime.fromisoformat("2026-06-10T02:00:00Z")
    give_back_capacity(
        location_id=place.pk, storage_class="chilled", local_date=TODAY, mass_g=mass_g, now=now
    )


def test_a_need_is_stated_replaced_and_taken_back(
    programme: Programme, staff: Actor, now: datetime
) -> None:
    for grams in (5_000, 7_000):
        set_standing_need(
            programme_id=programme.pk,
            category_group="bakery",
            grams_per_week=grams,
            by=staff,
            now=now,
        )
    assert StandingNeed.objects.get().grams_per_week == 7_000
    none_left = set_standing_need(
        programme_id=programme.pk, category_group="bakery", grams_per_week=0, by=staff, now=now
    )
    assert none_left is None
    assert not StandingNeed.objects.exists()
    assert AuditEntry.objects.filter(action="need.changed").count() == 3


UNFIT_NEEDS = [
    ("gold", 1, "category_group"),
    ("bakery", -1, "grams_per_week"),
    ("bakery", 10**12, "grams_per_week"),
]


@pytest.mark.parametrize("case", UNFIT_NEEDS, ids=["unknown", "negative", "absurd"])
def test_a_need_of_something_unknown_or_absurd_is_refused(
    programme: Programme, staff: Actor, now: datetime, case: tuple[str, int, str]
) -> None:
    group, grams, field = case
    with pytest.raises(Invalid) as refusal:
        set_standing_need(
            programme_id=programme.pk,
            category_group=group,
            grams_per_week=grams,
            by=staff,
            now=now,
        )
    assert list(refusal.value.fields) == [field]


def test_others_cannot_speak_for_the_charity(
    programme: Programme, outsider: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        set_standing_need(
            programme_id=programme.pk,
            category_group="bakery",
            grams_per_week=1,
            by=outsider,
            now=now,
        )
    with pytest.raises(NotAllowed):
        set_capacity(
            location_id=programme.location_id,
            storage_class="ambient",
            limit_g=1,
            by=outsider,
            now=now,
        )


def test_only_managers_consent(
    programme: Programme, manager: Actor, staff: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        give_consent(programme_id=programme.pk, max_g_per_day=1_000, by=staff, now=now)
    consent = give_consent(programme_id=programme.pk, max_g_per_day=1_000, by=manager, now=now)
    assert consent.given_by_id == manager.user_id


def test_a_new_consent_replaces_the_old_one(programme: Programme, now: datetime) -> None:
    first = make_consent(programme, now=now)
    make_consent(programme, now=now, category_groups=["bakery"])
    first.refresh_from_db()
    assert first.withdrawn_at == now
    assert StandingConsent.objects.in_force().get().category_groups == ["bakery"]


def test_consent_withdrawn_or_over_is_not_in_force(programme: Programme, now: datetime) -> None:
    consent = make_consent(programme, now=now, until_date=TODAY)
    assert consents_in_force(on=TODAY).exists()
    assert not consents_in_force(on=TODAY + timedelta(days=1)).exists()
    for _ in range(2):
        withdraw_consent(consent_id=consent.pk, by=SYSTEM, now=now)
    assert not consents_in_force(on=TODAY).exists()
    assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


def test_room_is_taken_up_to_the_limit_and_not_beyond(now: datetime) -> None:
    place = make_location(make_recipient())
    make_capacity(place, chilled=5_000)
    take(place, 3_000)
    take(place, 2_000)
    with pytest.raises(CapacityFull):
        take(place, 1)
    take(place, 5_000, on=TODAY + timedelta(days=1))
    assert room_left([place.pk], on=TODAY)[place.pk] == {"chilled": 0}


def test_a_storage_class_that_was_never_stated_takes_nothing(now: datetime) -> None:
    place = make_location(make_recipient())
    with pytest.raises(CapacityFull):
        take(place, 1)
    assert room_left([place.pk], on=TODAY)[place.pk] == {}


def test_a_lowered_limit_keeps_promises_and_takes_hold_as_they_end(
    staff: Actor, programme: Programme, now: datetime
) -> None:
    place = programme.location
    make_capacity(place, chilled=5_000)
    take(place, 4_000)
    set_capacity(location_id=place.pk, storage_class="chilled", limit_g=3_000, by=staff, now=now)
    use = CapacityUse.objects.get()
    assert (use.used_g, use.limit_g) == (4_000, 4_000)
    give_back(place, 2_000)
    use.refresh_from_db()
    assert (use.used_g, use.limit_g) == (2_000, 3_000)
    set_capacity(location_id=place.pk, storage_class="chilled", limit_g=9_000, by=staff, now=now)
    take(place, 7_000)
    with pytest.raises(CapacityFull):
        take(place, 1)


def test_a_capacity_of_nothing_is_no_capacity(
    staff: Actor, programme: Programme, now: datetime
) -> None:
    make_capacity(programme.location, chilled=5_000)
    gone = set_capacity(
        location_id=programme.location_id, storage_class="chilled", limit_g=0, by=staff, now=now
    )
    assert gone is None
    assert not Capacity.objects.exists()


def test_giving_back_what_was_not_taken_is_a_bug_that_shows(now: datetime) -> None:
    place = make_location(make_recipient())
    make_capacity(place, chilled=5_000)
    take(place, 1_000)
    with pytest.raises(NotTaken):
        give_back(place, 1_001)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.sampled_from(["take", "back", "limit"]), st.integers(1, 6_000))))
def test_what_is_taken_is_what_was_not_given_back(
    steps: list[tuple[str, int]], now: datetime
) -> None:
    place = make_location(make_recipient())
    make_capacity(place, chilled=5_000)
    limit_g, used_g = 5_000, 0
    for step, mass_g in steps:
        if step == "limit":
            set_capacity(
                location_id=place.pk, storage_class="chilled", limit_g=mass_g, by=SYSTEM, now=now
            )
            limit_g = mass_g
        elif step == "take" and used_g + mass_g <= limit_g:
            take(place, mass_g)
            used_g += mass_g
        elif step == "take":
            with pytest.raises(CapacityFull):
                take(place, mass_g)
        elif mass_g <= used_g:
            give_back(place, mass_g)
            used_g -= mass_g
        room = room_left([place.pk], on=TODAY)[place.pk]
        assert room == {"chilled": max(0, limit_g - used_g)}


def test_a_public_request_stands_on_the_need_board_until_it_ends(
    programme: Programme, now: datetime
) -> None:
    private = make_request(programme, now=now)
    public = make_request(programme, now=now, is_public=True)
    assert list(public_requests(now=now)) == [public]
    assert EventAudience.objects.filter(audience="public").count() == 1
    assert not public_requests(now=public.needed_until_at).exists()
    withdraw_request(request_id=public.pk, by=SYSTEM, now=now)
    assert not public_requests(now=now).exists()
    assert meet_request(request_id=private.pk, by=SYSTEM, now=now).status == "met"


def test_a_request_ends_once(programme: Programme, now: datetime) -> None:
    request = make_request(programme, now=now)
    withdraw_request(request_id=request.pk, by=SYSTEM, now=now)
    for again in (withdraw_request, meet_request, lapse_request):
        with pytest.raises(IllegalTransition):
            again(request_id=request.pk, by=SYSTEM, now=now)


def test_requests_lapse_when_their_time_is_over(programme: Programme, now: datetime) -> None:
    request = make_request(programme, now=now)
    assert lapse_due(now=request.needed_until_at - timedelta(seconds=1)) == 0
    assert lapse_due(now=request.needed_until_at) == 1
    assert lapse_due(now=request.needed_until_at) == 0
    request.refresh_from_db()
    assert request.status == "lapsed"


@pytest.mark.parametrize("hours", [-1, 0, 24 * 61])
def test_a_request_for_a_time_out_of_range_is_refused(
    programme: Programme, now: datetime, hours: int
) -> None:
    with pytest.raises(Invalid):
        make_request(programme, now=now, needed_until_at=now + timedelta(hours=hours))


def test_an_unverified_charity_cannot_ask(now: datetime) -> None:
    place = make_location(make_recipient(status="applied"))
    with pytest.raises(NotVerified):
        make_request(make_programme(place), now=now)


def test_a_programme_that_ended_is_not_found(now: datetime) -> None:
    with pytest.raises(NotFound):
        make_request(make_programme(closed_at=now), now=now)
