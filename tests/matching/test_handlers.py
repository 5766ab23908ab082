"""What happens by itself: urgent rounds, offers taken back, deliveries counted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.common.clock import SteppedClock
from backend.custody.actions.make_room import make_room
from backend.events.models import Event
from backend.events.relay import drain
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.models import Listing, Lot
from matching import handlers
from matching.actions.accept_offer import accept_offer
from matching.actions.decline_offer import decline_offer
from matching.models import FairnessEntry, Offer, OfferStatus
from matching.tasks import lapse_offers, solve_round
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_listing, make_lot
from tests.builders.matching import BUILDER, make_offer
from tests.matching.balanced import assert_all_balanced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]
SHORT, LONG = timedelta(hours=2), timedelta(hours=4)


class Begun(list[dict[str, Any]]):
    """Rounds that were put in line, by the listing that they are for."""

    def __init__(self, capture: Capture) -> None:
        super().__init__()
        self._capture = capture

    def after(self, act: Callable[[], Any], now: datetime) -> list[list[str]]:
        """The listings of the rounds that began because of `act`."""
        del self[:]
        act()
        with self._capture(execute=True):
            drain(now=now)
        return [each["listing_ids"] for each in self]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture) -> Begun:
    rounds = Begun(django_capture_on_commit_callbacks)
    monkeypatch.setattr(solve_round, "delay", lambda **wanted: rounds.append(wanted))
    return rounds


def short_lived(now: datetime) -> Lot:
    return make_lot_until(now, SHORT)


def make_lot_until(now: datetime, life: timedelta) -> Lot:
    return make_listing(now=now, pickup_until_at=now + life).lots.get()


class TestFoodThatCannotWait:
    def test_a_round_runs_at_once_for_it_alone(self, begun: Begun, now: datetime) -> None:
        made: list[Listing] = []
        rounds = begun.after(
            lambda: made.append(make_listing(now=now, pickup_until_at=now + SHORT)), now
        )
        assert rounds == [[str(made[0].pk)]]
        assert (begun[0]["area"], begun[0]["trigger"]) == ("main", "urgent")

    def test_food_with_time_waits_for_the_next_round(self, begun: Begun, now: datetime) -> None:
        assert begun.after(lambda: make_lot_until(now, LONG), now) == []

    @pytest.mark.parametrize("how", ["declined", "lapsed", "taken in part"])
    def test_what_comes_back_is_offered_on_at_once(
        self, begun: Begun, now: datetime, stepped_clock: SteppedClock, how: str
    ) -> None:
        lot = short_lived(now)
        offer = make_offer((lot, 10_000), now=now)
        drain(now=now)

        def answer() -> None:
            if how == "declined":
                decline_offer(offer_id=offer.pk, by=BUILDER, now=now)
            elif how == "lapsed":
                stepped_clock.move_to(offer.answer_by_at)
                lapse_offers()
            else:
                accept_offer(offer_id=offer.pk, by=BUILDER, now=now, shares={lot.pk: 500})

        assert begun.after(answer, stepped_clock.now()) == [[str(lot.listing_id)]]

    def test_a_claim_given_back_is_offered_on_at_once(self, begun: Begun, now: datetime) -> None:
        lot = short_lived(now)
        claim = make_claim(lot, 10_000, now=now)
        drain(now=now)
        rounds = begun.after(
            lambda: cancel_claim(claim_id=claim.pk, reason="not_needed", by=BUILDER, now=now), now
        )
        assert rounds == [[str(lot.listing_id)]]

    def test_what_was_taken_whole_needs_no_round(self, begun: Begun, now: datetime) -> None:
        offer = make_offer((short_lived(now), 10_000), now=now)
        drain(now=now)
        answer = lambda: accept_offer(offer_id=offer.pk, by=BUILDER, now=now)  # noqa: E731
        assert begun.after(answer, now) == []

    def test_what_is_no_longer_open_needs_no_round(self, begun: Begun, now: datetime) -> None:
        lot = short_lived(now)
        offer = make_offer((lot, 10_000), now=now)
        withdraw_listing(listing_id=lot.listing_id, reason="mistake", by=BUILDER, now=now)
        answer = lambda: decline_offer(offer_id=offer.pk, by=BUILDER, now=now)  # noqa: E731
        assert begun.after(answer, now) == []


def test_offers_of_a_withdrawn_listing_are_taken_back(now: datetime) -> None:
    lot = make_lot(now=now)
    offers = [make_offer((lot, 2_000), now=now) for _ in range(2)]
    withdraw_listing(listing_id=lot.listing_id, reason="mistake", by=BUILDER, now=now)
    drain(now=now)
    assert set(Offer.objects.values_list("status", flat=True)) == {OfferStatus.SUPERSEDED}
    lot.refresh_from_db()
    assert (lot.held_g, lot.withdrawn_g, len(offers)) == (0, 10_000, 2)
    assert_all_balanced()


def test_what_somebody_holds_already_is_taken_out_of_the_offers(now: datetime) -> None:
    """More was fetched than was promised, and the rest is on offer: the holder keeps it."""
    lot = make_lot(now=now)
    claim = make_claim(lot, 5_000, now=now)
    offer = make_offer((lot, 5_000), now=now)
    make_room(line=claim.lines.get(), mass_g=2_000, cause=claim, by=BUILDER, now=now)
    drain(now=now)
    offer.refresh_from_db()
    lot.refresh_from_db()
    assert offer.status == OfferStatus.SUPERSEDED
    assert (lot.held_g, lot.declared_g + lot.adjusted_g) == (0, 10_000)
    assert_all_balanced()


def test_handlers_may_hear_the_same_twice(now: datetime) -> None:
    lot = make_lot(now=now)
    make_offer((lot, 2_000), now=now)
    event = withdrawal(lot, now)
    handlers.take_offers_back(event)
    handlers.take_offers_back(event)
    assert Offer.objects.get().status == OfferStatus.SUPERSEDED
    assert_all_balanced()


def withdrawal(lot: Lot, now: datetime) -> Event:
    withdraw_listing(listing_id=lot.listing_id, reason="mistake", by=BUILDER, now=now)
    return Event.objects.get(type="listing.withdrawn")


def test_a_delivery_counts_once_for_its_programme(now: datetime) -> None:
    """What was promised counts in full while it is on its way, and then as received."""
    claim = make_claim(make_lot(now=now), 5_000, now=now)
    drain(now=now)
    assert not FairnessEntry.objects.exists()
    delivered = hand_over(claim, at=now, accepted_g=4_000)
    drain(now=now)
    entry = FairnessEntry.objects.get()
    assert (entry.programme_id, entry.mass_g) == (claim.programme_id, 4_000)
    assert (entry.county_code, entry.cause_id) == (claim.county_code, delivered.pk)
    handlers.count_what_was_received(Event.objects.get(type="custody.delivered"))
    assert FairnessEntry.objects.count() == 1
