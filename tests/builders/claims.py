"""Claims for tests: by hand, fetched by the charity itself."""

from datetime import datetime
from typing import Any

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim, ClaimSource, Transport
from backend.common.actor import Actor, system
from backend.listings.models import Lot
from backend.organizations.models import Programme
from tests.builders.needs import make_taker

BUILDER = system("tests.builder")


def make_claim(
    lot: Lot,
    mass_g: int = 2_000,
    *,
    now: datetime,
    programme: Programme | None = None,
    by: Actor = BUILDER,
    **fields: Any,
) -> Claim:
    """A share of the lot for a programme with room for it (a new one when none is given)."""
    taker = programme or make_taker()
    chosen: dict[str, Any] = {"transport": Transport.SELF_COLLECT, "source": ClaimSource.HAND}
    return reserve_claim(
        listing_id=lot.listing_id,
        programme_id=taker.pk,
        shares={lot.pk: mass_g},
        by=by,
        now=now,
        **(chosen | fields),
    )
