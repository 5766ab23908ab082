"""How much room food takes in a vehicle."""

from backend.claims.models import ClaimLine


def volume_ml(line: ClaimLine) -> int:
    """Of what the line still has reserved, as a share of its lot's volume; rounded up."""
    return -(-line.lot.volume_ml * line.reserved_g // line.lot.declared_g)
