"""Somebody changes what may be promised at the moment in which it is promised."""

from datetime import date, datetime

import pytest
from django.db import transaction

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Transport
from backend.common.actor import system
from backend.common.refusals import Invalid, Refusal
from backend.listings.actions.change_listing import change_listing
from backend.listings.models import Listing
from backend.needs.actions.set_capacity import set_capacity
from backend.needs.actions.take_capacity import take_capacity
from backend.needs.models import Capacity, CapacityUse
from tests.builders.claims import make_claim
from tests.builders.listings import make_lot
from tests.builders.needs import make_taker
from tests.builders.racing import Meanwhile

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

BY = system("tests.race")
DAY = date(2026, 6, 10)


def test_a_way_of_transport_is_not_taken_away_while_somebody_is_promised_it(now: datetime) -> None:
    lot = make_lot(now=now)
    taker = make_taker()
    with transaction.atomic():
        make_claim(lot, 10_000, now=now, programme=taker, transport=Transport.SELF_COLLECT)
        change = Meanwhile(
            lambda: change_listing(
                listing_id=lot.listing_id, by=BY, now=now, allows_self_collect=False
            )
        )
    assert isinstance(change.end(), Invalid)
    assert Listing.objects.get().allows_self_collect


def test_a_way_of_transport_that_is_taken_away_is_promised_to_nobody(now: datetime) -> None:
    lot, taker = make_lot(now=now), make_taker()
    with transaction.atomic():
        change_listing(listing_id=lot.listing_id, by=BY, now=now, allows_self_collect=False)
        claim = Meanwhile(
            lambda: reserve_claim(
                listing_id=lot.listing_id,
                programme_id=taker.pk,
                shares={lot.pk: 1_000},
                transport=Transport.SELF_COLLECT,
                source="hand",
                by=BY,
                now=now,
            )
        )
    assert isinstance(claim.end(), Refusal)


def test_a_lower_limit_holds_for_the_day_that_is_being_taken_for_the_first_time(
    now: datetime,
) -> None:
    place = make_taker(room_g=100_000).location_id
    with transaction.atomic():
        take_capacity(
            location_id=place, storage_class="ambient", local_date=DAY, mass_g=1_000, now=now
        )
        lower = Meanwhile(
            lambda: set_capacity(
                location_id=place, storage_class="ambient", limit_g=5_000, by=BY, now=now
            )
        )
    assert isinstance(lower.end(), Capacity)
    use = CapacityUse.objects.get(location=place)
    assert (use.used_g, use.limit_g) == (1_000, 5_000)
