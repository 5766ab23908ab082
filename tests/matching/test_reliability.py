"""What counts as a kept acceptance and what does not, and what rounds make of it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.lapse_claim import lapse_claim
from backend.claims.models import Claim, Transport
from backend.custody.domain.replay import Kind
from backend.custody.models import Attempt, AttemptReason
from backend.organizations.domain.hours import Interval
from backend.organizations.models import Programme
from matching.domain.reliability import LOOKS_BACK, Record
from matching.domain.weights import Weights
from matching.models import Offer
from matching.selectors.reliability import Reliability, chances_of, reliability_of
from matching.selectors.round_inputs import round_inputs
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.couriers import make_courier
from tests.builders.custody import hand_over
from tests.builders.listings import make_listing, make_lot
from tests.builders.matching import BUILDER, run_round
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_recipient,
)
from tests.builders.rest import API, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def taker() -> Programme:
    return make_taker()


def standing(taker: Programme, now: datetime) -> Reliability:
    found = reliability_of(BUILDER, taker, now=now)
    assert found is not None
    return found


def record(taker: Programme, now: datetime) -> tuple[int, int]:
    own = standing(taker, now).record
    return own.kept, own.unkept


def promised(taker: Programme, now: datetime, transport: str = Transport.SELF_COLLECT) -> Claim:
    return make_claim(make_lot(now=now), programme=taker, now=now, transport=transport)


def miss(taker: Programme, now: datetime) -> Claim:
    """Nobody came for it."""
    claim = promised(taker, now)
    return lapse_claim(claim_id=claim.pk, now=claim.lapses_at, by=BUILDER)


def give_back(claim: Claim, at: datetime, reason: str = "charity_gave_it_back") -> None:
    cancel_claim(claim_id=claim.pk, reason=reason, by=BUILDER, now=at)


def test_what_arrived_is_kept(taker: Programme, now: datetime) -> None:
    claim = promised(taker, now, Transport.COURIER)
    courier = make_courier()
    hand_over(claim, Kind.COLLECTED, at=now + HOUR, courier_id=courier.pk)
    assert record(taker, now + HOUR) == (0, 0), "it is not decided yet"
    hand_over(claim, at=now + HOUR, courier_id=courier.pk)
    assert record(taker, now + 2 * HOUR) == (1, 0)


def test_a_crate_nobody_came_for_is_not_kept(taker: Programme, now: datetime) -> None:
    claim = miss(taker, now)
    assert record(taker, claim.lapses_at) == (0, 1)
    assert standing(taker, claim.lapses_at).chance < standing(taker, now).chance


def test_nobody_coming_counts_as_soon_as_the_time_is_over_and_once(
    taker: Programme, now: datetime
) -> None:
    claim = promised(taker, now)
    assert claim.booked_until_at is not None
    over_at = claim.booked_until_at
    assert over_at < claim.lapses_at
    assert record(taker, over_at - SECOND) == (0, 0)
    assert record(taker, over_at) == (0, 1)
    lapse_claim(claim_id=claim.pk, now=claim.lapses_at, by=BUILDER)
    assert record(taker, claim.lapses_at) == (0, 1)


def test_the_time_that_was_booked_is_what_counts(taker: Programme, now: datetime) -> None:
    until_at = now + HOUR
    make_claim(make_lot(now=now), programme=taker, now=now, booked=Interval(now, until_at))
    assert record(taker, until_at - SECOND) == (0, 0)
    assert record(taker, until_at) == (0, 1)


@pytest.mark.parametrize("is_lapsed", [False, True])
def test_whoever_came_late_after_all_has_kept_it(
    taker: Programme, now: datetime, is_lapsed: bool
) -> None:
    """Food that was handed over counts, however late the record of it comes."""
    claim = promised(taker, now)
    assert claim.booked_until_at is not None
    late = claim.booked_until_at + timedelta(minutes=10)
    assert record(taker, late) == (0, 1)
    heard = late + HOUR if is_lapsed else late
    if is_lapsed:
        lapse_claim(claim_id=claim.pk, now=heard, by=BUILDER)
    hand_over(claim, at=late, now=heard)
    assert record(taker, heard) == (1, 0)


def test_a_round_knows_of_a_missed_crate_before_its_claim_lapses(
    taker: Programme, now: datetime
) -> None:
    claim = promised(taker, now - 4 * HOUR)
    assert claim.lapses_at > now
    inputs = round_inputs("main", now=now, weights=Weights())
    assert inputs.problem.demands[0].reliability < 0.95


@pytest.mark.parametrize("transport", [Transport.COURIER, Transport.DONOR_DELIVERS])
def test_whom_food_is_brought_to_misses_nothing(
    taker: Programme, now: datetime, transport: Transport
) -> None:
    listing = make_listing(now=now, donor_delivers=True)
    make_claim(listing.lots.get(), programme=taker, now=now, transport=transport)
    assert record(taker, listing.pickup_until_at + SECOND) == (0, 0)


def test_what_no_driver_fetched_is_nobodys_fault(taker: Programme, now: datetime) -> None:
    claim = promised(taker, now, Transport.COURIER)
    lapse_claim(claim_id=claim.pk, now=claim.lapses_at, by=BUILDER)
    assert record(taker, claim.lapses_at) == (0, 0)


def test_giving_back_in_good_time_costs_nothing_and_too_late_does(
    taker: Programme, now: datetime
) -> None:
    give_back(promised(taker, now), now - 2 * HOUR)
    assert record(taker, now) == (0, 0)
    give_back(promised(taker, now), now)
    assert record(taker, now) == (0, 1)


@pytest.mark.parametrize("reason", ["listing_withdrawn", "pickup_failed", "back_office"])
def test_what_others_ended_is_not_held_against_it(
    taker: Programme, now: datetime, reason: str
) -> None:
    give_back(promised(taker, now), now, reason)
    assert record(taker, now) == (0, 0)


@pytest.mark.parametrize(("why", "unkept"), [(AttemptReason.CLOSED, 1), (AttemptReason.COURIER, 0)])
def test_a_closed_door_is_held_against_it_and_a_broken_van_is_not(
    taker: Programme, now: datetime, why: AttemptReason, unkept: int
) -> None:
    claim = promised(taker, now, Transport.COURIER)
    courier = make_courier()
    hand_over(claim, Kind.COLLECTED, at=now + HOUR, courier_id=courier.pk)
    Attempt.objects.create(
        client_id=uuid4(), claim=claim, is_pickup=False, reason=why, at=now, recorded_at=now
    )
    hand_over(claim, Kind.RETURNED, at=now + HOUR, courier_id=courier.pk)
    claim.refresh_from_db()
    assert claim.status == "failed"
    assert record(taker, now + 2 * HOUR) == (0, unkept)


def test_the_past_is_forgiven_after_half_a_year(taker: Programme, now: datetime) -> None:
    claim = miss(taker, now)
    assert record(taker, claim.lapses_at + LOOKS_BACK) == (0, 0)


def test_a_county_of_others_shrinks_it_and_another_county_does_not(
    taker: Programme, now: datetime
) -> None:
    for _ in range(3):
        miss(make_taker(), now)
    elsewhere = make_taker(make_location(make_recipient(), county_code="65000"))
    later = now + 6 * HOUR
    chances = chances_of([taker, elsewhere], now=later)
    assert chances[taker.pk] == pytest.approx(19 / 23, abs=1e-4)
    assert chances[elsewhere.pk] == 0.95


def test_a_round_knows_the_chance_and_asks_the_reliable_one(
    taker: Programme, now: datetime
) -> None:
    for _ in range(4):
        miss(taker, now - timedelta(days=1))
    make_lot(now=now, step_g=10_000)
    reliable = make_taker(taker.location)
    inputs = round_inputs("main", now=now, weights=Weights())
    chances = {each.id: each.reliability for each in inputs.problem.demands}
    assert chances[str(taker.pk)] < chances[str(reliable.pk)]
    run_round()
    offer = Offer.objects.get()
    assert offer.programme == reliable
    proposal = offer.proposals.get()
    assert proposal.terms["no_show"] < 0
    assert {each["why"] for each in proposal.reasons} == {"less_reliable"}


def test_nobody_else_learns_it(taker: Programme, now: datetime) -> None:
    own = actor_of(make_member(taker.location.organization))
    assert reliability_of(own, taker, now=now) == Reliability(Record(), 0.95, 0.95)
    assert reliability_of(actor_of(make_member(make_recipient())), taker, now=now) is None


class TestOverRest:
    def test_a_charity_reads_where_it_stands(self, taker: Programme, now: datetime) -> None:
        for _ in range(4):
            make_taker()
        miss(taker, now - timedelta(days=1))
        charity = client_of(make_member(taker.location.organization))
        answer = charity.get(f"{API}/programmes/{taker.pk}/standing")
        assert answer.status_code == 200, answer.json()
        body = answer.json()
        assert (body["kept"], body["unkept"]) == (0, 1)
        assert body["reliability"] == pytest.approx(0.8225, abs=0.01)
        assert body["own_g"] == 0
        assert body["county_g"] == 0

    def test_with_few_neighbours_the_county_is_not_told(
        self, taker: Programme, now: datetime
    ) -> None:
        charity = client_of(make_member(taker.location.organization))
        body = charity.get(f"{API}/programmes/{taker.pk}/standing").json()
        assert (body["county_g"], body["county_reliability"]) == (None, None)

    def test_for_others_it_does_not_exist(self, taker: Programme) -> None:
        for outsider in (make_member(make_recipient()), make_coordinator("10002")):
            answer = client_of(outsider).get(f"{API}/programmes/{taker.pk}/standing")
            assert answer.status_code == 404
