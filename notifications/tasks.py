"""Sweeps that warn people while there is still time."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.db.models import Exists, OuterRef, Sum

from backend.common import clock
from backend.listings.models import Listing, Lot
from matching.models import Offer, OfferStatus
from notifications.actions.tell_people import tell_people
from notifications.domain.kinds import Kind
from notifications.domain.warning import LONGEST_RECALL, outlet_warning_at, recall_at
from notifications.models import Notification
from notifications.selectors import members_of, offer_facts

#: At most so many a sweep; the next one goes on.
MOST = 500


@shared_task(name="notifications.tasks.warn_of_lapsing_offers")
def warn_of_lapsing_offers(**_: Any) -> int:
    """Reminds recipients of offers that lapse soon; returns how many offers were due."""
    now = clock.now()
    offers = Offer.objects.filter(
        status=OfferStatus.OFFERED, answer_by_at__gt=now, answer_by_at__lte=now + LONGEST_RECALL
    ).exclude(pk__in=_warned(Kind.OFFER_LAPSING))
    due = [
        offer
        for offer in offers.select_related("listing", "location")[:MOST]
        if recall_at(made_at=offer.made_at, answer_by_at=offer.answer_by_at) <= now
    ]
    for offer in due:
        facts = offer_facts(offer)
        tell_people(
            user_ids=members_of(offer.location.organization_id),
            kind=Kind.OFFER_LAPSING,
            cause_id=offer.pk,
            facts=facts,
            now=now,
        )
    return len(due)


@shared_task(name="notifications.tasks.warn_of_uncovered_listings")
def warn_of_uncovered_listings(**_: Any) -> int:
    """Tells donors of food that nobody took, in time to find another outlet; returns how many."""
    now = clock.now()
    left = Lot.objects.filter(listing=OuterRef("pk"), available_g__gt=0, safe_until_at__gt=now)
    open_ones = Listing.objects.open(now=now).filter(Exists(left))
    waiting = open_ones.exclude(pk__in=_warned(Kind.LISTING_UNCOVERED))
    due = [
        listing
        for listing in waiting.order_by("pickup_until_at")[:MOST]
        if outlet_warning_at(
            opened_at=listing.opened_at or listing.created_at, ends_at=listing.pickup_until_at
        )
        <= now
    ]
    for listing in due:
        _warn_donor(listing, now=now)
    return len(due)


def _warn_donor(listing: Listing, *, now: datetime) -> None:
    left = listing.lots.filter(available_g__gt=0)
    facts = {
        "listing_id": str(listing.pk),
        "title": listing.title,
        "mass_g": left.aggregate(total=Sum("available_g", default=0))["total"],
        "time_at": listing.pickup_until_at.isoformat(),
    }
    tell_people(
        user_ids=members_of(listing.organization_id),
        kind=Kind.LISTING_UNCOVERED,
        cause_id=listing.pk,
        facts=facts,
        now=now,
    )


def _warned(kind: Kind) -> Any:
    return Notification.objects.filter(kind=kind).values("event_id")
