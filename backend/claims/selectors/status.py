"""The status of a claim as it follows from where the grams of its lines are."""

from backend.claims.domain.lifecycle import ClaimStatus, LineMass, derive_status
from backend.claims.models import LINE_BUCKETS, Claim, ClaimLine


def status_by_lines(claim: Claim) -> ClaimStatus:
    """What the stored status has to be; plans and deadlines are taken from the stored one."""
    return derive_status(
        [line_mass(line) for line in claim.lines.all()],
        scheduled=claim.status == ClaimStatus.SCHEDULED,
        lapsed=claim.status == ClaimStatus.LAPSED,
        for_stock=claim.location.is_hub,
    )


def line_mass(line: ClaimLine) -> LineMass:
    """Where the grams of a line are."""
    return LineMass(**{f"{bucket}_g": getattr(line, f"{bucket}_g") for bucket in LINE_BUCKETS})
