"""A late record takes food from newer claims at the moment in which those are given back."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.step_claim import locked_claim
from backend.claims.models import Claim, ClaimStatus, Transport
from backend.common.actor import system
from backend.common.refusals import Refusal
from backend.couriers.models import Courier
from backend.custody.actions import record_hand_over as recording
from backend.custody.domain.replay import Kind
from backend.custody.models import HandOver
from backend.impact.selectors.invariants import check_all
from backend.listings.models import Lot
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.custody import hand_over
from tests.builders.listings import make_uncontested_lot
from tests.builders.racing import Meanwhile, race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

BY = system("tests.race")
SOON = timedelta(minutes=30)
TIMES = 5


def given_back(lot: Lot, now: datetime) -> Claim:
    """Driven, cancelled, and in truth on board of somebody."""
    claim = make_claim(lot, 8_000, now=now, transport=Transport.COURIER)
    cancel_claim(claim_id=claim.pk, reason="mistake", by=BY, now=now)
    return claim


def collect(claim: Claim, courier: Courier, now: datetime) -> HandOver:
    return hand_over(claim, Kind.COLLECTED, at=now + SOON, courier_id=courier.pk)


def cancel(claim: Claim, now: datetime) -> Claim:
    return cancel_claim(claim_id=claim.pk, reason="not_needed", by=BY, now=now + SOON)


def assert_sound() -> None:
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def test_a_record_waits_for_the_claim_that_is_being_given_back(now: datetime) -> None:
    """The cancellation holds its claim and wants the lot; the record must not hold the lot yet."""
    lot = make_uncontested_lot(now=now)
    held, newer, courier = given_back(lot, now), make_claim(lot, 9_000, now=now), make_courier()
    with transaction.atomic():
        locked_claim(newer.pk)
        record = Meanwhile(lambda: collect(held, courier, now))
        cancel(newer, now)
    assert isinstance(record.end(), HandOver)
    newer.refresh_from_db()
    assert newer.status == ClaimStatus.CANCELLED
    assert_sound()


def test_without_that_order_the_record_and_the_cancellation_block_each_other(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the record holds its own claim only, and asks for the other after the lot."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: nobody waits for two things")

    def own_alone(claim_id: UUID) -> Claim:
        return locked_claim(claim_id)

    monkeypatch.setattr(recording, "lock_claim", own_alone)
    lot = make_uncontested_lot(now=now)
    held, newer, courier = given_back(lot, now), make_claim(lot, 9_000, now=now), make_courier()
    try:
        with transaction.atomic():
            locked_claim(newer.pk)
            record = Meanwhile(lambda: collect(held, courier, now))
            cancel(newer, now)
    except OperationalError as error:
        broken: object = error
        record.end()
    else:
        broken = record.end()
    assert "deadlock" in str(broken)


def test_late_records_new_claims_and_cancellations_never_block_each_other(now: datetime) -> None:
    """What was cut to nothing, or is no longer there, is refused; records never are."""
    courier = make_courier()
    for _ in range(TIMES):
        lot = make_uncontested_lot(now=now)
        held = [given_back(lot, now) for _ in range(2)]
        newer = [make_claim(lot, 4_000, now=now) for _ in range(2)]
        results = race(
            *(lambda one=one: collect(one, courier, now) for one in held),
            *(lambda one=one: cancel(one, now) for one in newer),
            lambda lot=lot: make_claim(lot, 1_000, now=now),
        )
        assert all(isinstance(each, HandOver) for each in results[: len(held)]), results
        assert all(isinstance(each, Claim | Refusal) for each in results[len(held) :]), results
    assert_sound()
