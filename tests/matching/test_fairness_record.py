"""The record of fairness says what the figures say, also when that changes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Sum

from backend.claims.models import Claim, Transport
from backend.custody.actions.decide_incident import decide_incident
from backend.custody.domain.replay import Kind
from backend.custody.models import Incident
from backend.custody.selectors.counted import counted_lines
from backend.events.models import Event
from backend.events.relay import drain
from backend.impact.selectors.figures import delivered
from backend.organizations.models import Programme
from matching import handlers
from matching.models import FairnessEntry
from matching.selectors.fairness import WEIGHS_FOR, received_by_day
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.matching import BUILDER
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

SOON = timedelta(minutes=30)


def noted_g() -> int:
    return int(FairnessEntry.objects.aggregate(total=Sum("mass_g", default=0))["total"])


@pytest.fixture
def claim(now: datetime) -> Claim:
    return make_claim(make_lot(now=now), 10_000, now=now, transport=Transport.COURIER)


def decide(now: datetime, *, counts: bool) -> None:
    incident = Incident.objects.get(status="open")
    decide_incident(incident_id=incident.pk, counts=counts, note="seen", by=BUILDER, now=now)
    drain(now=now)


def deliver_late(claim: Claim, now: datetime) -> datetime:
    """Handed over after the food was safe; what was on its way before counts for nobody."""
    courier = make_courier()
    late = claim.lines.get().lot.safe_until_at + SOON
    hand_over(claim, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)
    hand_over(claim, at=late, courier_id=courier.pk)
    drain(now=late)
    return late


def test_what_waits_for_an_earlier_record_counts_once_that_came(
    claim: Claim, now: datetime
) -> None:
    courier = make_courier()
    hand_over(claim, at=now + 2 * SOON, courier_id=courier.pk)
    drain(now=now + 2 * SOON)
    assert (noted_g(), delivered().mass_g) == (0, 0)
    hand_over(claim, Kind.COLLECTED, at=now + SOON, now=now + 3 * SOON, courier_id=courier.pk)
    drain(now=now + 3 * SOON)
    assert (noted_g(), delivered().mass_g) == (10_000, 10_000)


def test_what_a_coordinator_has_to_decide_counts_when_it_is_decided(
    claim: Claim, now: datetime
) -> None:
    late = deliver_late(claim, now)
    assert noted_g() == 0
    decide(late, counts=True)
    assert noted_g() == delivered().mass_g == 10_000


def test_what_is_decided_not_to_count_is_never_noted(claim: Claim, now: datetime) -> None:
    late = deliver_late(claim, now)
    decide(late, counts=False)
    assert noted_g() == delivered().mass_g == 0


def test_what_no_longer_counts_is_taken_back_with_the_weight_of_its_day(
    claim: Claim, now: datetime
) -> None:
    courier = make_courier()
    hand_over(claim, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)
    given = hand_over(claim, at=now + 2 * SOON, courier_id=courier.pk)
    drain(now=now + 2 * SOON)
    assert noted_g() == 10_000
    Incident.objects.create(
        hand_over=given, code="too_warm", county_code=given.county_code, opened_at=now
    )
    handlers.count_what_was_received(Event.objects.get(type="custody.delivered"))
    handlers.count_what_was_received(Event.objects.get(type="custody.delivered"))
    entries = FairnessEntry.objects.order_by("nth").values_list("mass_g", "at", "nth")
    assert list(entries) == [(10_000, given.at, 1), (-10_000, given.at, 2)]


def test_what_goes_to_a_hub_counts_for_nobody(now: datetime) -> None:
    hub = make_location(make_organization(is_hub=True, is_donor=True), is_hub=True)
    into_hub = make_claim(make_lot(now=now), 10_000, now=now, programme=make_taker(hub))
    hand_over(into_hub, at=now + SOON)
    drain(now=now + SOON)
    assert not FairnessEntry.objects.exists()
    assert not counted_lines().exists()


class TestReadingIt:
    def entry(self, programme: Programme, mass_g: int, at: datetime) -> None:
        FairnessEntry.objects.create(
            programme=programme,
            county_code=programme.location.county_code,
            mass_g=mass_g,
            at=at,
            cause_type="custody.handover",
            cause_id=uuid4(),
        )

    def test_a_day_is_one_row_however_often_something_came(self, now: datetime) -> None:
        taker, other = make_taker(), make_taker()
        for minutes in range(20):
            self.entry(taker, 1_000, now + timedelta(minutes=minutes))
        self.entry(taker, 500, now - timedelta(days=1))
        self.entry(other, -300, now)
        by_day = received_by_day(FairnessEntry.objects.all(), now=now)
        assert by_day == {
            taker.pk: [
                (500, now - timedelta(days=1)),
                (20_000, now + timedelta(minutes=19)),
            ],
            other.pk: [(-300, now)],
        }

    def test_a_day_is_a_day_of_the_region(self, now: datetime) -> None:
        """Midnight in Taipei is 16:00 UTC."""
        taker, midnight = make_taker(), now.replace(hour=16)
        for at in (midnight - timedelta(minutes=1), midnight, midnight + timedelta(hours=8)):
            self.entry(taker, 1_000, at)
        days = received_by_day(FairnessEntry.objects.all(), now=now)[taker.pk]
        assert [mass_g for mass_g, _ in days] == [1_000, 2_000]

    def test_what_is_older_than_half_a_year_is_not_read(self, now: datetime) -> None:
        self.entry(make_taker(), 1_000, now - WEIGHS_FOR)
        assert received_by_day(FairnessEntry.objects.all(), now=now) == {}
