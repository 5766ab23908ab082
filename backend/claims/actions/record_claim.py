"""Records an event about a claim for the donor, the charity and their counties."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record


def record_claim(
    type: str,
    *,
    claim: Claim,
    by: Actor,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """The event says what of which lot, never a code or a name."""
    listing = claim.listing
    return record(
        type,
        subject=claim,
        by=by,
        now=now,
        audiences=[
            audiences.organization(claim.organization_id),
            audiences.organization(listing.organization_id),
            audiences.county(claim.county_code),
            audiences.county(listing.county_code),
        ],
        payload={
            "claim_id": str(claim.pk),
            "listing_id": str(claim.listing_id),
            "organization_id": str(claim.organization_id),
            "location_id": str(claim.location_id),
            "programme_id": str(claim.programme_id),
            "transport": str(claim.transport),
            "status": str(claim.status),
            "lines": [
                {"line_id": str(line.pk), "lot_id": str(line.lot_id), "mass_g": line.mass_g}
                for line in claim.lines.order_by("id")
            ],
            **(payload or {}),
        },
        reason=reason,
    )
