"""Every end of an offered route, and of a plan that was given up, is told and written down."""

from datetime import datetime, timedelta

import pytest

from backend.events import audiences
from backend.events.models import AuditEntry, Event
from logistics.actions.abandon_route import abandon_route
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.begin_plan import LEASE, AreaBusy
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.lapse_route_offer import lapse_route_offer
from logistics.models import AbandonReason, PlanStatus, RouteOffer, RouteOfferStatus
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_courier
from tests.builders.logistics import (
    BUILDER,
    close_plan,
    driver_of,
    make_plan,
    make_route_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(now: datetime) -> RouteOffer:
    return make_route_offer(now=now)


@pytest.fixture
def other(offer: RouteOffer) -> RouteOffer:
    """The same route, offered to a second driver."""
    return RouteOffer.objects.create(
        route=offer.route,
        courier=make_courier(),
        offered_at=offer.offered_at,
        answer_by_at=offer.answer_by_at + timedelta(minutes=5),
    )


def told(offer: RouteOffer) -> list[str]:
    """What became of the offer, by its events; each is in the audit log as well."""
    types = list(Event.objects.filter(subject_id=offer.pk).values_list("type", flat=True))
    noted = AuditEntry.objects.filter(subject_id=offer.pk).values_list("action", flat=True)
    assert sorted(noted) == sorted(types)
    return types


def test_a_no_is_told_while_others_may_still_say_yes(
    offer: RouteOffer, other: RouteOffer, now: datetime
) -> None:
    by = driver_of(offer.route)
    route = decline_route_offer(offer_id=offer.pk, reason="too_far", by=by, now=now)
    assert route.status == "offered"
    assert told(offer) == ["route.offer_declined"]
    event = Event.objects.get(subject_id=offer.pk)
    assert event.payload["route_id"] == str(route.pk)
    assert AuditEntry.objects.get(subject_id=offer.pk).reason == "too_far"
    heard_by = set(event.audience_rows.values_list("audience", flat=True))
    assert heard_by == {
        audiences.person(offer.courier.user_id),
        audiences.county(route.county_code),
    }
    assert told(other) == []


def test_an_offer_that_lapses_is_told_while_others_may_still_say_yes(
    offer: RouteOffer, other: RouteOffer
) -> None:
    route = lapse_route_offer(offer_id=offer.pk, by=BUILDER, now=offer.answer_by_at)
    assert route is not None
    assert route.status == "offered"
    assert told(offer) == ["route.offer_lapsed"]


def test_a_yes_is_told_and_takes_the_other_offers_back(
    offer: RouteOffer, other: RouteOffer, now: datetime
) -> None:
    accept_route_offer(offer_id=other.pk, by=actor_of(other.courier.user), now=now)
    offer.refresh_from_db()
    assert offer.status == RouteOfferStatus.WITHDRAWN
    assert (told(other), told(offer)) == (["route.offer_accepted"], ["route.offer_withdrawn"])


def test_a_route_that_is_given_up_takes_its_offers_back(
    offer: RouteOffer, other: RouteOffer, now: datetime
) -> None:
    reason = AbandonReason.COORDINATOR
    abandon_route(route_id=offer.route_id, reason=reason, by=BUILDER, now=now)
    assert (told(offer), told(other)) == (["route.offer_withdrawn"],) * 2


def test_a_plan_that_nobody_finished_is_told_to_have_failed(now: datetime) -> None:
    lost = make_plan(now=now)
    with pytest.raises(AreaBusy):
        make_plan(now=now + LEASE - timedelta(seconds=1))
    make_plan(now=now + LEASE)
    lost.refresh_from_db()
    assert (lost.status, lost.finished_at) == (PlanStatus.FAILED, now + LEASE)
    failed = Event.objects.get(type="plan.failed")
    assert (failed.subject_id, failed.payload["area"]) == (lost.pk, lost.area)
    assert AuditEntry.objects.get(action="plan.failed").reason == "abandoned"
    heard_by = set(failed.audience_rows.values_list("audience", flat=True))
    assert heard_by == set(
        Event.objects.filter(type="plan.begun").values_list("audience_rows__audience", flat=True)
    )


def test_a_plan_that_was_finished_is_not_taken_over(now: datetime) -> None:
    close_plan(make_plan(now=now), now=now)
    make_plan(now=now + 2 * LEASE)
    assert not Event.objects.filter(type="plan.failed").exists()
