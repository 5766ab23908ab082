"""Takes the shares of a new claim out of the lots: the first thing that a claim does."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from backend.claims.models import Claim, ClaimLine
from backend.listings.actions.move_mass import move_mass
from backend.listings.domain.ledger import Bucket


def take_shares(
    *,
    claim: Claim,
    shares: Mapping[UUID, int],
    from_held: Mapping[UUID, UUID] | None,
    now: datetime,
) -> list[ClaimLine]:
    """Moves each share to reserved by a conditional UPDATE, in the order of the lots' keys.

    The claim is not stored yet; neither are the lines that are returned. With `from_held` the mass
    comes out of what those proposals held. Raises NothingLeft.
    """
    lines = []
    for lot_id, mass_g in sorted(shares.items()):
        line = ClaimLine(claim=claim, lot_id=lot_id, mass_g=mass_g, reserved_g=mass_g)
        held_by = from_held[lot_id] if from_held is not None else None
        move_mass(
            lot_id=lot_id,
            from_bucket=Bucket.AVAILABLE if held_by is None else Bucket.HELD,
            to_bucket=Bucket.RESERVED,
            mass_g=mass_g,
            cause=claim,
            now=now,
            from_holder_id=held_by,
            to_holder_id=line.pk,
        )
        lines.append(line)
    return lines
