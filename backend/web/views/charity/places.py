"""Where food is, as exactly as the viewer may know it."""

from backend.claims.models import Claim
from backend.listings.models import Listing
from backend.web import regional

MAP = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}#map=17/{lat:.5f}/{lon:.5f}"


def area(listing: Listing) -> str:
    """Whose it is and in which township: what is told before somebody has claimed."""
    return f"{listing.organization.name} · {regional.township(listing.township_code)}"


def map_url(claim: Claim) -> str:
    """A map of the donor's door, for the charity that claimed and fetches it."""
    return MAP.format(lat=claim.listing.lat, lon=claim.listing.lon)
