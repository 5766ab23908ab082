"""Records an event about a hand-over for both sides, their counties, and who carried it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.couriers.models import Courier
from backend.custody.models import HandOver
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record


def tell_hand_over(
    type: str,
    *,
    hand_over: HandOver,
    claim: Claim,
    by: Actor,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """What of which claim and when: neither names nor codes."""
    return record(
        type,
        subject=hand_over,
        by=by,
        now=now,
        audiences=_audiences(hand_over, claim),
        payload={
            "claim_id": str(claim.pk),
            "listing_id": str(claim.listing_id),
            "visit_id": str(hand_over.visit_id) if hand_over.visit_id else None,
            "at": hand_over.at.isoformat(),
            **(payload or {}),
        },
    )


def _audiences(hand_over: HandOver, claim: Claim) -> list[str]:
    couriers = Courier.objects.filter(pk__in=[hand_over.from_courier_id, hand_over.to_courier_id])
    return [
        audiences.organization(claim.organization_id),
        audiences.organization(claim.listing.organization_id),
        *{audiences.county(code) for code in (claim.county_code, claim.listing.county_code)},
        *(audiences.person(courier.user_id) for courier in couriers),
    ]
