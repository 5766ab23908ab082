"""Posts surplus in one go: drafted and opened together."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.listings.actions.draft_listing import draft_listing
from backend.listings.actions.open_listing import open_listing
from backend.listings.domain.draft import ListingDraft
from backend.listings.models import Listing


@transaction.atomic
def post_listing(*, location_id: UUID, draft: ListingDraft, by: Actor, now: datetime) -> Listing:
    """The under-a-minute way; storage, volume and smallest share come from the kind of food when
    they are not stated. Raises whatever drafting and opening raise, and keeps nothing then.
    """
    listing = draft_listing(location_id=location_id, draft=draft, by=by, now=now)
    return open_listing(listing_id=listing.pk, by=by, now=now)
