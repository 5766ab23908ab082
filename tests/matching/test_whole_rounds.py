"""Whole rounds on stored donors, charities and drivers: what is offered, to whom, and why."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, ClaimSource, Transport
from backend.common.clock import SteppedClock
from backend.events.models import Event
from backend.geo.domain.points import Point
from backend.organizations.models import Location, Programme
from matching import tasks
from matching.actions import apply_round
from matching.actions.decline_offer import decline_offer
from matching.domain.feasibility import Soft
from matching.domain.objective import TERMS
from matching.models import Offer, OfferStatus, Proposal, Round, RoundStatus, RoundTrigger
from matching.selectors.rerun import differences
from matching.selectors.round_inputs import areas_with_food
from matching.solver_process import Answer, SolveFailed, matching_process
from matching.solver_process import solve as solve_again
from matching.tasks import close_abandoned, lapse_offers, run_rounds, solve_round
from tests.builders.claims import make_claim
from tests.builders.couriers import make_shift
from tests.builders.listings import TOMORROW, lot_draft, make_listing, make_lot
from tests.builders.matching import BUILDER, make_offer, make_round, run_round
from tests.builders.needs import make_capacity, make_consent, make_need, make_taker
from tests.builders.organizations import make_location, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

HOUR = timedelta(hours=1)
#: About six kilometres from the usual donor.
FAR = Point(121.60, 25.05)


def far_place() -> Location:
    return make_location(make_recipient(), point=FAR)


def offered() -> list[Offer]:
    return list(Offer.objects.filter(status=OfferStatus.OFFERED).order_by("pk"))


def the_offer() -> Offer:
    (offer,) = offered()
    return offer


def test_a_round_offers_food_with_terms_that_add_up_and_reasons(now: datetime) -> None:
    listing = make_listing(
        now=now, lots=(lot_draft(declared_g=30_000), lot_draft(category="fruit", declared_g=8_000))
    )
    takers = [make_taker(), make_taker(far_place()), make_taker(room_g=5_000)]
    make_need(takers[0], now=now)
    round_ = run_round()
    assert round_ is not None
    assert (round_.status, round_.checker_violations) == (RoundStatus.APPLIED, [])
    assert round_.proposals_made == len(offered())
    proposals = list(Proposal.objects.all())
    assert sum(each.held_g for each in proposals) == 38_000
    for proposal in proposals:
        assert set(proposal.terms) == set(TERMS)
        assert proposal.terms["food"] == pytest.approx(proposal.mass_g / 1_000)
        assert {each["programme_id"] for each in proposal.reasons} <= {str(t.pk) for t in takers}
        assert all(each["why"] for each in proposal.reasons)
    assert all(lot.available_g == 0 for lot in listing.lots.all())


def test_the_score_of_a_round_is_what_its_shares_are_worth(now: datetime) -> None:
    make_lot(now=now)
    taker = make_taker()
    round_ = run_round()
    assert round_ is not None
    (proposal,) = Proposal.objects.all()
    assert round_.objective_mg == pytest.approx(sum(proposal.terms.values()) * 1_000_000, abs=1)
    assert round_.bound_mg is not None
    assert round_.objective_mg is not None
    assert round_.bound_mg >= round_.objective_mg
    assert proposal.offer.programme == taker


def test_a_driver_brings_it_to_whoever_cannot_fetch_it(now: datetime) -> None:
    make_lot(now=now)
    make_taker(collects_itself=False)
    nobody_drives = run_round()
    assert nobody_drives is not None
    assert {each["reason"] for each in nobody_drives.unassigned.values()} == {"no_courier_on_shift"}
    make_shift(from_at=now)
    assert run_round() is not None
    assert the_offer().transport == Transport.COURIER


def test_what_cannot_be_placed_is_stored_with_its_reason(now: datetime) -> None:
    lot = make_lot(now=now)
    make_taker(categories_not_taken=["bread"])
    round_ = run_round()
    assert round_ is not None
    assert round_.unassigned == {str(lot.pk): {"mass_g": 10_000, "reason": "category_not_taken"}}


def test_a_round_without_food_is_not_begun(now: datetime) -> None:
    make_taker()
    assert run_round() is None
    assert not Round.objects.exists()


def test_where_nobody_can_receive_the_food_says_so(now: datetime) -> None:
    lot = make_lot(now=now)
    round_ = run_round()
    assert round_ is not None
    assert round_.unassigned[str(lot.pk)]["reason"] == Soft.NO_RECIPIENTS


def test_what_found_nobody_is_not_solved_again_until_something_changes(
    now: datetime, stepped_clock: SteppedClock
) -> None:
    make_lot(now=now)
    taker = make_taker(categories_not_taken=["bread"])
    assert run_round() is not None
    stepped_clock.move_to(now + timedelta(minutes=10))
    assert run_round() is None
    assert run_round(trigger=RoundTrigger.HAND.value) is not None
    make_capacity(taker.location, ambient=5_000)
    assert run_round() is not None


def test_a_declined_offer_goes_to_the_next_and_never_back(now: datetime) -> None:
    make_lot(now=now, step_g=10_000)
    near, far = make_taker(), make_taker(far_place())
    run_round()
    first = the_offer()
    assert first.programme == near
    decline_offer(offer_id=first.pk, by=BUILDER, now=now)
    run_round()
    second = the_offer()
    assert second.programme == far
    decline_offer(offer_id=second.pk, by=BUILDER, now=now)
    last = run_round()
    assert last is not None
    assert offered() == []
    assert {each["reason"] for each in last.unassigned.values()} == {Soft.ASKED_BEFORE}


def test_an_offer_nobody_answered_goes_to_the_next(
    now: datetime, stepped_clock: SteppedClock
) -> None:
    make_lot(now=now, step_g=10_000)
    near, far = make_taker(), make_taker(far_place())
    run_round()
    assert the_offer().programme == near
    stepped_clock.move_to(the_offer().answer_by_at)
    assert lapse_offers() == 1
    run_round()
    assert the_offer().programme == far


def test_whoever_gave_a_claim_back_is_not_offered_it_again(now: datetime) -> None:
    lot = make_lot(now=now)
    taker = make_taker()
    claim = make_claim(lot, 10_000, now=now, programme=taker)
    cancel_claim(claim_id=claim.pk, reason="not_needed", by=BUILDER, now=now)
    run_round()
    assert offered() == []


def test_room_is_that_of_the_day_on_which_the_food_arrives(now: datetime) -> None:
    """Today's room says nothing about tomorrow's, nor the other way round."""
    day = timedelta(days=1)
    taker = make_taker(room_g=10_000)
    window: dict[str, Any] = {"pickup_from_at": now + day, "pickup_until_at": now + day + 4 * HOUR}
    later = lot_draft(declared_g=10_000, use_by_date=TOMORROW + day)
    make_listing(now=now, lots=(later,), **window)
    make_listing(now=now, lots=(later,), **window)
    make_lot(now=now)
    for area, pickup_date in areas_with_food(now):
        run_round(area, pickup_date=pickup_date.isoformat())
    held_g: Counter[date] = Counter()
    for offer in offered():
        assert offer.programme == taker
        held_g[offer.receive_date] += sum(each.held_g for each in offer.proposals.all())
    assert held_g == {TOMORROW - day: 10_000, TOMORROW: 10_000}
    area, tomorrow = areas_with_food(now)[-1]
    again = run_round(area, pickup_date=tomorrow.isoformat())
    assert again is not None
    assert (again.proposals_made, again.proposals_dropped) == (0, 0)


def test_rounds_start_for_every_road_group_with_food(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[dict[str, str]] = []
    monkeypatch.setattr(solve_round, "delay", lambda **wanted: begun.append(wanted))
    make_lot(now=now)
    island: dict[str, Any] = {
        "county_code": "10016",
        "township_code": "1001601",
        "road_group": "penghu",
    }
    make_lot(make_location(**island), now=now)
    assert run_rounds() == 2
    assert sorted(each["area"] for each in begun) == ["main", "penghu"]


def test_running_it_again_from_its_record_gives_the_same(now: datetime) -> None:
    """Inputs, limits and seed are stored; they fix every share."""
    for mass_g in (12_000, 7_000, 30_000, 4_500):
        make_lot(now=now, declared_g=mass_g)
    for room_g in (9_000, 20_000, 40_000):
        make_taker(room_g=room_g)
    first = run_round()
    make_lot(now=now)
    second = run_round()
    assert first is not None
    assert second is not None
    assert (first.seed, second.seed) == (0, 1)
    assert first.proposals_made > 1
    assert [*differences(first), *differences(second)] == []
    Proposal.objects.filter(offer__round=first).update(mass_g=1, held_g=0)
    assert len(list(differences(first))) == Proposal.objects.filter(offer__round=first).count()


def test_a_plan_that_the_checker_refuses_is_not_offered(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(inputs: object, *, seed: int) -> Answer:
        answer = solve_again(inputs, seed=seed)  # type: ignore[arg-type]
        return Answer(answer.solution, answer.explanations, ["capacity"])

    monkeypatch.setattr(tasks, "solve", spoilt)
    make_lot(now=now)
    make_taker()
    round_ = run_round()
    assert round_ is not None
    assert (round_.status, round_.checker_violations) == (RoundStatus.FAILED, ["capacity"])
    assert offered() == []
    assert Event.objects.get(type="round.failed").payload["violations"] == ["capacity"]


def test_a_solver_that_dies_fails_the_round_alone(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_: object, **__: object) -> Answer:
        raise SolveFailed("SolverDied")

    make_lot(now=now)
    make_taker()
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "solve", dead)
        failed = run_round()
    assert failed is not None
    assert (failed.status, failed.checker_violations) == (RoundStatus.FAILED, ["SolverDied"])
    assert run_round() is not None
    assert len(offered()) == 1


def test_what_nobody_expected_closes_the_round_at_once_and_is_raised(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first share is offered, the second breaks: what was offered stays and is counted."""
    for _ in range(2):
        make_lot(now=now)
        make_taker()
    offer_it, made = apply_round.make_offer, []

    def second_breaks(**fields: Any) -> Offer:
        if made:
            raise ZeroDivisionError
        made.append(offer_it(**fields))
        return made[0]

    with monkeypatch.context() as patched:
        patched.setattr(apply_round, "make_offer", second_breaks)
        with pytest.raises(ZeroDivisionError):
            run_round()
    round_ = Round.objects.get()
    assert (round_.status, round_.proposals_made) == (RoundStatus.FAILED, 1)
    assert round_.checker_violations == ["crashed:ZeroDivisionError"]
    assert Event.objects.get(type="round.failed").subject_id == round_.pk
    assert run_round() is not None


def test_a_malformed_problem_names_the_field() -> None:
    with pytest.raises(SolveFailed, match=r"^malformed:problem\.now$"):
        solve_again({"problem": {"supplies": [], "demands": []}, "limits": {}}, seed=0)
    assert matching_process().pid is not None


def test_a_round_whose_worker_was_killed_is_closed(now: datetime) -> None:
    lost, young = make_round(now=now - 7 * HOUR), make_round(now=now)
    assert close_abandoned(now=now) == 1
    lost.refresh_from_db()
    young.refresh_from_db()
    assert (lost.status, lost.checker_violations) == (RoundStatus.FAILED, ["abandoned"])
    assert young.status == RoundStatus.RUNNING


def test_what_is_no_longer_true_is_dropped_and_counted(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and offering, a charity claims the lot by hand: claims never wait."""
    lot = make_lot(now=now)
    make_taker()
    rival = make_taker()

    def meanwhile(inputs: object, *, seed: int) -> Answer:
        answer = solve_again(inputs, seed=seed)  # type: ignore[arg-type]
        make_claim(lot, 10_000, now=now, programme=rival)
        return answer

    monkeypatch.setattr(tasks, "solve", meanwhile)
    round_ = run_round()
    assert round_ is not None
    assert round_.proposals_made == 0
    assert round_.proposals_dropped >= 1
    assert offered() == []


class TestConsent:
    """A standing consent accepts within its limits; beyond them a person is asked."""

    @pytest.fixture
    def taker(self) -> Programme:
        return make_taker()

    def test_what_it_covers_is_accepted_at_once(self, taker: Programme, now: datetime) -> None:
        make_lot(now=now)
        make_consent(taker, now=now)
        run_round()
        claim = Claim.objects.get()
        assert (claim.source, claim.programme) == (ClaimSource.CONSENT, taker)
        assert claim.offer_id == Offer.objects.get(status=OfferStatus.ACCEPTED).pk

    @pytest.mark.parametrize(
        "limits",
        [
            {"max_g_per_day": 9_999},
            {"category_groups": ["dairy"]},
            {"max_distance_m": 1_000},
        ],
    )
    def test_what_is_beyond_it_is_asked(self, limits: dict[str, object], now: datetime) -> None:
        make_lot(now=now)
        make_consent(make_taker(far_place()), now=now, **limits)
        run_round()
        assert not Claim.objects.exists()
        assert len(offered()) == 1

    def test_the_grams_of_a_day_are_counted_together(self, taker: Programme, now: datetime) -> None:
        make_consent(taker, now=now, max_g_per_day=15_000)
        for _ in range(2):
            make_lot(now=now)
            run_round()
        assert Claim.objects.count() == 1
        assert len(offered()) == 1

    def test_a_consent_that_ended_accepts_nothing(self, taker: Programme, now: datetime) -> None:
        make_lot(now=now)
        consent = make_consent(taker, now=now)
        type(consent).objects.update(until_date=TOMORROW - timedelta(days=2))
        run_round()
        assert not Claim.objects.exists()


def test_an_open_offer_counts_as_had(now: datetime) -> None:
    """Whoever is being asked about much is not asked about more before the others."""
    first, second = make_taker(), make_taker()
    make_offer((make_lot(now=now, declared_g=20_000), 20_000), now=now, programme=first)
    lot = make_lot(now=now, step_g=10_000)
    run_round()
    (proposal,) = Proposal.objects.filter(lot=lot)
    assert proposal.offer.programme == second
