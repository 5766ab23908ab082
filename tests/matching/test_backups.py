"""A second recipient in waiting is asked at once when the first does not take urgent food."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, ClaimSource
from backend.common.clock import SteppedClock
from backend.events.models import Event
from backend.events.relay import drain
from backend.geo.domain.points import Point
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.models import Lot
from backend.organizations.models import Programme
from matching.actions.accept_offer import accept_offer
from matching.actions.ask_backup import ask_backup
from matching.actions.decline_offer import decline_offer
from matching.actions.make_offer import NoLongerTrue
from matching.actions.step_offer import OfferOver
from matching.actions.suggest_backup import suggest_backup
from matching.domain.weights import Weights
from matching.models import Offer, OfferStatus
from matching.selectors.rerun import differences
from matching.selectors.round_inputs import round_inputs
from matching.tasks import lapse_offers, solve_round
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_listing, make_lot
from tests.builders.matching import BUILDER, make_offer, make_share, run_round
from tests.builders.needs import make_consent, make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.builders.racing import race
from tests.builders.rest import API, client_of
from tests.matching.balanced import assert_all_balanced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

HOUR = timedelta(hours=1)
FAR = Point(121.60, 25.05)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    begun: list[dict[str, Any]] = []
    monkeypatch.setattr(solve_round, "delay", lambda **wanted: begun.append(wanted))
    return begun


@pytest.fixture
def near() -> Programme:
    return make_taker()


@pytest.fixture
def far(near: Programme) -> Programme:
    return make_taker(make_location(make_recipient(), point=FAR))


def urgent_lot(now: datetime) -> Lot:
    """Bread that must be fetched within two hours."""
    return make_listing(now=now, pickup_until_at=now + 2 * HOUR).lots.get()


@pytest.fixture
def first(near: Programme, far: Programme, now: datetime) -> Offer:
    """What a round offered to the near one, with the far one in waiting."""
    lot = urgent_lot(now)
    offer = make_offer((lot, 10_000), programme=near, now=now)
    suggest_backup(
        first=offer, share=make_share((lot, 10_000), programme=far, now=now), by=BUILDER, now=now
    )
    return offer


def second() -> Offer:
    return Offer.objects.get(backs__isnull=False)


def lot_of(offer: Offer) -> Lot:
    return offer.proposals.get().lot


def test_a_round_puts_the_next_best_in_waiting_for_urgent_food_only(
    near: Programme, far: Programme, now: datetime
) -> None:
    make_lot(now=now, step_g=10_000)
    listing = make_listing(now=now, pickup_until_at=now + 2 * HOUR)
    listing.lots.update(step_g=10_000)
    round_ = run_round()
    assert round_ is not None
    backup = second()
    assert (backup.status, backup.listing_id) == (OfferStatus.SUGGESTED, listing.pk)
    assert backup.backs is not None
    assert {backup.programme, backup.backs.programme} == {near, far}
    proposal = backup.proposals.get()
    assert (proposal.rank, proposal.mass_g, proposal.held_g) == (2, 10_000, 0)
    assert round_.proposals_made == 2
    assert list(differences(round_)) == []
    assert_all_balanced()


@pytest.mark.parametrize("how", ["declined", "lapsed"])
def test_the_second_is_asked_at_once_when_the_first_says_no_or_nothing(
    first: Offer, now: datetime, stepped_clock: SteppedClock, how: str
) -> None:
    later = now + timedelta(minutes=30)
    stepped_clock.move_to(later)
    if how == "declined":
        decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    else:
        assert lapse_offers() == 1
    drain(now=later)
    backup = second()
    assert (backup.status, backup.made_at) == (OfferStatus.OFFERED, later)
    assert timedelta(minutes=3) <= backup.answer_by_at - later <= timedelta(minutes=30)
    assert backup.answered_at is None
    lot = lot_of(first)
    assert (lot.held_g, lot.available_g) == (10_000, 0)
    assert Event.objects.filter(type="offer.offered", subject_id=backup.pk).count() == 1
    assert_all_balanced()


def test_the_second_is_asked_when_the_first_gives_it_back(
    first: Offer, now: datetime, hurried: list[dict[str, Any]]
) -> None:
    claim = accept_offer(offer_id=first.pk, by=BUILDER, now=now)
    drain(now=now)
    assert second().status == OfferStatus.SUGGESTED, "whoever took it may still not come"
    cancel_claim(claim_id=claim.pk, reason="no_transport", by=BUILDER, now=now)
    drain(now=now)
    assert second().status == OfferStatus.OFFERED
    assert hurried == [], "nothing is left for a round"


def test_a_standing_consent_accepts_for_the_second(
    first: Offer, far: Programme, now: datetime
) -> None:
    make_consent(far, now=now)
    decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    drain(now=now)
    claim = Claim.objects.get()
    assert (claim.programme, claim.source) == (far, ClaimSource.CONSENT)
    assert second().status == OfferStatus.ACCEPTED


def test_once_the_food_is_fetched_nobody_stands_by(first: Offer, now: datetime) -> None:
    claim = accept_offer(offer_id=first.pk, by=BUILDER, now=now)
    hand_over(claim, at=now + HOUR / 2)
    drain(now=now + HOUR / 2)
    assert second().status == OfferStatus.SUPERSEDED


def test_with_the_listing_the_suggestion_ends(first: Offer, now: datetime) -> None:
    withdraw_listing(listing_id=first.listing_id, reason="sold", by=BUILDER, now=now)
    drain(now=now)
    assert {first.status, second().status} <= {OfferStatus.SUPERSEDED, OfferStatus.OFFERED}
    assert second().status == OfferStatus.SUPERSEDED
    assert_all_balanced()


def test_what_somebody_claimed_meanwhile_is_not_offered_again(first: Offer, now: datetime) -> None:
    decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    make_claim(lot_of(first), 10_000, now=now)
    assert ask_backup(behind_id=first.pk, by=BUILDER, now=now) is None
    assert second().status == OfferStatus.SUPERSEDED
    assert_all_balanced()


def test_what_is_left_is_offered_when_a_part_was_claimed(first: Offer, now: datetime) -> None:
    decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    make_claim(lot_of(first), 4_000, now=now)
    assert ask_backup(behind_id=first.pk, by=BUILDER, now=now) == second()
    assert second().proposals.get().held_g == 6_000
    assert_all_balanced()


def test_too_late_or_too_full_the_suggestion_ends_and_nothing_is_held(
    first: Offer, far: Programme, now: datetime
) -> None:
    decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    assert ask_backup(behind_id=first.pk, by=BUILDER, now=now + 3 * HOUR) is None
    assert second().status == OfferStatus.SUPERSEDED
    assert lot_of(first).held_g == 0
    assert ask_backup(behind_id=first.pk, by=BUILDER, now=now) is None


def test_a_later_round_knows_who_is_in_waiting(first: Offer, far: Programme, now: datetime) -> None:
    """Suggestions are the incumbents of stickiness; once offered, they end."""
    lot = lot_of(first)
    decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    problem = round_inputs("main", now=now, weights=Weights()).problem
    assert [(each.lot_id, each.programme_id) for each in problem.incumbents] == [
        (str(lot.pk), str(far.pk))
    ]
    run_round()
    assert second().status == OfferStatus.SUPERSEDED
    offer = Offer.objects.get(status=OfferStatus.OFFERED)
    assert offer.programme == far
    assert offer.proposals.get().terms["stickiness"] > 0


def test_one_is_in_waiting_at_a_time(first: Offer, now: datetime) -> None:
    share = make_share((lot_of(first), 1_000), programme=make_taker(), now=now)
    with pytest.raises(NoLongerTrue):
        suggest_backup(first=first, share=share, by=BUILDER, now=now)


def test_an_offer_in_waiting_cannot_be_answered(first: Offer, now: datetime) -> None:
    with pytest.raises(OfferOver):
        accept_offer(offer_id=second().pk, by=BUILDER, now=now)
    with pytest.raises(OfferOver):
        decline_offer(offer_id=second().pk, by=BUILDER, now=now)


class TestOverRest:
    def test_the_second_sees_that_it_is_in_waiting_and_why(
        self, first: Offer, far: Programme, now: datetime
    ) -> None:
        charity = client_of(make_member(far.location.organization))
        body = charity.get(f"{API}/offers/{second().pk}").json()
        assert (body["status"], body["is_backup"]) == ("suggested", True)
        listed = charity.get(f"{API}/offers?status=suggested").json()["results"]
        assert [each["id"] for each in listed] == [str(second().pk)]

    def test_an_answer_before_it_is_asked_is_refused(
        self, first: Offer, far: Programme, now: datetime
    ) -> None:
        charity = client_of(make_member(far.location.organization))
        answer = charity.post(f"{API}/offers/{second().pk}/accept", {}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (409, "offer_over")

    def test_a_coordinator_sees_both(self, first: Offer) -> None:
        body = client_of(make_coordinator()).get(f"{API}/offers").json()
        assert {each["is_backup"] for each in body["results"]} == {True, False}


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.mark.parametrize("attempt", range(3))
    def test_two_relays_and_a_claim_by_hand_race_for_what_came_back(
        self, first: Offer, now: datetime, attempt: int
    ) -> None:
        decline_offer(offer_id=first.pk, by=BUILDER, now=now)
        lot, rival = lot_of(first), make_taker()

        def ask() -> Any:
            return ask_backup(behind_id=first.pk, by=BUILDER, now=now)

        results = race(ask, ask, lambda: make_claim(lot, 10_000, programme=rival, now=now))
        claimed, asked = isinstance(results[2], Claim), [each for each in results[:2] if each]
        assert len(asked) + claimed == 1, results
        assert second().status == (OfferStatus.SUPERSEDED if claimed else OfferStatus.OFFERED)
        assert_all_balanced()

    def test_a_round_and_the_relay_do_not_ask_the_same_twice(
        self, first: Offer, now: datetime
    ) -> None:
        decline_offer(offer_id=first.pk, by=BUILDER, now=now)
        far, lot = second().programme, lot_of(first)
        race(
            lambda: ask_backup(behind_id=first.pk, by=BUILDER, now=now),
            lambda: make_offer((lot, 10_000), programme=far, round_=first.round, now=now),
        )
        assert Offer.objects.filter(programme=far, status=OfferStatus.OFFERED).count() == 1
        assert_all_balanced()
