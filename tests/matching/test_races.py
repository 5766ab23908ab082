"""Rounds, answers and sweeps at the same instant, on connections of their own: one wins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim
from backend.common.clock import SteppedClock
from backend.events.models import Event
from backend.listings.actions.move_mass import NothingLeft
from backend.listings.models import Listing, Lot
from backend.needs.models import CapacityUse
from backend.organizations.models import Programme
from matching import tasks
from matching.actions import end_offer
from matching.actions.accept_offer import accept_offer
from matching.actions.decline_offer import decline_offer
from matching.actions.lapse_offer import lapse_offer
from matching.actions.step_offer import OfferOver
from matching.domain.lifecycle import OfferStatus
from matching.models import Offer, Round
from matching.solver_process import Answer
from matching.solver_process import solve as solve_alone
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.matching import BUILDER, make_offer, make_round, run_round
from tests.builders.needs import make_taker
from tests.builders.racing import race
from tests.matching.balanced import assert_all_balanced

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

TIMES = 5


def test_two_rounds_that_saw_the_same_last_crate_offer_it_once(
    now: datetime, stepped_clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read before either offers; what came too late is dropped and counted."""
    lot = make_lot(now=now, step_g=10_000)
    make_taker()
    make_taker()
    both_solved = Barrier(2, timeout=30)

    def together(inputs: Any, *, seed: int) -> Answer:
        answer = solve_alone(inputs, seed=seed)
        both_solved.wait()
        return answer

    monkeypatch.setattr(tasks, "solve", together)
    rounds = race(run_round, run_round)
    assert all(isinstance(each, Round) for each in rounds), rounds
    assert sorted(each.proposals_made for each in rounds) == [0, 1]
    assert sorted(each.proposals_dropped for each in rounds) == [0, 1]
    lot.refresh_from_db()
    assert (lot.available_g, lot.held_g) == (0, 10_000)
    assert_all_balanced()


def crowd(lot: Lot, takers: list[Programme], now: datetime) -> list[Any]:
    """Offers to each and claims by hand of each, all of the whole lot."""
    round_ = make_round(now=now)
    offers = [
        lambda taker=taker: make_offer((lot, 10_000), programme=taker, round_=round_, now=now)
        for taker in takers
    ]
    claims = [
        lambda taker=taker: make_claim(lot, 10_000, programme=taker, now=now) for taker in takers
    ]
    return race(*offers, *claims)


def hurried(now: datetime, **fields: Any) -> Listing:
    """Food with too little time to wait for those who got least."""
    return make_listing(now=now, pickup_until_at=now + timedelta(hours=2), **fields)


def test_offers_and_claims_by_hand_race_for_the_same_crate(now: datetime) -> None:
    for _ in range(TIMES):
        results = crowd(hurried(now).lots.get(), [make_taker() for _ in range(3)], now)
        won = [each for each in results if isinstance(each, Offer | Claim)]
        assert len(won) == 1, results
        assert all(isinstance(each, NothingLeft) for each in results if each not in won), results
    assert_all_balanced()


def test_a_place_is_not_offered_more_than_its_room(now: datetime) -> None:
    taker = make_taker(room_g=10_000)
    round_ = make_round(now=now)
    lots = [make_lot(now=now) for _ in range(4)]
    results = race(
        *[
            lambda lot=lot: make_offer((lot, 5_000), programme=taker, round_=round_, now=now)
            for lot in lots
        ]
    )
    assert sum(isinstance(each, Offer) for each in results) == 2, results
    assert CapacityUse.objects.get().used_g == 10_000
    assert_all_balanced()


def answers(offer: Offer, now: datetime) -> dict[str, Callable[[], Any]]:
    """Everything that can end the offer, at one instant by clocks that do not agree."""
    due = offer.answer_by_at
    return {
        "accept": lambda: accept_offer(
            offer_id=offer.pk, by=BUILDER, now=due - timedelta(microseconds=1)
        ),
        "decline": lambda: decline_offer(offer_id=offer.pk, by=BUILDER, now=now),
        "lapse": lambda: lapse_offer(offer_id=offer.pk, by=BUILDER, now=due),
    }


def ended(results: list[Any]) -> int:
    for each in results:
        assert each is None or isinstance(each, Claim | Offer | OfferOver), repr(each)
    return sum(isinstance(each, Claim | Offer) for each in results)


@pytest.mark.parametrize(
    "rivals", [("accept", "lapse"), ("decline", "lapse"), ("accept", "accept", "decline", "lapse")]
)
def test_of_an_answer_and_the_sweep_at_one_instant_one_wins(
    rivals: tuple[str, ...], now: datetime
) -> None:
    for _ in range(TIMES):
        lot = make_lot(now=now)
        offer = make_offer((lot, 4_000), now=now)
        runners = answers(offer, now)
        assert ended(race(*[runners[name] for name in rivals])) == 1
        offer.refresh_from_db()
        lot.refresh_from_db()
        accepted = offer.status == OfferStatus.ACCEPTED
        assert (lot.held_g, lot.reserved_g) == (0, 4_000 if accepted else 0)
        assert Claim.objects.filter(offer_id=offer.pk).count() == accepted
        assert offer.version == 2
    assert_all_balanced()


def test_answers_claims_and_offers_over_several_lots_never_block_each_other(
    now: datetime,
) -> None:
    """All of them take lots in order first and then rooms in order, so there is no deadlock."""
    drafts = (lot_draft(), lot_draft(category="milk", storage_class="chilled"))
    for _ in range(TIMES):
        lots = list(hurried(now, lots=drafts).lots.all())
        taker, rival, third = make_taker(), make_taker(), make_taker()
        for programme in (rival, third):
            programme.location = taker.location
            programme.save()
        whole = [(lot, 2_000) for lot in lots]
        declined = make_offer(*whole, programme=taker, now=now)
        accepted = make_offer(*reversed(whole), programme=rival, now=now)
        round_ = make_round(now=now)
        part = {lot.pk: 1_000 for lot in lots}
        results = race(
            lambda offer=declined: decline_offer(offer_id=offer.pk, by=BUILDER, now=now),
            lambda offer=accepted, part=part: accept_offer(
                offer_id=offer.pk, by=BUILDER, now=now, shares=part
            ),
            lambda whole=whole, third=third, round_=round_: make_offer(
                *reversed(whole), programme=third, round_=round_, now=now
            ),
            lambda lots=lots, taker=taker: reserve_claim(
                listing_id=lots[0].listing_id,
                programme_id=taker.pk,
                shares={lot.pk: 2_000 for lot in reversed(lots)},
                transport="courier",
                source="hand",
                by=BUILDER,
                now=now,
            ),
        )
        assert all(isinstance(each, Offer | Claim) for each in results), results
    assert_all_balanced()


def test_without_the_comparison_an_offer_ends_twice(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with the guard away the answer and the sweep both go through."""

    def trusting(offer: Offer, there: OfferStatus, **_: Any) -> None:
        Offer.objects.filter(pk=offer.pk).update(status=there)
        offer.status = there

    monkeypatch.setattr(end_offer, "step_offer", trusting)
    runners = answers(make_offer((make_lot(now=now), 4_000), now=now), now)
    assert ended(race(runners["decline"], runners["lapse"])) == 2
    assert Event.objects.filter(type__in=["offer.declined", "offer.lapsed"]).count() == 2
