"""Rounds, answers, lapses, withdrawals and claims in any order leave every ledger balanced."""

from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, ClaimStatus
from backend.claims.tasks import lapse_due
from backend.common.clock import SteppedClock, use
from backend.common.refusals import Refusal
from backend.events.relay import drain
from backend.geo.domain.points import Point
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing, Lot
from backend.listings.tasks import close_due
from backend.needs.actions.set_capacity import set_capacity
from matching import tasks
from matching.actions.accept_offer import accept_offer
from matching.actions.cover_overdrawn import cover_overdrawn
from matching.actions.decline_offer import decline_offer
from matching.domain.codec import from_json
from matching.domain.explain import Explanation
from matching.domain.solution import Solution
from matching.domain.solve import solve_json
from matching.models import Offer, OfferStatus, Proposal, Round, RoundStatus
from matching.solver_process import Answer
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing
from tests.builders.machines import check_interleavings
from tests.builders.matching import BUILDER, run_round
from tests.builders.needs import make_consent, make_taker
from tests.builders.organizations import make_location, make_recipient
from tests.conftest import MORNING
from tests.matching.balanced import assert_all_balanced

WHICH = st.integers(0, 50)
#: Steps that end things are taken one time in three, or nothing would be left to interleave.
RARELY = st.sampled_from([True, False, False])


def solve_here(inputs: dict[str, object], *, seed: int) -> Answer:
    """The plan without the solver process: hundreds of tiny rounds are solved in place."""
    few = {"shakes": 10, "evaluations": 2_000}
    reply = solve_json({**inputs, "limits": few, "seed": seed})
    return Answer(
        solution=from_json(Solution, reply["solution"]),
        explanations=[from_json(Explanation, each) for each in reply["explanations"]],
        breaches=[each["code"] for each in reply["breaches"]],
    )


def something_is_offered() -> bool:
    return Offer.objects.filter(status=OfferStatus.OFFERED).exists()


class Marketplace(RuleBasedStateMachine):
    """A few donors and charities, one of which lets rounds accept for it."""

    @initialize()
    def begin(self) -> None:
        self.clock = SteppedClock(MORNING)
        self._using = use(self.clock)
        self._using.__enter__()
        places = [
            make_location(make_recipient(), point=Point(121.55 + n / 50, 25.04)) for n in (0, 1, 2)
        ]
        rooms = (6_000, 15_000, 10**6)
        self.takers = [
            make_taker(place, room_g=room_g) for place, room_g in zip(places, rooms, strict=True)
        ]
        make_consent(self.takers[1], now=self.now, max_g_per_day=9_000)
        self.post(4)
        self.post(2)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @rule(hours=st.integers(1, 6))
    def post(self, hours: int) -> None:
        if Listing.objects.filter(status=ListingStatus.OPEN).count() < 4:
            drafts = (lot_draft(declared_g=9_300), lot_draft(category="fruit", declared_g=3_000))
            make_listing(
                now=self.now, pickup_until_at=self.now + timedelta(hours=hours), lots=drafts
            )
        run_round()

    @rule()
    def round(self) -> None:
        run_round()

    @precondition(lambda self: something_is_offered())
    @rule(which=WHICH, part=st.sampled_from([None, 1, 3]))
    def accept(self, which: int, part: int | None) -> None:
        offer = self.pick(Offer.objects.filter(status=OfferStatus.OFFERED), which)
        if isinstance(offer, Offer):
            held = offer.proposals.all()
            shares = {each.lot_id: min(each.held_g, part * 500) for each in held} if part else None
            self.attempt(
                lambda: accept_offer(offer_id=offer.pk, by=BUILDER, now=self.now, shares=shares)
            )

    @precondition(lambda self: something_is_offered())
    @rule(which=WHICH)
    def decline(self, which: int) -> None:
        offer = self.pick(Offer.objects.filter(status=OfferStatus.OFFERED), which)
        if isinstance(offer, Offer):
            decline_offer(offer_id=offer.pk, by=BUILDER, now=self.now)

    @rule(which=WHICH, taker=st.integers(0, 2), steps=st.integers(1, 6), really=RARELY)
    def claim(self, which: int, taker: int, steps: int, really: bool) -> None:
        lot = self.pick(Lot.objects.filter(available_g__gt=0), which)
        if really and isinstance(lot, Lot):
            programme = self.takers[taker]
            self.attempt(lambda: make_claim(lot, steps * 500, now=self.now, programme=programme))

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        claim = self.pick(Claim.objects.filter(status=ClaimStatus.RESERVED), which)
        if isinstance(claim, Claim):
            cancel_claim(claim_id=claim.pk, reason="not_needed", by=BUILDER, now=self.now)

    @rule(which=WHICH, really=RARELY)
    def withdraw(self, which: int, really: bool) -> None:
        listing = self.pick(Listing.objects.filter(status=ListingStatus.OPEN), which)
        if really and isinstance(listing, Listing):
            withdraw_listing(listing_id=listing.pk, reason="mistake", by=BUILDER, now=self.now)

    @rule(which=WHICH, short_g=st.integers(1, 4_000))
    def find_less(self, which: int, short_g: int) -> None:
        lot = self.pick(Lot.objects.filter(held_g__gt=0), which)
        if isinstance(lot, Lot):
            cover_overdrawn(lot_id=lot.pk, short_g=short_g, by=BUILDER, now=self.now)

    @rule(taker=st.integers(0, 2), room_g=st.integers(0, 20_000))
    def change_room(self, taker: int, room_g: int) -> None:
        self.attempt(
            lambda: set_capacity(
                location_id=self.takers[taker].location_id,
                storage_class="ambient",
                limit_g=room_g,
                by=BUILDER,
                now=self.now,
            )
        )

    @rule()
    def tell(self) -> None:
        drain(now=self.now)

    @rule(minutes=st.sampled_from([5, 31, 90]), really=RARELY)
    def let_time_pass(self, minutes: int, really: bool) -> None:
        if really:
            self.wait_and_sweep(minutes)

    def wait_and_sweep(self, minutes: int) -> None:
        self.clock.move_to(self.now + timedelta(minutes=minutes))
        tasks.lapse_offers()
        lapse_due(now=self.now)
        close_due(now=self.now)

    def pick(self, rows: object, which: int) -> object:
        """One of the rows, or None."""
        found = list(rows.order_by("pk"))  # type: ignore[attr-defined]
        return found[which % len(found)] if found else None

    def attempt(self, act: object) -> None:
        """Commands may be refused; then the invariants show that nothing changed by halves."""
        try:
            act()  # type: ignore[operator]
        except Refusal:
            return

    @invariant()
    def everything_balances(self) -> None:
        if hasattr(self, "clock"):
            assert_all_balanced()

    @invariant()
    def no_round_was_wrong(self) -> None:
        assert not Round.objects.exclude(status=RoundStatus.APPLIED).exists()

    @invariant()
    def nobody_is_asked_twice_for_the_same_lot(self) -> None:
        asked = list(Proposal.objects.values_list("lot", "offer__programme", "offer__status"))
        refused = [pair for *pair, status in asked if status in ("declined", "lapsed")]
        assert len(refused) == len({tuple(pair) for pair in refused})

    def teardown(self) -> None:
        """When all is heard and all time is over, nothing is held or promised."""
        if not hasattr(self, "clock"):
            return
        drain(now=self.now)
        self.wait_and_sweep(60 * 24)
        self.wait_and_sweep(60 * 24)
        drain(now=self.now)
        close_due(now=self.now)
        assert not Offer.objects.filter(status=OfferStatus.OFFERED).exists()
        assert not Lot.objects.exclude(available_g=0, held_g=0, reserved_g=0).exists()
        assert_all_balanced()
        self._using.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_interleaving_leaves_every_ledger_balanced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "solve", solve_here)
    check_interleavings(Marketplace, examples=12, steps=20)
