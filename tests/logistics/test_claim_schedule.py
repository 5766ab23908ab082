"""A claim is scheduled while all that is left of it is on a route, however many drive it."""

from datetime import datetime, timedelta

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim, ClaimSource, ClaimStatus, Transport
from backend.custody.domain.replay import Kind
from backend.events.models import Event
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from backend.listings.models import Listing
from logistics.actions.abandon_route import abandon_route
from logistics.actions.offer_route import RouteOutdated, offer_route
from logistics.models import AbandonReason, Commitment, Shipment
from logistics.tasks import expire_due
from tests.builders.couriers import make_courier, make_shift
from tests.builders.custody import hand_over
from tests.builders.listings import lot_draft, make_listing
from tests.builders.logistics import (
    BUILDER,
    draft_of,
    make_accepted_route,
    make_carried_claim,
    make_plan,
    make_route_offer,
)
from tests.builders.needs import make_taker

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=30)


@pytest.fixture
def listing(now: datetime) -> Listing:
    """Bread and milk, which go in different boxes."""
    return make_listing(now=now, lots=(lot_draft(), lot_draft(category="milk")))


@pytest.fixture
def claim(listing: Listing, now: datetime) -> Claim:
    made = reserve_claim(
        listing_id=listing.pk,
        programme_id=make_taker().pk,
        shares={lot.pk: 2_000 for lot in listing.lots.all()},
        transport=Transport.COURIER,
        source=ClaimSource.HAND,
        by=BUILDER,
        now=now,
    )
    drain(now=now)
    return made


def shipments(claim: Claim) -> list[Shipment]:
    return list(claim.shipments.order_by("storage_class"))


def status(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.status


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def test_it_is_scheduled_with_the_last_of_its_shipments(claim: Claim, now: datetime) -> None:
    bread, milk = shipments(claim)
    make_route_offer(shipments=[bread], now=now)
    assert status(claim) == ClaimStatus.RESERVED
    make_route_offer(shipments=[milk], now=now)
    assert status(claim) == ClaimStatus.SCHEDULED
    assert Event.objects.filter(type="claim.scheduled").count() == 1
    assert_sound()


def test_one_route_that_carries_both_schedules_it_once(claim: Claim, now: datetime) -> None:
    make_route_offer(shipments=shipments(claim), now=now)
    assert status(claim) == ClaimStatus.SCHEDULED
    assert Event.objects.filter(type="claim.scheduled").count() == 1


def test_it_falls_back_when_one_is_released(claim: Claim, now: datetime) -> None:
    bread, milk = shipments(claim)
    make_accepted_route(shipments=[bread], now=now)
    route = make_accepted_route(shipments=[milk], now=now)
    abandon_route(route_id=route.pk, reason=AbandonReason.HEALTH, by=BUILDER, now=now)
    assert status(claim) == ClaimStatus.RESERVED
    assert Event.objects.filter(type="claim.unscheduled").count() == 1
    assert_sound()


def test_it_is_scheduled_when_what_waited_was_cut_to_nothing(
    listing: Listing, now: datetime
) -> None:
    bread, milk = listing.lots.order_by("storage_class")
    older = make_carried_claim(milk, milk.declared_g, now=now)
    cancel_claim(claim_id=older.pk, reason="mistake", by=BUILDER, now=now)
    claim = reserve_claim(
        listing_id=listing.pk,
        programme_id=make_taker().pk,
        shares={bread.pk: 2_000, milk.pk: milk.declared_g},
        transport=Transport.COURIER,
        source=ClaimSource.HAND,
        by=BUILDER,
        now=now,
    )
    drain(now=now)
    make_route_offer(shipments=[claim.shipments.get(storage_class="ambient")], now=now)
    hand_over(older, Kind.COLLECTED, at=now + SOON, courier_id=make_courier().pk)
    drain(now=now + SOON)
    assert status(claim) == ClaimStatus.SCHEDULED
    assert_sound()


def test_it_is_open_again_when_nobody_set_out_in_time(claim: Claim, now: datetime) -> None:
    make_accepted_route(shipments=shipments(claim), now=now)
    expire_due(now=claim.listing.pickup_until_at)
    assert status(claim) == ClaimStatus.RESERVED


def test_a_route_with_a_claim_that_has_ended_meanwhile_is_outdated(
    claim: Claim, now: datetime
) -> None:
    """Before logistics has heard of the end: the shipments still wait."""
    plan, draft = make_plan(now=now), draft_of(make_shift(from_at=now), shipments(claim), now=now)
    cancel_claim(claim_id=claim.pk, reason="mistake", by=BUILDER, now=now)
    with pytest.raises(RouteOutdated):
        offer_route(plan=plan, draft=draft, by=BUILDER, now=now)
    assert not Commitment.objects.exists()
    assert status(claim) == ClaimStatus.CANCELLED
