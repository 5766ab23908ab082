"""What matching does when food is offered, moves, or turns out not to be there."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from backend.claims.models import Claim
from backend.common import clock
from backend.common.actor import system
from backend.custody.models import HandOver, HandOverKind, Incident
from backend.events.handlers import on
from backend.events.models import Event
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing
from matching.actions.ask_backup import ask_backup
from matching.actions.count_fairness import count_fairness
from matching.actions.cover_overdrawn import cover_overdrawn
from matching.actions.drop_backup import drop_backup
from matching.actions.settle_transfer import settle_transfer
from matching.actions.supersede_offer import supersede_offer
from matching.domain.backups import URGENT_LIFE
from matching.models import Offer, OfferStatus, RoundTrigger
from matching.tasks import solve_committed, solve_round, solve_what_if

#: The first did not take it, or gave it back, or did not come.
NOT_TAKEN = frozenset({"offer.declined", "offer.lapsed", "claim.cancelled", "claim.lapsed"})
LISTING_CLOSED = "listing_closed"


@on("listing.opened", "listing.changed")
def match_short_lived(event: Event) -> None:
    """Runs a round at once for food that cannot wait."""
    _hurry(event.subject_id, clock.now())


@on(
    "offer.declined",
    "offer.lapsed",
    "offer.superseded",
    "offer.accepted",
    "claim.cancelled",
    "claim.lapsed",
)
def ask_the_next(event: Event) -> None:
    """What came back, or was left of an offer, is offered to others at once when time is short:
    to whoever is in waiting, else by a round.
    """
    now = clock.now()
    if event.type in NOT_TAKEN and (offer_id := _offer_of(event)) is not None:
        ask_backup(behind_id=offer_id, by=system("matching.backups"), now=now)
    _hurry(UUID(event.payload["listing_id"]), now)


def _offer_of(event: Event) -> UUID | None:
    """The offer that an event is about, or that its claim came from."""
    if event.type.startswith("offer."):
        return event.subject_id
    return Claim.objects.values_list("offer_id", flat=True).get(pk=event.subject_id)


@on("claim.collected", "claim.settled", "claim.failed", "offer.superseded")
def let_backups_go(event: Event) -> None:
    """Nobody has to stand by for food that was fetched, or is no longer to be had."""
    by, now = system("matching.backups"), clock.now()
    offer_id = _offer_of(event)
    waiting = Offer.objects.filter(backs__isnull=False, status=OfferStatus.SUGGESTED)
    for pk in waiting.filter(backs=offer_id).values_list("pk", flat=True):
        drop_backup(offer_id=pk, reason=event.type.replace(".", "_"), by=by, now=now)


def _hurry(listing_id: UUID, now: datetime) -> None:
    listing = Listing.objects.filter(pk=listing_id, status=ListingStatus.OPEN).first()
    if listing is None:
        return
    ends_at = min([listing.pickup_until_at, *(lot.safe_until_at for lot in listing.lots.all())])
    if ends_at - now < URGENT_LIFE and listing.lots.filter(available_g__gt=0).exists():
        begin = partial(
            solve_round.delay,
            area=listing.road_group,
            trigger=RoundTrigger.URGENT.value,
            listing_ids=[str(listing_id)],
        )
        transaction.on_commit(begin)


@on(
    "offer.accepted",
    "offer.declined",
    "offer.lapsed",
    "offer.superseded",
    "claim.cancelled",
    "claim.lapsed",
    "claim.cut",
    "claim.reduced",
)
def settle_quotas(event: Event) -> None:
    """What another county did not take may be sent to it again."""
    offer_id = _offer_of(event)
    if offer_id is not None:
        by = system("matching.transfers")
        settle_transfer(offer_id=offer_id, by=by, now=clock.now())


@on("round.asked")
def try_what_if(event: Event) -> None:
    """A trial is solved by a worker, never in a request."""
    begin = partial(solve_what_if.delay, round_id=str(event.subject_id))
    transaction.on_commit(begin)


@on("round.committed")
def offer_what_was_tried(event: Event) -> None:
    begin = partial(solve_committed.delay, round_id=str(event.subject_id))
    transaction.on_commit(begin)


@on("listing.withdrawn", "listing.closed")
def take_offers_back(event: Event) -> None:
    """Open offers of a listing that is closed are no longer true."""
    by, now = system("matching.listing_closed"), clock.now()
    offers = Offer.objects.filter(listing=event.subject_id).order_by("pk")
    for offer_id in offers.filter(status=OfferStatus.OFFERED).values_list("pk", flat=True):
        supersede_offer(offer_id=offer_id, reason=LISTING_CLOSED, by=by, now=now)
    for offer_id in offers.filter(status=OfferStatus.SUGGESTED).values_list("pk", flat=True):
        drop_backup(offer_id=offer_id, reason=LISTING_CLOSED, by=by, now=now)


@on("lot.overdrawn")
def give_up_what_is_gone(event: Event) -> None:
    """Somebody holds what was on offer: the newest offers of the lot are taken back."""
    cover_overdrawn(
        lot_id=event.subject_id,
        short_g=int(event.payload["short_g"]),
        by=system("matching.overdrawn"),
        now=clock.now(),
    )


@on(
    "custody.collected",
    "custody.delivered",
    "custody.transferred",
    "custody.stocked",
    "custody.returned",
    "custody.disposed",
    "incident.opened",
    "incident.decided",
    "incident.resolved",
)
def count_what_was_received(event: Event) -> None:
    """Deliveries count in the fairness record as they do in the figures.

    A record may make others of its claim count that waited for it; an incident and its decision
    take away and give back.
    """
    of_claim = HandOver.objects.filter(
        kind=HandOverKind.DELIVERED, claim__hand_overs=_told_of(event)
    )
    for hand_over_id in of_claim.order_by("pk").values_list("pk", flat=True):
        count_fairness(hand_over_id=hand_over_id)


def _told_of(event: Event) -> UUID:
    """The hand-over that an event of custody, or of an incident with it, is about."""
    if event.type.startswith("incident."):
        return Incident.objects.values_list("hand_over_id", flat=True).get(pk=event.subject_id)
    return event.subject_id
