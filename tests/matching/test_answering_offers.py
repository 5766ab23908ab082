"""What becomes of an offer: taken whole or in part, declined, lapsed, taken back, used up."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.claims.models import Claim, ClaimLine, ClaimSource
from backend.common.actor import Actor
from backend.common.refusals import Invalid, NotAllowed, NotFound, Refusal, Stale
from backend.events.models import AuditEntry, Event, EventAudience
from backend.listings.actions.move_mass import NothingLeft
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.models import Lot
from backend.needs.actions.take_capacity import CapacityFull
from backend.needs.models import CapacityUse
from backend.organizations.models import Programme
from matching.actions.accept_offer import accept_offer
from matching.actions.cover_overdrawn import cover_overdrawn
from matching.actions.decline_offer import decline_offer
from matching.actions.lapse_offer import lapse_offer
from matching.actions.make_offer import NoLongerTrue
from matching.actions.step_offer import OfferOver
from matching.actions.supersede_offer import supersede_offer
from matching.models import DeclineReason, Offer, OfferStatus, Proposal
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.listings import lot_draft, make_listing, make_lot
from tests.builders.matching import ANSWER_WITHIN, BUILDER, make_offer
from tests.builders.needs import make_taker
from tests.builders.organizations import make_coordinator, make_member, make_recipient
from tests.matching.balanced import assert_all_balanced

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now)


@pytest.fixture
def taker() -> Programme:
    return make_taker()


@pytest.fixture
def offer(lot: Lot, taker: Programme, now: datetime) -> Offer:
    return make_offer((lot, 4_000), programme=taker, now=now)


@pytest.fixture
def recipient(taker: Programme) -> Actor:
    return actor_of(make_member(taker.location.organization))


@pytest.fixture
def outsider() -> Actor:
    return actor_of(make_member(make_recipient()))


def fresh(row: Lot | Offer) -> tuple[int, int, int]:
    """Available, held and reserved grams of the one lot."""
    lot = Lot.objects.get(pk=row.pk) if isinstance(row, Lot) else row.proposals.get().lot
    return lot.available_g, lot.held_g, lot.reserved_g


def used_g() -> int:
    return sum(use.used_g for use in CapacityUse.objects.all())


def happened(type_: str) -> Event:
    return Event.objects.get(type=type_)


class TestOffering:
    def test_an_offer_holds_mass_and_room(self, offer: Offer, lot: Lot) -> None:
        assert fresh(lot) == (6_000, 4_000, 0)
        assert used_g() == 4_000
        assert happened("offer.offered").payload["mass_g"] == 4_000
        assert_all_balanced()

    def test_several_lots_are_held_together(self, taker: Programme, now: datetime) -> None:
        drafts = (lot_draft(), lot_draft(category="milk", storage_class="chilled"))
        lots = list(make_listing(now=now, lots=drafts).lots.all())
        offer = make_offer((lots[0], 1_000), (lots[1], 2_000), programme=taker, now=now)
        assert offer.proposals.count() == 2
        assert CapacityUse.objects.count() == 2
        assert_all_balanced()

    @pytest.mark.parametrize(
        ("room_g", "mass_g", "refusal"),
        [(10**6, 10_500, NothingLeft), (3_000, 4_000, CapacityFull)],
    )
    def test_what_is_not_there_is_not_offered(
        self, lot: Lot, room_g: int, mass_g: int, refusal: type[Refusal], now: datetime
    ) -> None:
        with pytest.raises(refusal):
            make_offer((lot, mass_g), programme=make_taker(room_g=room_g), now=now)
        assert fresh(lot) == (10_000, 0, 0)
        assert not Offer.objects.exists()
        assert_all_balanced()

    def test_one_programme_has_one_open_offer_of_a_listing(
        self, offer: Offer, lot: Lot, taker: Programme, now: datetime
    ) -> None:
        with pytest.raises(NoLongerTrue):
            make_offer((lot, 1_000), programme=taker, now=now)
        assert fresh(lot) == (6_000, 4_000, 0)

    def test_a_closed_listing_is_not_offered(
        self, lot: Lot, taker: Programme, now: datetime
    ) -> None:
        withdraw_listing(listing_id=lot.listing_id, reason="mistake", by=BUILDER, now=now)
        with pytest.raises(Refusal):
            make_offer((lot, 1_000), programme=taker, now=now)

    def test_an_offer_that_leaves_no_time_is_not_made(
        self, lot: Lot, taker: Programme, now: datetime
    ) -> None:
        with pytest.raises(NoLongerTrue):
            make_offer((lot, 1_000), programme=taker, now=now, answer_by_at=now)
        assert fresh(lot) == (10_000, 0, 0)


class TestAccepting:
    def test_all_of_it_becomes_a_claim(
        self, offer: Offer, lot: Lot, recipient: Actor, now: datetime
    ) -> None:
        claim = accept_offer(offer_id=offer.pk, by=recipient, now=now)
        assert (claim.source, claim.offer_id) == (ClaimSource.OFFER, offer.pk)
        assert claim.lines.get().reserved_g == 4_000
        assert fresh(lot) == (6_000, 0, 4_000)
        assert used_g() == 4_000
        offer.refresh_from_db()
        assert (offer.status, offer.answered_by_id) == (OfferStatus.ACCEPTED, recipient.user_id)
        assert (offer.version, offer.proposals.get().accepted_g) == (2, 4_000)
        assert AuditEntry.objects.get(action="offer.accepted").actor_id == recipient.pseudonym
        assert_all_balanced()

    def test_a_part_is_claimed_and_the_rest_is_free_again(
        self, offer: Offer, lot: Lot, recipient: Actor, now: datetime
    ) -> None:
        accept_offer(offer_id=offer.pk, by=recipient, now=now, shares={lot.pk: 1_500})
        assert fresh(lot) == (8_500, 0, 1_500)
        assert used_g() == 1_500
        proposal = offer.proposals.get()
        assert (proposal.held_g, proposal.accepted_g) == (0, 1_500)
        assert happened("offer.accepted").payload["accepted_g"] == 1_500
        assert_all_balanced()

    def test_a_lot_that_is_not_named_is_left(
        self, taker: Programme, recipient: Actor, now: datetime
    ) -> None:
        lots = list(make_listing(now=now, lots=(lot_draft(), lot_draft())).lots.all())
        offer = make_offer((lots[0], 4_000), (lots[1], 2_000), programme=taker, now=now)
        claim = accept_offer(
            offer_id=offer.pk, by=recipient, now=now, shares={lots[0].pk: 4_000, lots[1].pk: 0}
        )
        assert [line.lot_id for line in claim.lines.all()] == [lots[0].pk]
        assert fresh(lots[1]) == (10_000, 0, 0)
        assert_all_balanced()

    @pytest.mark.parametrize(
        "wrong",
        [(4_500, "above_offered"), (-500, "above_offered"), (1_700, "not_step_multiple")],
    )
    def test_shares_that_were_not_offered_are_refused(
        self, offer: Offer, lot: Lot, recipient: Actor, now: datetime, wrong: tuple[int, str]
    ) -> None:
        mass_g, code = wrong
        with pytest.raises(Invalid) as refused:
            accept_offer(offer_id=offer.pk, by=recipient, now=now, shares={lot.pk: mass_g})
        assert refused.value.fields["lines"][0].code == code
        assert fresh(lot) == (6_000, 4_000, 0)
        assert Offer.objects.get().status == OfferStatus.OFFERED

    def test_taking_nothing_or_something_else_is_refused(
        self, offer: Offer, lot: Lot, recipient: Actor, now: datetime
    ) -> None:
        for shares, code in (({lot.pk: 0}, "nothing"), ({uuid4(): 1}, "above_offered")):
            with pytest.raises(Invalid) as refused:
                accept_offer(offer_id=offer.pk, by=recipient, now=now, shares=shares)
            assert refused.value.fields["lines"][0].code == code

    def test_too_late_is_refused_even_before_the_sweep(
        self, offer: Offer, recipient: Actor, now: datetime
    ) -> None:
        with pytest.raises(OfferOver):
            accept_offer(offer_id=offer.pk, by=recipient, now=now + ANSWER_WITHIN)
        assert not Claim.objects.exists()

    def test_twice_is_refused(self, offer: Offer, recipient: Actor, now: datetime) -> None:
        accept_offer(offer_id=offer.pk, by=recipient, now=now)
        with pytest.raises(OfferOver):
            accept_offer(offer_id=offer.pk, by=recipient, now=now)
        assert Claim.objects.count() == 1

    def test_what_a_rule_forbids_by_now_is_refused_and_stays_open(
        self, offer: Offer, taker: Programme, recipient: Actor, now: datetime
    ) -> None:
        Programme.objects.filter(pk=taker.pk).update(categories_not_taken=["bread"])
        with pytest.raises(Refusal) as refused:
            accept_offer(offer_id=offer.pk, by=recipient, now=now)
        assert refused.value.code == "category_not_taken"
        assert Offer.objects.get().status == OfferStatus.OFFERED
        assert_all_balanced()

    def test_another_version_than_was_read_is_refused(
        self, offer: Offer, recipient: Actor, now: datetime
    ) -> None:
        with pytest.raises(Stale):
            accept_offer(offer_id=offer.pk, by=recipient, now=now, if_version=7)
        accept_offer(offer_id=offer.pk, by=recipient, now=now, if_version=1)

    def test_only_the_recipient_answers(self, offer: Offer, outsider: Actor, now: datetime) -> None:
        """For a stranger there is no such offer; a coordinator sees it and may not answer."""
        for answer in (accept_offer, decline_offer):
            with pytest.raises(NotFound):
                answer(offer_id=offer.pk, by=outsider, now=now)
            with pytest.raises(NotAllowed):
                answer(offer_id=offer.pk, by=actor_of(make_coordinator()), now=now)
            with pytest.raises(NotFound):
                answer(offer_id=uuid4(), by=outsider, now=now)
        assert Offer.objects.get().status == OfferStatus.OFFERED


class TestDeclining:
    def test_mass_and_room_are_free_again(
        self, offer: Offer, lot: Lot, recipient: Actor, now: datetime
    ) -> None:
        declined = decline_offer(
            offer_id=offer.pk, reason=DeclineReason.TOO_FAR, by=recipient, now=now
        )
        assert (declined.status, declined.decline_reason) == (
            OfferStatus.DECLINED,
            DeclineReason.TOO_FAR,
        )
        assert (fresh(lot), used_g()) == ((10_000, 0, 0), 0)
        assert AuditEntry.objects.get(action="offer.declined").reason == "too_far"
        assert_all_balanced()

    def test_what_is_over_cannot_be_declined(
        self, offer: Offer, recipient: Actor, now: datetime
    ) -> None:
        accept_offer(offer_id=offer.pk, by=recipient, now=now)
        with pytest.raises(OfferOver):
            decline_offer(offer_id=offer.pk, by=recipient, now=now)
        assert Offer.objects.get().decline_reason == DeclineReason.NONE

    def test_another_version_than_was_read_is_refused(
        self, offer: Offer, recipient: Actor, now: datetime
    ) -> None:
        with pytest.raises(Stale):
            decline_offer(offer_id=offer.pk, by=recipient, now=now, if_version=7)


class TestLapsing:
    def test_nobody_answered_in_time(self, offer: Offer, lot: Lot, now: datetime) -> None:
        assert lapse_offer(offer_id=offer.pk, by=BUILDER, now=now) is None
        lapsed = lapse_offer(offer_id=offer.pk, by=BUILDER, now=offer.answer_by_at)
        assert lapsed is not None
        assert lapsed.status == OfferStatus.LAPSED
        assert (fresh(lot), used_g()) == ((10_000, 0, 0), 0)
        assert lapse_offer(offer_id=offer.pk, by=BUILDER, now=offer.answer_by_at) is None
        assert Event.objects.filter(type="offer.lapsed").count() == 1

    def test_what_was_answered_does_not_lapse(self, offer: Offer, now: datetime) -> None:
        accept_offer(offer_id=offer.pk, by=BUILDER, now=now)
        later = now + timedelta(hours=1)
        assert lapse_offer(offer_id=offer.pk, by=BUILDER, now=later) is None
        assert Offer.objects.get().status == OfferStatus.ACCEPTED

    def test_of_a_closed_listing_it_goes_where_the_rest_went(
        self, offer: Offer, lot: Lot, now: datetime
    ) -> None:
        withdraw_listing(listing_id=lot.listing_id, reason="mistake", by=BUILDER, now=now)
        lapse_offer(offer_id=offer.pk, by=BUILDER, now=offer.answer_by_at)
        lot.refresh_from_db()
        assert (lot.available_g, lot.held_g, lot.withdrawn_g) == (0, 0, 10_000)
        assert_all_balanced()


class TestFoodThatIsGone:
    def test_an_offer_is_taken_back_with_its_reason(
        self, offer: Offer, lot: Lot, now: datetime
    ) -> None:
        gone = supersede_offer(offer_id=offer.pk, reason="listing_closed", by=BUILDER, now=now)
        assert gone is not None
        assert gone.status == OfferStatus.SUPERSEDED
        assert AuditEntry.objects.get(action="offer.superseded").reason == "listing_closed"
        again = supersede_offer(offer_id=offer.pk, reason="listing_closed", by=BUILDER, now=now)
        assert again is None

    def test_the_newest_offers_give_first(self, lot: Lot, now: datetime) -> None:
        older = make_offer((lot, 4_000), now=now)
        newer = make_offer((lot, 4_000), now=now + timedelta(minutes=1))
        assert cover_overdrawn(lot_id=lot.pk, short_g=3_000, by=BUILDER, now=now) == 0
        assert Offer.objects.get(pk=older.pk).status == OfferStatus.OFFERED
        assert Offer.objects.get(pk=newer.pk).status == OfferStatus.SUPERSEDED
        lot.refresh_from_db()
        assert (lot.available_g, lot.held_g, lot.adjusted_g) == (3_000, 4_000, -3_000)
        assert_all_balanced()

    def test_what_was_answered_meanwhile_comes_from_shelf_and_claims(
        self, lot: Lot, now: datetime
    ) -> None:
        make_claim(lot, 6_000, now=now)
        offer = make_offer((lot, 1_000), now=now)
        assert cover_overdrawn(lot_id=lot.pk, short_g=5_500, by=BUILDER, now=now) == 0
        offer.refresh_from_db()
        lot.refresh_from_db()
        assert offer.status == OfferStatus.SUPERSEDED
        assert (lot.available_g, lot.held_g, lot.reserved_g) == (0, 0, 4_500)
        assert ClaimLine.objects.get().reserved_g == 4_500
        assert_all_balanced()

    def test_what_nothing_covers_is_told(self, lot: Lot, now: datetime) -> None:
        assert cover_overdrawn(lot_id=lot.pk, short_g=12_000, by=BUILDER, now=now) == 2_000


def test_each_change_of_an_offer_is_told_once(lot: Lot, now: datetime) -> None:
    """One audit entry and one event each; recipient, donor and county hear of it."""
    first, second = make_offer((lot, 1_000), now=now), make_offer((lot, 1_000), now=now)
    accept_offer(offer_id=first.pk, by=BUILDER, now=now)
    decline_offer(offer_id=second.pk, by=BUILDER, now=now)
    for type_, count in (("offer.offered", 2), ("offer.accepted", 1), ("offer.declined", 1)):
        events = list(Event.objects.filter(type=type_))
        assert len(events) == AuditEntry.objects.filter(action=type_).count() == count
        for event in events:
            told = EventAudience.objects.filter(event=event)
            heard = set(told.values_list("audience", flat=True))
            assert f"organization:{lot.listing.organization_id}" in heard
            assert f"county:{lot.listing.county_code}" in heard
            assert len(heard) == 3
    assert Proposal.objects.filter(held_g__gt=0).count() == 0
