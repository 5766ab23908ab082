"""Tables of surplus on offer and of the mass ledger."""

from backend.listings.models.ledger import MassMovement
from backend.listings.models.listing import Audience, Listing, Lot
from backend.listings.models.schedule import ListingSchedule

__all__ = ["Audience", "Listing", "ListingSchedule", "Lot", "MassMovement"]
