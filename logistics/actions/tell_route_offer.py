"""Records an event about the offer of a route for the courier who was asked and their county."""

from datetime import datetime

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from logistics.models import RouteOffer


def tell_route_offer(offer: RouteOffer, *, by: Actor, now: datetime) -> Event:
    """How it ended; what becomes of the route is an event of the route."""
    return record(
        f"route.offer_{offer.status}",
        subject=offer,
        by=by,
        now=now,
        audiences=[
            audiences.person(offer.courier.user_id),
            audiences.county(offer.route.county_code),
        ],
        payload={
            "route_id": str(offer.route_id),
            "courier_id": str(offer.courier_id),
            "wave": offer.wave,
            "status": offer.status,
        },
        reason=offer.decline_reason,
    )
