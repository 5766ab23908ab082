"""Many connections race for the same thing: exactly what there is gets promised, never more.

The twin tests take the guard away, run the same race and show that it is then lost: the race is
real, and what is asserted sees it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import local
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from backend.claims.actions import take_shares
from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.count_claim import MOST_PER_HOUR, TooManyClaims
from backend.claims.actions.lapse_claim import lapse_claim
from backend.claims.models import Claim, ClaimLine, ClaimTally
from backend.common.actor import system
from backend.common.refusals import IllegalTransition, Refusal
from backend.listings.actions.move_mass import NothingLeft
from backend.listings.models import Lot
from backend.needs.actions import take_capacity as capacity
from backend.needs.models import CapacityUse
from backend.organizations.domain.hours import Interval
from tests.builders.balance import assert_balanced
from tests.builders.claims import make_claim
from tests.builders.listings import make_lot
from tests.builders.needs import make_taker
from tests.builders.racing import race

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

KILOGRAM_G = 1_000
CROWD = 20
BY = system("tests.race")
#: What a thread read before the race began.
before = local()


def look() -> None:
    """Read what there is, as somebody does who then decides."""
    before.free_g = list(Lot.objects.values_list("available_g", flat=True))
    before.used_g = list(CapacityUse.objects.values_list("used_g", flat=True))


def claims(results: Sequence[Any]) -> list[Claim]:
    """Those who won; the others must have been told so in so many words."""
    for result in results:
        assert isinstance(result, Claim | Refusal), repr(result)
    return [result for result in results if isinstance(result, Claim)]


def promised_g() -> int:
    return int(ClaimLine.objects.aggregate(sum=Sum("reserved_g"))["sum"] or 0)


def crowd(lot: Lot, mass_g: int, size: int, now: datetime, **fields: Any) -> list[Any]:
    """As many charities, each with room enough, each asking for the same mass."""
    takers = [make_taker() for _ in range(size)]
    return race(
        *(
            lambda taker=taker: make_claim(lot, mass_g, now=now, programme=taker, **fields)
            for taker in takers
        ),
        ready=look,
    )


def last_crate(now: datetime) -> tuple[list[Claim], Lot]:
    lot = make_lot(now=now)
    won = claims(crowd(lot, 10 * KILOGRAM_G, 2, now))
    lot.refresh_from_db()
    return won, lot


def test_two_connections_race_for_the_last_crate_and_one_gets_it(now: datetime) -> None:
    won, lot = last_crate(now)
    assert len(won) == 1
    assert (lot.available_g, lot.reserved_g, promised_g()) == (0, 10_000, 10_000)
    assert_balanced()


def read_then_write(*, lot_id: UUID, mass_g: int, **_: Any) -> None:
    """What `move_mass` would be without its condition: trusts what was read before."""
    (free_g,) = before.free_g
    if free_g < mass_g:
        raise NothingLeft()
    Lot.objects.filter(pk=lot_id).update(
        available_g=free_g - mass_g, reserved_g=10 * KILOGRAM_G - (free_g - mass_g)
    )


def test_without_the_conditional_update_the_last_crate_is_promised_twice(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_shares, "move_mass", read_then_write)
    won, lot = last_crate(now)
    assert len(won) == 2
    assert promised_g() == 2 * lot.declared_g
    with pytest.raises(AssertionError):
        assert_balanced()


def test_a_crowd_gets_exactly_what_there_is(now: datetime) -> None:
    lot = make_lot(now=now)
    results = crowd(lot, KILOGRAM_G, CROWD, now)
    assert len(claims(results)) == 10
    refused = [result for result in results if not isinstance(result, Claim)]
    assert {result.code for result in refused} == {"nothing_left"}
    lot.refresh_from_db()
    assert (lot.available_g, lot.reserved_g, promised_g()) == (0, 10_000, 10_000)
    assert_balanced()


def full_house(now: datetime) -> list[Claim]:
    """A crowd claims for one place that has room for ten kilograms, of food enough for all."""
    lot = make_lot(now=now, declared_g=CROWD * KILOGRAM_G)
    taker = make_taker(room_g=10 * KILOGRAM_G)
    make_claim(lot, KILOGRAM_G, now=now, programme=taker)
    one_more = lambda: make_claim(lot, KILOGRAM_G, now=now, programme=taker)  # noqa: E731
    return claims(race(*[one_more] * (CROWD - 1), ready=look))


def test_a_place_is_never_promised_more_than_its_room(now: datetime) -> None:
    assert len(full_house(now)) == 9
    assert CapacityUse.objects.get().used_g == 10 * KILOGRAM_G
    assert_balanced()


def test_without_its_condition_a_place_is_promised_more_than_its_room(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_what_was_free(location_id: UUID, storage_class: str, on: Any, mass_g: int) -> int:
        uses = CapacityUse.objects.filter(location=location_id, local_date=on)
        if not getattr(before, "used_g", None):
            return uses.update(used_g=mass_g)
        return uses.update(used_g=before.used_g[0] + mass_g)

    monkeypatch.setattr(capacity, "_take", take_what_was_free)
    full_house(now)
    assert promised_g() > CapacityUse.objects.get().used_g
    with pytest.raises(AssertionError):
        assert_balanced()


def test_the_hourly_cap_holds_under_a_crowd(now: datetime) -> None:
    lot = make_lot(now=now, declared_g=CROWD * KILOGRAM_G)
    taker = make_taker()
    make_claim(lot, KILOGRAM_G, now=now, programme=taker)
    ClaimTally.objects.update(claims=MOST_PER_HOUR - 5)
    one_more = lambda: make_claim(lot, KILOGRAM_G, now=now, programme=taker)  # noqa: E731
    results = race(*[one_more] * (CROWD - 1), ready=look)
    assert len(claims(results)) == 5
    refused = [result for result in results if not isinstance(result, Claim)]
    assert all(isinstance(result, TooManyClaims) for result in refused)
    assert ClaimTally.objects.get().claims == MOST_PER_HOUR


def test_lapsing_and_cancelling_at_once_gives_back_once(now: datetime) -> None:
    lot = make_lot(now=now)
    booked = Interval(now, now + timedelta(hours=1))
    due = now + timedelta(hours=2)
    for _ in range(5):
        claim = make_claim(lot, KILOGRAM_G, now=now, booked=booked)
        results = race(
            lambda claim=claim: lapse_claim(claim_id=claim.pk, now=due, by=BY),
            lambda claim=claim: cancel_claim(
                claim_id=claim.pk, reason="not_needed", by=BY, now=due
            ),
        )
        assert all(isinstance(each, Claim | IllegalTransition) for each in results), results
        lot.refresh_from_db()
        assert (lot.available_g, lot.reserved_g) == (10_000, 0)
    assert_balanced()
