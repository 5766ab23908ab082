"""Why an offer was made, in words, and to whom the others are named."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from backend.common.actor import Actor, system
from backend.geo.domain.points import Point
from backend.organizations.models import Programme
from matching.actions.decline_offer import decline_offer
from matching.domain.explain import Why
from matching.models import FairnessEntry, Offer, Proposal
from matching.selectors.explanations import RunnerUp, in_words, offer_explanation
from matching.selectors.offers import card, offers_of, offers_received, standing_of, unanswered
from tests.builders.accounts import actor_of
from tests.builders.listings import make_lot
from tests.builders.matching import BUILDER, make_offer, make_round, run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

FAR = Point(121.60, 25.05)


@pytest.fixture
def winner() -> Programme:
    return make_taker()


@pytest.fixture
def loser() -> Programme:
    return make_taker(make_location(make_recipient(name="Warm Table"), point=FAR), name="Supper")


@pytest.fixture
def recipient(winner: Programme) -> Actor:
    return actor_of(make_member(winner.location.organization))


@pytest.fixture
def offer(winner: Programme, loser: Programme, now: datetime) -> Offer:
    make_lot(now=now, step_g=10_000)
    run_round()
    offer = Offer.objects.get()
    assert offer.programme == winner
    return offer


def runner_up(viewer: Actor, offer: Offer) -> RunnerUp:
    (explained,) = offer_explanation(viewer, offer)
    (other,) = explained.runners_up
    return other


def test_the_terms_are_said_in_words_and_add_up(recipient: Actor, offer: Offer) -> None:
    (explained,) = offer_explanation(recipient, offer)
    terms = {term.code: term for term in explained.terms}
    assert terms["food"].label == "food that is eaten"
    assert terms["food"].kilograms == pytest.approx(10.0)
    stored = Proposal.objects.get().terms
    assert explained.score_kg == pytest.approx(sum(stored.values()))
    assert all(term.kilograms for term in explained.terms)


def test_the_recipient_is_not_told_who_the_others_are(recipient: Actor, offer: Offer) -> None:
    other = runner_up(recipient, offer)
    assert (other.name, other.why) == ("", Why.FARTHER)
    assert other.text.startswith("Another charity: ")
    assert other.text.endswith(" km farther.")
    assert other.score_kg is not None


def test_a_coordinator_reads_their_names(offer: Offer) -> None:
    coordinator = actor_of(make_coordinator())
    assert runner_up(coordinator, offer).text.startswith("Warm Table (Supper): ")
    assert runner_up(system("tests"), offer).name == "Warm Table (Supper)"


def test_a_coordinator_of_another_county_does_not(offer: Offer, loser: Programme) -> None:
    loser.location.county_code = "10002"
    loser.location.save()
    assert runner_up(actor_of(make_coordinator()), offer).name == ""


def test_whoever_runs_both_programmes_knows_both(
    winner: Programme, loser: Programme, offer: Offer
) -> None:
    person = make_member(winner.location.organization)
    make_member(loser.location.organization, user=person)
    assert runner_up(actor_of(person), offer).name == "Warm Table (Supper)"


def test_every_reason_that_is_stored_can_be_said(recipient: Actor, offer: Offer) -> None:
    facts = {
        Why.FARTHER: {"km": 2.34},
        Why.BETTER_SUPPLIED: {"percent": 80.0, "winner_percent": 12.5},
        Why.COUNTY_BETTER_SUPPLIED: {"percent": 80.0, "winner_percent": 12.5},
        Why.LESS_RELIABLE: {"percent": 80.0, "winner_percent": 12.5},
        Why.NOT_ASKED_FOR: {"group": "dairy"},
        Why.FULL: {"storage": "chilled", "room_kg": 1.0, "needs_kg": 4.0},
        Why.CARRIES_LESS: {"carries_kg": 1.0, "needs_kg": 4.0},
        Why.FAILED_RULE: {"reason": "asked_before"},
    }
    said = {}
    for why in Why:
        stored = {"programme_id": str(offer.pk), "score": 1.0, "terms": {}, "why": why.value}
        stored["facts"] = facts.get(why, {})
        Proposal.objects.update(reasons=[stored])
        said[why] = runner_up(recipient, offer).sentence
    assert said[Why.FARTHER] == "2.3 km farther."
    assert said[Why.FULL] == "Full: room for 1.0 of 4.0 kg (chilled)."
    assert said[Why.FAILED_RULE] == "It was offered this before and did not take it."
    assert said[Why.BETTER_SUPPLIED].startswith("Already at 80 % of its fair share")
    assert not [text for text in said.values() if "%(" in text]
    with translation.override("zh-hant"):
        assert in_words("over_capacity")


class TestListing:
    def test_open_offers_come_first_the_most_urgent_on_top(
        self, winner: Programme, recipient: Actor, now: datetime
    ) -> None:
        made = {}
        for name, minutes in (("later", 30), ("sooner", 10), ("over", 20)):
            made[name] = make_offer(
                (make_lot(now=now), 500),
                programme=winner,
                now=now,
                answer_by_at=now + timedelta(minutes=minutes),
            )
        decline_offer(offer_id=made["over"].pk, by=BUILDER, now=now)
        make_offer((make_lot(now=now), 500), now=now)
        listed = list(offers_of(recipient))
        assert listed == [made["sooner"], made["later"], made["over"]]
        assert set(offers_received(recipient)) == set(listed)
        waiting = unanswered(offers_received(recipient), now=now + timedelta(minutes=15))
        assert list(waiting) == [made["later"]]

    def test_a_card_has_mass_time_and_distance(
        self, offer: Offer, recipient: Actor, now: datetime
    ) -> None:
        (shown,) = [card(each, now=now) for each in offers_of(recipient)]
        assert (shown.mass_g, shown.transport, shown.is_open) == (10_000, "self_collect", True)
        assert shown.left == offer.answer_by_at - now
        assert shown.distance_m == 0
        assert not card(offer, now=offer.answer_by_at).is_open
        (explained,) = shown.lots
        assert (explained.mass_g, explained.held_g) == (10_000, 10_000)


class TestStanding:
    def test_it_is_grams_a_person_as_the_past_still_weighs(
        self, winner: Programme, recipient: Actor, now: datetime
    ) -> None:
        """28 days later half of it counts; the county is told when enough share it."""
        others = [make_taker() for _ in range(4)]
        for programme, mass_g in ((winner, 20_000), (others[0], 80_000)):
            FairnessEntry.objects.create(
                programme=programme,
                county_code=programme.location.county_code,
                mass_g=mass_g,
                at=now - timedelta(days=28),
                cause_type="custody.handover",
                cause_id=make_round(now=now).pk,
            )
        standing = standing_of(recipient, winner, now=now)
        assert standing is not None
        assert standing.own_g == pytest.approx(100.0)
        assert standing.county_g == pytest.approx(100.0)
        assert standing_of(recipient, others[0], now=now) is None

    def test_with_few_programmes_the_county_is_not_told(
        self, winner: Programme, recipient: Actor, now: datetime
    ) -> None:
        standing = standing_of(recipient, winner, now=now)
        assert standing is not None
        assert (standing.own_g, standing.county_g) == (0.0, None)
