"""Records what happened to an offer, for its recipient, its donor and their counties."""

from datetime import datetime

from django.db.models import Sum

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from matching.models import Offer


def tell_offer(type_: str, *, offer: Offer, by: Actor, now: datetime, reason: str = "") -> Event:
    """Within the caller's transaction, after its rows are written."""
    location, listing = offer.location, offer.listing
    sums = offer.proposals.aggregate(
        mass_g=Sum("mass_g", default=0), accepted_g=Sum("accepted_g", default=0)
    )
    return record(
        type_,
        subject=offer,
        by=by,
        now=now,
        audiences=[
            audiences.organization(location.organization_id),
            audiences.organization(listing.organization_id),
            *{audiences.county(code) for code in (location.county_code, listing.county_code)},
        ],
        payload={
            "listing_id": str(listing.pk),
            "location_id": str(offer.location_id),
            "programme_id": str(offer.programme_id),
            "status": str(offer.status),
            "answer_by_at": offer.answer_by_at.isoformat(),
            **sums,
        },
        reason=reason,
    )
