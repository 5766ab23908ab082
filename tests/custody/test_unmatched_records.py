"""A record that waits for an earlier one, and the one that explains it, are told."""

from datetime import datetime, timedelta

import pytest

from backend.claims.models import Claim
from backend.couriers.models import Courier
from backend.custody.domain.replay import Kind
from backend.custody.models import HandOverStatus
from backend.events import audiences
from backend.events.models import AuditEntry, Event
from tests.builders.custody import hand_over

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=30)


def test_a_delivery_without_its_collection_waits_and_is_told(
    driven: Claim, courier: Courier, now: datetime
) -> None:
    delivered = hand_over(driven, at=now + SOON, courier_id=courier.pk)
    event = Event.objects.get(type="custody.unmatched")
    assert (delivered.status, event.subject_id) == (HandOverStatus.UNMATCHED, delivered.pk)
    assert event.payload["claim_id"] == str(driven.pk)
    heard_by = set(event.audience_rows.values_list("audience", flat=True))
    assert {
        audiences.organization(driven.organization_id),
        audiences.organization(driven.listing.organization_id),
        audiences.person(courier.user_id),
    } <= heard_by


def test_the_collection_that_comes_later_explains_it(
    driven: Claim, courier: Courier, now: datetime
) -> None:
    delivered = hand_over(driven, at=now + SOON, courier_id=courier.pk)
    hand_over(driven, Kind.COLLECTED, at=now, now=now + 2 * SOON, courier_id=courier.pk)
    delivered.refresh_from_db()
    assert delivered.status == HandOverStatus.APPLIED
    assert Event.objects.get(type="custody.matched").subject_id == delivered.pk
    noted = AuditEntry.objects.filter(action__in=("custody.unmatched", "custody.matched"))
    assert set(noted.values_list("subject_id", flat=True)) == {delivered.pk}
    assert noted.count() == 2


def test_what_is_in_order_is_told_once(claim: Claim, now: datetime) -> None:
    hand_over(claim, at=now + SOON)
    types = Event.objects.filter(type__startswith="custody.").values_list("type", flat=True)
    assert list(types) == ["custody.delivered"]
