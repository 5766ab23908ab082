"""How the people of the simulated world behave: they answer, fetch, and now and then fail."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim, ClaimSource, ClaimStatus, Transport
from backend.claims.selectors.board import BoardEntry, BoardLot, open_board
from backend.common.actor import Actor
from backend.common.ids import new_id
from backend.common.refusals import Refusal
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.domain.replay import Kind, Remainder
from backend.custody.domain.submission import Submission, SubmittedLine
from backend.demo.agenda import Agenda
from backend.demo.drivers import Drivers
from backend.demo.world import Charity, World
from matching.actions.accept_offer import accept_offer
from matching.actions.decline_offer import decline_offer
from matching.models import DeclineReason, Offer, OfferStatus

ACCEPTS, DECLINES = 0.88, 0.08
LOOKS_AT_BOARD, COMES = 0.15, 0.97
WEIGHS_LESS, WEIGHS_LESS_BY = 0.08, 0.9
ANSWERS_WITHIN = timedelta(minutes=8)
#: Who answers at all does so within this part of the time that is left.
IN_TIME = 0.8
#: Grams of a listing that a charity takes by hand at most.
MOST_BY_HAND_G = 15_000

Tell = Callable[[str], None]
Free = Callable[[Actor], bool]


class People:
    """Puts on the agenda what people do about what they find; each thing is found once.

    Whoever is not `free` acts for themselves: a visitor has signed in as them.
    """

    def __init__(
        self, world: World, rng: random.Random, agenda: Agenda, *, tell: Tell, free: Free
    ) -> None:
        self._rng, self._agenda, self._tell, self._free = rng, agenda, tell, free
        self._charities: Mapping[UUID, Charity] = {
            charity.programme.pk: charity for charity in world.charities
        }
        self.drivers = Drivers(world, rng, agenda, tell=tell, free=free)
        self._seen: set[UUID] = set()

    def look(self, now: datetime) -> None:
        """Everybody looks at what is new for them."""
        self._look_at_offers(now)
        self._look_at_claims(now)
        self.drivers.look(now)

    def look_at_board(self, now: datetime) -> None:
        """A few charities look at the open board and take something by hand."""
        for charity in self._charities.values():
            if self._rng.random() < LOOKS_AT_BOARD and self._free(charity.by):
                self._take_by_hand(charity, now)

    def _look_at_offers(self, now: datetime) -> None:
        for offer in Offer.objects.filter(status=OfferStatus.OFFERED).order_by("pk"):
            charity = self._charities.get(offer.programme_id)
            if charity and self._free(charity.by) and self._is_new(offer.pk):
                within = min(ANSWERS_WITHIN, (offer.answer_by_at - now) * IN_TIME)
                at = now + within * self._rng.random()
                self._agenda.at(at, self._answer(offer.pk, charity.by))

    def _answer(self, offer_id: UUID, by: Actor) -> Callable[[datetime], None]:
        mood = self._rng.random()

        def answer(now: datetime) -> None:
            if mood < ACCEPTS:
                accept_offer(offer_id=offer_id, by=by, now=now)
            elif mood < ACCEPTS + DECLINES:
                decline_offer(offer_id=offer_id, reason=DeclineReason.TOO_MUCH, by=by, now=now)

        return self._trying("offer_answered", answer)

    def _take_by_hand(self, charity: Charity, now: datetime) -> None:
        board = open_board(
            charity.by, now=now, programme=charity.programme, radius_m=8_000, takeable_only=True
        )
        for entry in board.entries[:1]:
            lot = next(one for one in entry.lots if one.takeable_g)
            step_g = lot.lot.step_g
            mass_g = min(lot.takeable_g or 0, max(step_g, MOST_BY_HAND_G // step_g * step_g))
            self._trying("claimed_by_hand", partial(_claim, charity, entry, lot, mass_g))(now)

    def _look_at_claims(self, now: datetime) -> None:
        own = Claim.objects.filter(transport=Transport.SELF_COLLECT, status=ClaimStatus.RESERVED)
        for claim in own.order_by("pk"):
            charity = self._charities.get(claim.programme_id)
            if not charity or not self._free(charity.by) or not self._is_new(claim.pk):
                continue
            if self._rng.random() > COMES:
                continue
            from_at = max(now, claim.booked_from_at or now)
            until_at = claim.booked_until_at or claim.lapses_at
            soonest = min(until_at - timedelta(minutes=5), from_at + timedelta(minutes=10))
            latest = min(until_at - timedelta(minutes=2), soonest + timedelta(minutes=80))
            spare_s = max((latest - soonest).total_seconds(), 0)
            at = max(now, soonest + timedelta(seconds=self._rng.random() * spare_s))
            self._agenda.at(at, self._fetch(claim.pk, charity.by))

    def _fetch(self, claim_id: UUID, by: Actor) -> Callable[[datetime], None]:
        def fetch(now: datetime) -> None:
            claim = Claim.objects.get(pk=claim_id)
            if claim.status not in (ClaimStatus.RESERVED, ClaimStatus.SCHEDULED):
                return
            lines = tuple(
                weighed(self._rng, line.pk, line.reserved_g, line.lot.storage_class)
                for line in claim.lines.select_related("lot")
                if line.reserved_g
            )
            record_hand_over(
                submission=Submission(
                    client_id=new_id(),
                    kind=Kind.DELIVERED,
                    claim_id=claim_id,
                    at=now,
                    lines=lines,
                    code=claim.pickup_code,
                ),
                by=by,
                now=now,
            )

        return self._trying("fetched", fetch)

    def _trying(self, word: str, deed: Callable[[datetime], None]) -> Callable[[datetime], None]:
        """Does the deed; that the product refuses it is part of life, and counted."""

        def tried(now: datetime) -> None:
            try:
                deed(now)
            except Refusal as refusal:
                self._tell(f"refused.{refusal.code}")
            else:
                self._tell(word)

        return tried

    def _is_new(self, key: UUID) -> bool:
        new = key not in self._seen
        self._seen.add(key)
        return new


def _claim(charity: Charity, entry: BoardEntry, lot: BoardLot, mass_g: int, now: datetime) -> None:
    reserve_claim(
        listing_id=entry.listing.pk,
        programme_id=charity.programme.pk,
        shares={lot.lot.pk: mass_g},
        transport=lot.transport or Transport.SELF_COLLECT,
        source=ClaimSource.HAND,
        by=charity.by,
        now=now,
    )


def weighed(
    rng: random.Random, claim_line_id: UUID, promised_g: int, storage_class: str
) -> SubmittedLine:
    """What the scales and the thermometer say at a collection; now and then less than promised."""
    less = rng.random() < WEIGHS_LESS
    mass_g = round(promised_g * WEIGHS_LESS_BY) if less else promised_g
    return SubmittedLine(
        claim_line_id=claim_line_id,
        accepted_g=mass_g,
        remainder=Remainder.NEVER_THERE if less else Remainder.NONE,
        temperature_dc=TEMPERATURES_DC.get(storage_class),
    )


#: What a thermometer usually shows, in tenths of a degree Celsius.
TEMPERATURES_DC = {"chilled": 45, "frozen": -190, "hot": 650}
