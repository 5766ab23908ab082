"""Plans, answers and starts race on connections of their own: exactly one of them wins."""

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from backend.common.refusals import Refusal
from backend.impact.selectors.invariants import check_all
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.begin_plan import AreaBusy
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.offer_route import RouteOutdated, offer_route
from logistics.actions.start_route import AlreadyDriving, start_route
from logistics.models import Commitment, Plan, Route, RouteOffer, Shipment
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_courier, make_shift
from tests.builders.logistics import (
    BUILDER,
    draft_of,
    driver_of,
    make_accepted_route,
    make_plan,
    make_route_offer,
    make_shipment,
)
from tests.builders.racing import Meanwhile, race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def losers(results: list[Any], winner: type) -> list[Any]:
    """Those who did not get it; exactly one did."""
    lost = [result for result in results if not isinstance(result, winner)]
    assert len(lost) == len(results) - 1, results
    return lost


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def test_two_couriers_routes_race_for_one_shipment(now: datetime) -> None:
    shipment = make_shipment(now=now)
    plan = make_plan(now=now)
    drafts = [draft_of(make_shift(from_at=now), [shipment], now=now) for _ in range(2)]
    results = race(
        *(
            lambda draft=draft: offer_route(plan=plan, draft=draft, by=BUILDER, now=now)
            for draft in drafts
        )
    )
    [lost] = losers(results, RouteOffer)
    assert isinstance(lost, RouteOutdated)
    assert (Route.objects.count(), Commitment.objects.count()) == (1, 1)
    assert_sound()


def test_two_plans_race_for_one_area(now: datetime) -> None:
    results = race(*(lambda: make_plan(now=now) for _ in range(4)))
    assert all(isinstance(lost, AreaBusy) for lost in losers(results, Plan))


def test_a_yes_and_a_no_race_and_one_is_heard(now: datetime) -> None:
    offer = make_route_offer(now=now)
    by = driver_of(offer.route)
    results = race(
        lambda: accept_route_offer(offer_id=offer.pk, by=by, now=now),
        lambda: decline_route_offer(offer_id=offer.pk, reason="", by=by, now=now),
    )
    [lost] = losers(results, Route)
    assert isinstance(lost, Refusal)
    route, shipment = Route.objects.get(), Shipment.objects.get()
    assert (route.status, shipment.status) in {("accepted", "planned"), ("declined", "waiting")}
    assert_sound()


def test_a_courier_starts_two_routes_at_once_and_drives_one(now: datetime) -> None:
    first = make_accepted_route(now=now)
    second = make_accepted_route(first.shift, now=now)
    by = driver_of(first)
    results = race(
        *(
            lambda route=route: start_route(route_id=route.pk, by=by, now=now)
            for route in (first, second)
        )
    )
    [lost] = losers(results, Route)
    assert isinstance(lost, AlreadyDriving)
    assert Route.objects.filter(status="under_way").count() == 1
    assert_sound()


def test_of_two_drivers_who_say_no_at_once_the_second_ends_the_route(now: datetime) -> None:
    """Each could see the other's offer as open still; then nobody would be asked ever again."""
    offer = make_route_offer(now=now)
    other = RouteOffer.objects.create(
        route=offer.route,
        courier=make_courier(),
        offered_at=now,
        answer_by_at=offer.answer_by_at,
    )
    with transaction.atomic():
        decline_route_offer(offer_id=offer.pk, reason="", by=driver_of(offer.route), now=now)
        by = actor_of(other.courier.user)
        second = Meanwhile(
            lambda: decline_route_offer(offer_id=other.pk, reason="", by=by, now=now)
        )
    assert isinstance(second.end(), Route)
    assert (Route.objects.get().status, Shipment.objects.get().status) == ("declined", "waiting")
    assert_sound()
