"""When a donor hands out food for longer, drivers may fetch it for as long."""

from datetime import datetime, timedelta

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.events.models import Event
from backend.events.relay import drain
from backend.listings.actions.change_listing import change_listing
from logistics import handlers
from logistics.models import Shipment, ShipmentStatus
from logistics.tasks import expire_due
from tests.builders.logistics import BUILDER, make_accepted_route, make_shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

LONGER = timedelta(hours=2)


@pytest.fixture
def shipment(now: datetime) -> Shipment:
    made = make_shipment(now=now)
    drain(now=now)
    return made


def prolong(shipment: Shipment, now: datetime) -> datetime:
    """The new end of the pickup window, after everybody has heard of it."""
    listing = shipment.claim.listing
    until_at = listing.pickup_until_at + LONGER
    change_listing(listing_id=listing.pk, by=BUILDER, now=now, pickup_until_at=until_at)
    drain(now=now)
    shipment.refresh_from_db()
    return until_at


def test_what_waits_can_be_fetched_for_as_long(shipment: Shipment, now: datetime) -> None:
    before_at, version = shipment.pickup_until_at, shipment.version
    until_at = prolong(shipment, now)
    assert (shipment.pickup_until_at, shipment.version) == (until_at, version + 1)
    event = Event.objects.get(type="shipment.widened")
    assert (event.subject_id, event.subject_version) == (shipment.pk, version + 1)
    expire_due(now=before_at)
    shipment.refresh_from_db()
    assert shipment.status == ShipmentStatus.WAITING


def test_an_earlier_beginning_counts_as_well(shipment: Shipment, now: datetime) -> None:
    from_at = shipment.pickup_from_at - timedelta(minutes=30)
    listing_id = shipment.claim.listing_id
    change_listing(listing_id=listing_id, by=BUILDER, now=now, pickup_from_at=from_at)
    drain(now=now)
    shipment.refresh_from_db()
    assert shipment.pickup_from_at == from_at


def test_receivers_hours_reach_as_far_as_the_new_window(now: datetime) -> None:
    shipment = make_shipment(now=now)
    Shipment.objects.filter(pk=shipment.pk).update(delivery_windows=[])
    prolong(shipment, now)
    assert shipment.delivery_windows


def test_a_route_that_carries_it_goes_on(shipment: Shipment, now: datetime) -> None:
    route = make_accepted_route(shipments=[shipment], now=now)
    shipment.refresh_from_db()
    until_at = prolong(shipment, now)
    assert shipment.pickup_until_at == until_at
    assert shipment.status == ShipmentStatus.PLANNED
    assert route.commitments.get().shipment_id == shipment.pk


def test_what_has_ended_and_other_changes_leave_it_alone(shipment: Shipment, now: datetime) -> None:
    before_at = shipment.pickup_until_at
    listing_id = shipment.claim.listing_id
    change_listing(listing_id=listing_id, by=BUILDER, now=now, title="Bread of the day")
    drain(now=now)
    cancel_claim(claim_id=shipment.claim_id, reason="mistake", by=BUILDER, now=now)
    drain(now=now)
    prolong(shipment, now)
    assert shipment.pickup_until_at == before_at
    assert not Event.objects.filter(type="shipment.widened").exists()


def test_hearing_of_it_twice_changes_nothing_more(shipment: Shipment, now: datetime) -> None:
    prolong(shipment, now)
    handlers.follow_pickup_window(Event.objects.get(type="listing.changed"))
    assert Event.objects.filter(type="shipment.widened").count() == 1
