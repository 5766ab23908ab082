"""A route is offered to one courier, and the answer decides what becomes of its shipments."""

from datetime import datetime, timedelta

import pytest

from backend.claims.models import ClaimStatus
from backend.common.actor import Actor, system
from backend.common.refusals import Invalid, NotFound, Stale
from backend.couriers.actions.cancel_shift import cancel_shift
from backend.events.models import Event
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.answer_route_offer import OfferOver
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.offer_route import RouteOutdated, offer_route
from logistics.models import (
    Commitment,
    Route,
    RouteOfferStatus,
    RouteStatus,
    Shipment,
    ShipmentStatus,
)
from logistics.tasks import lapse_due
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_shift
from tests.builders.logistics import (
    BUILDER,
    draft_of,
    driver_of,
    make_accepted_route,
    make_plan,
    make_route_offer,
    make_shipment,
)

pytestmark = pytest.mark.django_db
STEP = system("tests.step")
SOON = timedelta(minutes=15)


@pytest.fixture
def shipment(now: datetime) -> Shipment:
    return make_shipment(now=now)


@pytest.fixture
def outsider() -> Actor:
    return actor_of(make_shift(from_at=datetime.fromisoformat("2026-06-10T02:00Z")).courier.user)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def test_a_yes_makes_the_route_the_couriers(shipment: Shipment, now: datetime) -> None:
    offer = make_route_offer(shipments=[shipment], now=now)
    accepted = accept_route_offer(offer_id=offer.pk, by=driver_of(offer.route), now=now)
    assert accepted.status == RouteStatus.ACCEPTED
    shipment.claim.refresh_from_db()
    assert shipment.claim.status == ClaimStatus.SCHEDULED
    told = Event.objects.get(type="route.offered")
    assert told.payload["offer_id"] == str(offer.pk)
    assert_sound()


def test_only_the_courier_who_was_asked_answers(now: datetime, outsider: Actor) -> None:
    offer = make_route_offer(now=now)
    for answer in (accept_route_offer,):
        with pytest.raises(NotFound):
            answer(offer_id=offer.pk, by=outsider, now=now)
    with pytest.raises(NotFound):
        decline_route_offer(offer_id=offer.pk, reason="", by=outsider, now=now)


def test_an_answer_after_the_time_is_refused(now: datetime) -> None:
    offer = make_route_offer(now=now)
    with pytest.raises(OfferOver):
        accept_route_offer(offer_id=offer.pk, by=driver_of(offer.route), now=offer.answer_by_at)


def test_a_second_answer_is_refused(now: datetime) -> None:
    offer = make_route_offer(now=now)
    by = driver_of(offer.route)
    accept_route_offer(offer_id=offer.pk, by=by, now=now)
    with pytest.raises(OfferOver):
        decline_route_offer(offer_id=offer.pk, reason="", by=by, now=now)


def test_an_answer_to_another_version_is_refused(now: datetime) -> None:
    offer = make_route_offer(now=now)
    with pytest.raises(Stale):
        accept_route_offer(offer_id=offer.pk, by=driver_of(offer.route), now=now, if_version=7)


def test_a_no_lets_the_shipments_wait_for_another(shipment: Shipment, now: datetime) -> None:
    offer = make_route_offer(shipments=[shipment], now=now)
    decline_route_offer(offer_id=offer.pk, reason="too_far", by=driver_of(offer.route), now=now)
    shipment.refresh_from_db()
    shipment.claim.refresh_from_db()
    assert (shipment.status, shipment.claim.status) == ("waiting", "reserved")
    assert Route.objects.get().status == RouteStatus.DECLINED
    assert not Commitment.objects.exists()
    assert_sound()


def test_a_no_for_a_made_up_reason_is_refused(now: datetime) -> None:
    offer = make_route_offer(now=now)
    with pytest.raises(Invalid):
        decline_route_offer(offer_id=offer.pk, reason="tired", by=driver_of(offer.route), now=now)


def test_silence_lapses_the_offer_once(shipment: Shipment, now: datetime) -> None:
    offer = make_route_offer(shipments=[shipment], now=now)
    assert lapse_due(now=offer.answer_by_at - timedelta(seconds=1)) == 0
    assert lapse_due(now=offer.answer_by_at) == 1
    assert lapse_due(now=offer.answer_by_at) == 0
    offer.refresh_from_db()
    assert offer.status == RouteOfferStatus.LAPSED
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.WAITING
    assert_sound()


def test_two_plans_cannot_put_one_shipment_on_two_routes(shipment: Shipment, now: datetime) -> None:
    first, second = make_shift(from_at=now), make_shift(from_at=now)
    plan = make_plan(now=now)
    offer_route(plan=plan, draft=draft_of(first, [shipment], now=now), by=BUILDER, now=now)
    with pytest.raises(RouteOutdated):
        offer_route(plan=plan, draft=draft_of(second, [shipment], now=now), by=BUILDER, now=now)
    assert Route.objects.count() == 1
    assert_sound()


def test_a_plan_that_lost_its_lease_offers_nothing(shipment: Shipment, now: datetime) -> None:
    late = make_plan(now=now)
    make_plan(now=now + timedelta(minutes=5))
    draft = draft_of(make_shift(from_at=now), [shipment], now=now)
    with pytest.raises(RouteOutdated):
        offer_route(plan=late, draft=draft, by=BUILDER, now=now)


def test_a_shift_that_changed_since_the_plan_gets_no_route(
    shipment: Shipment, now: datetime
) -> None:
    shift = make_shift(from_at=now)
    draft = draft_of(shift, [shipment], now=now)
    type(shift).objects.filter(pk=shift.pk).update(version=2)
    with pytest.raises(RouteOutdated):
        offer_route(plan=make_plan(now=now), draft=draft, by=BUILDER, now=now)


def test_a_cancelled_shift_gives_its_routes_to_others(shipment: Shipment, now: datetime) -> None:
    route = make_accepted_route(shipments=[shipment], now=now)
    cancel_shift(shift_id=route.shift_id, reason="unavailable", by=driver_of(route), now=now)
    drain(now=now)
    route.refresh_from_db()
    shipment.refresh_from_db()
    assert (route.status, shipment.status) == (RouteStatus.ABANDONED, ShipmentStatus.WAITING)
    assert_sound()
