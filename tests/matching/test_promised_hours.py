"""Rounds count on hours of drivers that nothing has taken yet, nor will."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Transport
from backend.couriers.models import Shift
from backend.couriers.selectors import promised_hours
from backend.couriers.selectors.promised_hours import free_hours
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from logistics.actions.abandon_route import abandon_route
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.lapse_route_offer import lapse_route_offer
from logistics.models import COMMITTED, AbandonReason, Route, RouteStatus
from logistics.selectors.closed_shifts import NO_MORE_IN_THE_SHIFT, SILENT_AFTER
from logistics.selectors.promised_hours import gone_with_the_shift, promised_by_routes
from matching.actions.decline_offer import decline_offer
from matching.domain.weights import Weights
from matching.models import Offer
from matching.selectors.promised_trips import promised_trips
from matching.selectors.round_inputs import RoundInputs, round_inputs
from tests.builders.claims import make_claim
from tests.builders.couriers import make_shift
from tests.builders.listings import make_listing, make_lot
from tests.builders.logistics import (
    BUILDER,
    driver_of,
    make_accepted_route,
    make_carried_claim,
    make_route_offer,
    make_shipment,
)
from tests.builders.matching import make_offer, run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location, make_recipient

QueryCount = Callable[[int], AbstractContextManager[object]]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]
HOUR = timedelta(hours=1)
#: Some twenty kilometres of road from Taipei, three quarters of an hour.
FAR = Point(121.40, 25.0)
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


def untaken(*shifts: Shift) -> list[Interval]:
    """What no route has taken of shifts, and nothing else either."""
    return [hours for each in free_hours(shifts).values() for hours in each]


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
    assert untaken(shift) == [(now, shift.until_at)]


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
    assert untaken(shift, other) == [(now, other.until_at)]


@pytest.mark.parametrize("why", sorted(set(AbandonReason) - set(NO_MORE_IN_THE_SHIFT)))
def test_who_gave_a_route_up_for_another_reason_drives_on(
    shift: Shift, now: datetime, why: AbandonReason
) -> None:
    route = make_accepted_route(shift, now=now)
    abandon_route(route_id=route.pk, reason=why, by=driver_of(route), now=now)
    assert untaken(shift) == [(now, shift.until_at)]


def test_nothing_is_promised_on_hours_of_who_does_not_answer(shift: Shift, now: datetime) -> None:
    for _ in range(SILENT_AFTER):
        offer = make_route_offer(shift, now=now)
        lapse_route_offer(offer_id=offer.pk, by=BUILDER, now=offer.answer_by_at)
    assert untaken(shift) == []


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
    now: datetime, django_assert_num_queries: QueryCount
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


def test_a_claim_without_a_route_takes_the_hours_it_will_need(shift: Shift, now: datetime) -> None:
    claim = make_carried_claim(now=now)
    [window] = windows(now)
    assert now < window.from_at < now + HOUR
    assert window.until_at == shift.until_at
    shipment = make_shipment(claim, now=now)
    route = make_accepted_route(shift, [shipment], now=now)
    assert windows(now) == [(route.ends_at, shift.until_at)]


def test_a_claim_that_is_given_back_gives_its_hours_back(shift: Shift, now: datetime) -> None:
    claim = make_carried_claim(now=now)
    cancel_claim(claim_id=claim.pk, reason="not_needed", by=BUILDER, now=now)
    assert windows(now) == [(now, shift.until_at)]


def test_an_offer_that_waits_for_an_answer_takes_hours(shift: Shift, now: datetime) -> None:
    offer = make_offer((make_lot(now=now), 4_000), now=now, transport=Transport.COURIER)
    assert [window.until_at for window in windows(now)] == [shift.until_at]
    assert windows(now)[0].from_at > now
    decline_offer(offer_id=offer.pk, by=BUILDER, now=now)
    assert windows(now) == [(now, shift.until_at)]


@pytest.mark.parametrize("transport", [Transport.SELF_COLLECT, Transport.DONOR_DELIVERS])
def test_what_no_driver_brings_takes_no_hours(
    shift: Shift, now: datetime, transport: Transport
) -> None:
    listing = make_listing(now=now, donor_delivers=True)
    make_claim(listing.lots.get(), now=now, transport=transport)
    assert windows(now) == [(now, shift.until_at)]


def test_promised_food_of_another_road_group_takes_no_hours(shift: Shift, now: datetime) -> None:
    elsewhere = make_location(road_group="penghu")
    there = make_location(make_recipient(), road_group="penghu")
    make_carried_claim(make_lot(elsewhere, now=now), now=now, programme=make_taker(there))
    assert windows(now) == [(now, shift.until_at)]


def test_what_can_no_longer_be_fetched_takes_no_hours(shift: Shift, now: datetime) -> None:
    make_carried_claim(now=now)
    over = now + 5 * HOUR
    assert windows(over) == [(over, shift.until_at)]


def test_promised_food_is_looked_up_at_once(
    now: datetime, django_assert_num_queries: QueryCount
) -> None:
    lot = make_lot(now=now)
    make_carried_claim(lot, 1_000, now=now)
    with CaptureQueriesContext(connection) as few:
        promised_trips("main", now=now)
    for _ in range(3):
        make_carried_claim(lot, 1_000, now=now)
    with django_assert_num_queries(len(few)):
        assert len(promised_trips("main", now=now)) == 4


def test_one_driver_is_not_promised_twice(now: datetime) -> None:
    """Two rounds in a row: the second finds the hours taken by what the first promised."""
    far = make_location(point=FAR)
    make_taker()
    make_shift(from_at=now, until_at=now + 2 * HOUR + HOUR / 2)
    for _ in range(2):
        make_listing(far, now=now, allows_self_collect=False)
        run_round()
    assert Offer.objects.count() == 1
