"""What claims do when listings change."""

from datetime import datetime
from uuid import UUID

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.prolong_claim import prolong_claim
from backend.claims.actions.release_rest import release_rest
from backend.claims.domain.lifecycle import BEFORE_COLLECTION, ClaimStatus
from backend.claims.models import Claim
from backend.common import clock
from backend.common.actor import system
from backend.events.handlers import on
from backend.events.models import Event

WITHDRAWN = "listing_withdrawn"


@on("listing.withdrawn")
def give_back_withdrawn(event: Event) -> None:
    """Cancels what was promised of a listing and not collected; what is on its way goes on."""
    by, now = system("claims.listing_withdrawn"), clock.now()
    for claim_id, status in _live_claims(event.subject_id):
        if ClaimStatus(status) in BEFORE_COLLECTION:
            cancel_claim(claim_id=claim_id, reason=WITHDRAWN, by=by, now=now)
        else:
            release_rest(claim_id=claim_id, reason=WITHDRAWN, by=by, now=now)


@on("listing.changed")
def follow_window(event: Event) -> None:
    """Claims wait for as long as food is handed out, unless a charity chose its own time."""
    if "pickup_until_at" not in event.changed:
        return
    before_at = datetime.fromisoformat(event.payload["pickup_until_before_at"])
    by, now = system("claims.window_longer"), clock.now()
    for claim_id, _ in _live_claims(event.subject_id):
        prolong_claim(claim_id=claim_id, until_before_at=before_at, by=by, now=now)


def _live_claims(listing_id: UUID) -> list[tuple[UUID, str]]:
    live = Claim.objects.live().filter(listing=listing_id).order_by("id")
    return list(live.values_list("pk", "status"))
