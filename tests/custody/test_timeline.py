"""The stations of a claim, told to its sides only."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Transport
from backend.common.actor import person, system
from backend.custody.actions.record_attempt import record_attempt
from backend.custody.domain.replay import Kind
from backend.custody.models import AttemptReason
from backend.custody.selectors.timeline import Stage, timeline
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.organizations import make_member

pytestmark = pytest.mark.django_db
STEP = system("tests.step")
SOON = timedelta(minutes=30)


def test_from_the_offer_to_the_table(now: datetime) -> None:
    lot = make_lot(now=now)
    claim = make_claim(lot, 4_000, now=now + SOON, transport=Transport.COURIER)
    courier = make_courier()
    warm = {"temperature_dc": 45}
    hand_over(claim, Kind.COLLECTED, at=now + 2 * SOON, courier_id=courier.pk, line=warm)
    hand_over(claim, at=now + 3 * SOON, courier_id=courier.pk, accepted_g=3_900)
    donor = actor_of(make_member(lot.listing.organization))
    stations = timeline(donor, claim.pk)
    assert [(each.stage, each.at - now, each.mass_g) for each in stations] == [
        (Stage.OFFERED, timedelta(), 10_000),
        (Stage.PROMISED, SOON, 4_000),
        (Stage.COLLECTED, 2 * SOON, 4_000),
        (Stage.DELIVERED, 3 * SOON, 3_900),
    ]
    assert stations[2].temperature_dc == 45
    assert timeline(person(uuid4()), claim.pk) == []


def test_visits_in_vain_and_the_end_are_stations_too(now: datetime) -> None:
    claim = make_claim(make_lot(now=now), 4_000, now=now)
    record_attempt(
        client_id=uuid4(),
        claim_id=claim.pk,
        is_pickup=True,
        reason=AttemptReason.CLOSED,
        at=now + SOON,
        by=STEP,
        now=now + SOON,
    )
    cancel_claim(claim_id=claim.pk, reason="no_transport", by=STEP, now=now + 2 * SOON)
    stations = timeline(STEP, claim.pk)
    assert [(each.stage, each.reason) for each in stations[2:]] == [
        (Stage.ATTEMPTED, "closed"),
        (Stage.ENDED, "no_transport"),
    ]


def test_a_record_that_waits_for_an_earlier_one_says_so(now: datetime) -> None:
    claim = make_claim(make_lot(now=now), 4_000, now=now, transport=Transport.COURIER)
    hand_over(claim, at=now + SOON, courier_id=make_courier().pk)
    [*_, delivered] = timeline(STEP, claim.pk)
    assert (delivered.waits, delivered.breach_codes) == (True, ("nothing_to_hand_over",))
