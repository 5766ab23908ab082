"""Standing consent holds at the instant of the acceptance, not at that of a look before."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from backend.claims.models import Claim
from backend.needs.actions.give_consent import give_consent
from backend.needs.actions.withdraw_consent import withdraw_consent
from backend.needs.models import StandingConsent
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from matching.actions.accept_by_consent import NotConsented, accept_by_consent
from matching.models import Offer, OfferStatus
from tests.builders.listings import make_lot
from tests.builders.matching import BUILDER, make_offer
from tests.builders.needs import make_consent, make_taker

A_WHILE_S = 0.5


def offers(now: datetime, programme: Programme, count: int) -> list[Offer]:
    return [
        make_offer((make_lot(now=now), 6_000), now=now, programme=programme) for _ in range(count)
    ]


def accept_apart(offer: Offer, now: datetime, results: list[Any]) -> Thread:
    """On a connection of its own, which may have to wait."""

    def run() -> None:
        try:
            results.append(accept_by_consent(offer_id=offer.pk, by=BUILDER, now=now))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(A_WHILE_S)
    return thread


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestAtTheSameInstant:
    def test_two_rounds_together_take_no_more_than_a_day_allows(self, now: datetime) -> None:
        taker = make_taker()
        make_consent(taker, now=now, max_g_per_day=10_000)
        first, second = offers(now, taker, 2)
        results: list[Any] = []
        with transaction.atomic():
            accept_by_consent(offer_id=first.pk, by=BUILDER, now=now)
            thread = accept_apart(second, now, results)
        thread.join()
        assert [type(one) for one in results] == [NotConsented]
        assert Claim.objects.count() == 1
        assert Offer.objects.get(pk=second.pk).status == OfferStatus.OFFERED

    def test_what_is_withdrawn_meanwhile_accepts_nothing(self, now: datetime) -> None:
        taker = make_taker()
        consent = make_consent(taker, now=now)
        (offer,) = offers(now, taker, 1)
        results: list[Any] = []
        with transaction.atomic():
            withdraw_consent(consent_id=consent.pk, by=BUILDER, now=now)
            thread = accept_apart(offer, now, results)
        thread.join()
        assert [type(one) for one in results] == [NotConsented]

    def test_a_consent_is_replaced_after_an_acceptance_that_is_under_way(
        self, now: datetime
    ) -> None:
        taker = make_taker()
        make_consent(taker, now=now)
        (offer,) = offers(now, taker, 1)

        def replace() -> None:
            give_consent(programme_id=taker.pk, max_g_per_day=1, by=BUILDER, now=now)
            connection.close()

        with transaction.atomic():
            accept_by_consent(offer_id=offer.pk, by=BUILDER, now=now)
            thread = Thread(target=replace)
            thread.start()
            thread.join(A_WHILE_S)
        thread.join()
        assert Claim.objects.count() == 1
        assert StandingConsent.objects.in_force().get().max_g_per_day == 1


@pytest.mark.django_db
def test_it_has_to_be_in_force_on_the_day_of_receipt(now: datetime) -> None:
    taker, today = make_taker(), local_date(now, pack().zone)
    make_consent(taker, now=now, until_date=today)
    lot = make_lot(now=now)
    tomorrow = make_offer(
        (lot, 4_000), now=now, programme=taker, receive_date=today + timedelta(days=1)
    )
    with pytest.raises(NotConsented):
        accept_by_consent(offer_id=tomorrow.pk, by=BUILDER, now=now)
