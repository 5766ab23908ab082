"""Rounds count on hours of drivers that no route has taken yet."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.couriers.models import Shift
from backend.couriers.selectors import promised_hours
from backend.couriers.selectors.promised_hours import free_hours
from backend.organizations.domain.hours import Interval
from logistics.actions.abandon_route import abandon_route
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.lapse_route_offer import lapse_route_offer
from logistics.models import COMMITTED, AbandonReason, Route, RouteStatus
from logistics.selectors.closed_shifts import NO_MORE_IN_THE_SHIFT, SILENT_AFTER
from logistics.selectors.promised_hours import gone_with_the_shift, promised_by_routes
from matching.domain.weights import Weights
from matching.models import Offer
from matching.selectors.round_inputs import RoundInputs, round_inputs
from tests.builders.couriers import make_shift
from tests.builders.listings import make_listing
from tests.builders.logistics import BUILDER, driver_of, make_accepted_route, make_route_offer
from tests.builders.matching import run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
HOUR = timedelta(hours=1)
OVER = sorted(set(RouteStatus) - set(COMMITTED) - {RouteStatus.DRAFT})


@pytest.fixture
def shift(now: datetime) -> Shift:
    """From now on, for six hours."""
    return make_shift(from_at=now)


def promise(shift: Shift, from_at: datetime, until_at: datetime, **fields: Any) -> Route:
    """A route of the shift that leaves and is back at these times."""
    route = make_accepted_route(shift, now=shift.from_at)
    Route.objects.filter(pk=route.pk).update(starts_at=from_at, ends_at=until_at, **fields)
    return route


def inputs_at(now: datetime) -> RoundInputs:
    return round_inputs("main", now=now, weights=Weights())


def windows(now: datetime) -> list[Interval]:
    """When somebody drives, for the next round."""
    return [courier.window for courier in inputs_at(now).problem.couriers]


def test_logistics_tells_which_hours_are_gone() -> None:
    assert {promised_by_routes, gone_with_the_shift} <= set(promised_hours._promises)


def test_a_shift_of_which_nothing_is_promised_is_one_courier(shift: Shift, now: datetime) -> None:
    [courier] = inputs_at(now).problem.couriers
    assert (courier.shift_id, courier.window) == (str(shift.pk), (now, now + 6 * HOUR))


def test_a_shift_that_is_promised_wholly_gives_no_courier(shift: Shift, now: datetime) -> None:
    promise(shift, now, shift.until_at)
    assert windows(now) == []


def test_a_promise_in_the_middle_leaves_two_pieces(shift: Shift, now: datetime) -> None:
    promise(shift, now + 2 * HOUR, now + 3 * HOUR)
    before, after = inputs_at(now).problem.couriers
    assert before.window == (now, now + 2 * HOUR)
    assert after.window == (now + 3 * HOUR, now + 6 * HOUR)
    assert before.shift_id != after.shift_id
    assert (before.mass_g, before.volume_ml) == (after.mass_g, after.volume_ml)
    assert before.volume_ml["chilled"] == shift.vehicle.chilled_ml


def test_pieces_keep_their_names_while_time_goes_on(shift: Shift, now: datetime) -> None:
    promise(shift, now + 2 * HOUR, now + 3 * HOUR)
    early, late = inputs_at(now), inputs_at(now + HOUR)
    names = [[each.shift_id for each in one.problem.couriers] for one in (early, late)]
    assert names[0] == names[1]
    assert early.digest == late.digest


def test_a_route_on_offer_takes_its_hours(shift: Shift, now: datetime) -> None:
    route = make_route_offer(shift, now=now).route
    assert windows(now) == [(route.ends_at, shift.until_at)]


def test_a_route_that_is_declined_gives_its_hours_back(shift: Shift, now: datetime) -> None:
    offer = make_route_offer(shift, now=now)
    decline_route_offer(offer_id=offer.pk, reason="", by=driver_of(offer.route), now=now)
    assert windows(now) == [(now, shift.until_at)]


@pytest.mark.parametrize("status", OVER)
def test_routes_that_are_over_give_hours_back(
    shift: Shift, now: datetime, status: RouteStatus
) -> None:
    promise(shift, now + HOUR, now + 2 * HOUR, status=status)
    assert windows(now) == [(now, shift.until_at)]


@pytest.mark.parametrize("why", NO_MORE_IN_THE_SHIFT)
def test_nobody_drives_after_a_breakdown_or_an_illness(
    shift: Shift, now: datetime, why: AbandonReason
) -> None:
    route = make_accepted_route(shift, now=now)
    other = make_shift(from_at=now)
    abandon_route(route_id=route.pk, reason=why, by=driver_of(route), now=now)
    [courier] = inputs_at(now).problem.couriers
    assert courier.shift_id == str(other.pk)


@pytest.mark.parametrize("why", sorted(set(AbandonReason) - set(NO_MORE_IN_THE_SHIFT)))
def test_who_gave_a_route_up_for_another_reason_drives_on(
    shift: Shift, now: datetime, why: AbandonReason
) -> None:
    route = make_accepted_route(shift, now=now)
    abandon_route(route_id=route.pk, reason=why, by=driver_of(route), now=now)
    assert windows(now) == [(now, shift.until_at)]


def test_nothing_is_promised_on_hours_of_who_does_not_answer(shift: Shift, now: datetime) -> None:
    for _ in range(SILENT_AFTER):
        offer = make_route_offer(shift, now=now)
        lapse_route_offer(offer_id=offer.pk, by=BUILDER, now=offer.answer_by_at)
    assert windows(offer.answer_by_at) == []


def test_a_draft_promises_nothing(shift: Shift, now: datetime) -> None:
    promise(shift, now + HOUR, now + 2 * HOUR, status=RouteStatus.DRAFT)
    assert windows(now) == [(now, shift.until_at)]


def test_hours_given_back_are_news_to_the_digest(shift: Shift, now: datetime) -> None:
    """A round that found nobody then is not taken for one on the same inputs."""
    route = promise(shift, now + 5 * HOUR, shift.until_at)
    promised = inputs_at(now).digest
    Route.objects.filter(pk=route.pk).update(ends_at=shift.until_at - HOUR / 2)
    longer = inputs_at(now).digest
    Route.objects.filter(pk=route.pk).update(status=RouteStatus.ABANDONED)
    assert len({promised, longer, inputs_at(now).digest}) == 3


def test_a_moment_between_two_routes_is_no_piece(shift: Shift, now: datetime) -> None:
    promise(shift, now, now + HOUR)
    promise(shift, now + HOUR + timedelta(seconds=20), shift.until_at - HOUR)
    assert windows(now) == [(shift.until_at - HOUR, shift.until_at)]


def test_promises_of_other_shifts_take_nothing(shift: Shift, now: datetime) -> None:
    promise(make_shift(from_at=now), now, now + 6 * HOUR)
    assert windows(now) == [(now, shift.until_at)]


def test_all_shifts_are_asked_about_at_once(
    now: datetime, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    shifts = [make_shift(from_at=now) for _ in range(4)]
    for each in shifts:
        promise(each, now + HOUR, now + 2 * HOUR)
    with django_assert_num_queries(2):
        free = free_hours(shifts)
    assert [len(free[each.pk]) for each in shifts] == [2] * 4
    with django_assert_num_queries(0):
        assert free_hours([]) == {}


@pytest.mark.parametrize("is_promised", [False, True])
def test_nothing_is_offered_on_hours_that_a_route_has_taken(
    now: datetime, is_promised: bool
) -> None:
    listing = make_listing(make_location(), now=now, allows_self_collect=False)
    make_taker()
    shift = make_shift(from_at=now)
    if is_promised:
        promise(shift, now, shift.until_at)
    run_round()
    offers = Offer.objects.filter(proposals__lot__listing=listing)
    assert offers.exists() is not is_promised
