"""Any interleaving of commands on listings and claims leaves every ledger balanced."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.move_line_mass import move_line_mass
from backend.claims.actions.refresh_claim_status import refresh_claim_status
from backend.claims.actions.schedule_claim import schedule_claim
from backend.claims.actions.step_claim import locked_claim
from backend.claims.models import Claim, ClaimSource, Transport
from backend.claims.tasks import lapse_due
from backend.common.actor import system
from backend.common.refusals import IllegalTransition, Refusal
from backend.events.relay import drain
from backend.listings.actions.correct_lot import correct_lot
from backend.listings.actions.move_mass import NothingLeft, move_mass
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Listing, Lot
from backend.listings.tasks import close_due
from backend.needs.actions.give_back_capacity import give_back_capacity
from backend.needs.actions.take_capacity import CapacityFull, take_capacity
from backend.organizations.models import Programme
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack
from tests.builders.balance import Place, assert_balanced
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing
from tests.builders.machines import check_interleavings
from tests.builders.needs import make_taker
from tests.conftest import MORNING

BY = system("tests.machine")
SHARES = st.integers(1, 8).map(lambda steps: steps * 500)
#: Steps that end things are taken one time in four, or nothing would be left to interleave.
RARELY = st.sampled_from([True, False, False, False])


class Hold:
    """What an offer would hold: mass of a lot and room of a place."""

    def __init__(self, lot: Lot, programme: Programme, mass_g: int, now: datetime) -> None:
        self.id = uuid4()
        self.lot, self.programme, self.mass_g = lot, programme, mass_g
        self.on = local_date(now, pack().zone)

    @property
    def place(self) -> Place:
        return (self.programme.location_id, self.lot.storage_class, self.on)


class Commands(RuleBasedStateMachine):
    """Donors, charities, offers, couriers and sweeps, in any order."""

    lots = Bundle("lots")
    claims = Bundle("claims")
    holds = Bundle("holds")

    @initialize(target=lots)
    def begin(self) -> object:
        self.now = MORNING
        self.takers = [make_taker(room_g=room_g) for room_g in (4_000, 9_000, 10**6)]
        self.held: Counter[Place] = Counter()
        return multiple(*self.posted(4), *self.posted(8))

    def posted(self, hours: int) -> list[Lot]:
        listing = make_listing(
            now=self.now,
            pickup_until_at=self.now + timedelta(hours=hours),
            lots=(lot_draft(declared_g=20_000), lot_draft(category="fruit", declared_g=3_000)),
        )
        return list(listing.lots.all())

    @rule(target=lots, hours=st.integers(1, 8), really=RARELY)
    def post(self, hours: int, really: bool) -> object:
        return multiple(*(self.posted(hours) if really else []))

    @rule(lot=lots, change_g=st.integers(-4_000, 4_000))
    def correct(self, lot: Lot, change_g: int) -> None:
        self.attempt(correct_lot, lot_id=lot.pk, change_g=change_g, reason="weighed")

    @rule(target=claims, lot=lots, taker=st.integers(0, 2), mass_g=SHARES)
    def reserve(self, lot: Lot, taker: int, mass_g: int) -> object:
        programme = self.takers[taker]
        try:
            claim = make_claim(
                lot, mass_g, now=self.now, programme=programme, transport=Transport.COURIER
            )
        except Refusal:
            return multiple()
        return claim.pk

    @rule(target=holds, lot=lots, taker=st.integers(0, 2), mass_g=SHARES)
    def offer(self, lot: Lot, taker: int, mass_g: int) -> object:
        hold = Hold(lot, self.takers[taker], mass_g, self.now)
        try:
            self.move(hold, Bucket.AVAILABLE, Bucket.HELD)
        except NothingLeft:
            return multiple()
        try:
            self.room(hold, take_capacity)
        except CapacityFull:
            self.move(hold, Bucket.HELD, Bucket.AVAILABLE)
            return multiple()
        self.held[hold.place] += mass_g
        return hold

    @rule(target=claims, hold=consumes(holds))
    def accept(self, hold: Hold) -> object:
        """An accepted offer becomes a claim, or, when a rule says no by now, is given up."""
        try:
            claim = make_claim(
                hold.lot,
                hold.mass_g,
                now=self.now,
                programme=hold.programme,
                transport=Transport.COURIER,
                source=ClaimSource.OFFER,
                from_held={hold.lot.pk: hold.id},
                receive_date=hold.on,
            )
        except Refusal:
            self.give_up(hold)
            return multiple()
        self.held[hold.place] -= hold.mass_g
        return claim.pk

    @rule(hold=consumes(holds))
    def decline(self, hold: Hold) -> None:
        self.give_up(hold)

    @rule(claim_id=claims)
    def cancel(self, claim_id: UUID) -> None:
        self.attempt(cancel_claim, claim_id=claim_id, reason="not_needed")

    @rule(claim_id=claims)
    def schedule(self, claim_id: UUID) -> None:
        self.attempt(schedule_claim, claim_id=claim_id)

    @rule(claim_id=claims, deliver=st.booleans(), half=st.booleans(), really=RARELY)
    def drive(self, claim_id: UUID, deliver: bool, half: bool, really: bool) -> None:
        """A courier collects all or half of what is reserved and, perhaps, delivers it."""
        if not really:
            return
        claim = Claim.objects.select_related("listing", "location").get(pk=claim_id)
        for line in claim.lines.filter(reserved_g__gt=0):
            mass_g = max(1, line.reserved_g // 2) if half else line.reserved_g
            way = [Bucket.RESERVED, Bucket.ON_BOARD, *([Bucket.DELIVERED] if deliver else [])]
            for giver, taker in pairwise(way):
                move_line_mass(
                    line=line,
                    from_bucket=giver,
                    to_bucket=taker,
                    mass_g=mass_g,
                    cause=claim,
                    now=self.now,
                )
        refresh_claim_status(claim=locked_claim(claim_id), by=BY, now=self.now)

    @rule(lot=lots, really=RARELY)
    def withdraw(self, lot: Lot, really: bool) -> None:
        if really:
            self.attempt(withdraw_listing, listing_id=lot.listing_id, reason="spoiled")

    @rule()
    def hear(self) -> None:
        drain(now=self.now)

    @rule(minutes=st.integers(1, 90))
    def wait_and_sweep(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        lapse_due(now=self.now)
        close_due(now=self.now)
        over = Lot.objects.filter(listing__pickup_until_at__lte=self.now)
        assert not over.filter(available_g__gt=0).exists()

    @invariant()
    def everything_balances(self) -> None:
        if hasattr(self, "held"):
            assert_balanced(held_room=self.held)

    def attempt(self, action: object, **arguments: object) -> None:
        """A command may be refused; then the invariants show that nothing changed by halves."""
        try:
            action(by=BY, now=self.now, **arguments)  # type: ignore[operator]
        except (Refusal, IllegalTransition):
            return

    def give_up(self, hold: Hold) -> None:
        self.move(hold, Bucket.HELD, Bucket.AVAILABLE)
        self.room(hold, give_back_capacity)
        self.held[hold.place] -= hold.mass_g

    def move(self, hold: Hold, giver: Bucket, taker: Bucket) -> None:
        move_mass(
            lot_id=hold.lot.pk,
            from_bucket=giver,
            to_bucket=taker,
            mass_g=hold.mass_g,
            cause=hold.programme,
            now=self.now,
            from_holder_id=hold.id if giver is Bucket.HELD else None,
            to_holder_id=hold.id if taker is Bucket.HELD else None,
        )

    def room(self, hold: Hold, action: object) -> None:
        location_id, storage_class, on = hold.place
        action(  # type: ignore[operator]
            location_id=location_id,
            storage_class=storage_class,
            local_date=on,
            mass_g=hold.mass_g,
            now=self.now,
        )

    def teardown(self) -> None:
        """When all is heard and all time is over nothing is left half done."""
        if not hasattr(self, "held"):
            return
        drain(now=self.now)
        self.wait_and_sweep(60 * 24)
        self.wait_and_sweep(1)
        assert not Lot.objects.filter(available_g__gt=0).exists()
        waiting = Listing.objects.filter(status="open", lots__held_g=0).exclude(lots__held_g__gt=0)
        assert not waiting.exists()


@pytest.mark.django_db
def test_any_interleaving_of_commands_leaves_every_ledger_balanced() -> None:
    check_interleavings(Commands, examples=10, steps=30)
