"""Records an event about a shipment for the donor, the charity and their counties."""

from datetime import datetime

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from logistics.models import Route, Shipment


def tell_shipment(
    type: str,
    *,
    shipment: Shipment,
    by: Actor,
    now: datetime,
    route: Route | None = None,
    reason: str = "",
) -> Event:
    """What of which claim, on which route: neither places nor names."""
    claim = shipment.claim
    listing = claim.listing
    return record(
        type,
        subject=shipment,
        by=by,
        now=now,
        audiences=[
            audiences.county(claim.county_code),
            audiences.county(listing.county_code),
            audiences.organization(claim.organization_id),
            audiences.organization(listing.organization_id),
        ],
        payload={
            "claim_id": str(claim.pk),
            "listing_id": str(listing.pk),
            "route_id": str(route.pk) if route else None,
            "road_group": shipment.road_group,
            "mass_g": shipment.mass_g,
            "storage_class": shipment.storage_class,
        },
        reason=reason,
    )
