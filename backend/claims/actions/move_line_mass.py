"""Moves mass of a claim line between buckets, in the lot's ledger and in the line's own sums."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from backend.claims.models import ClaimLine
from backend.common.models import Row
from backend.listings.actions.move_mass import NothingLeft, move_mass
from backend.listings.domain.ledger import Bucket


@transaction.atomic
def move_line_mass(
    *,
    line: ClaimLine,
    from_bucket: Bucket,
    to_bucket: Bucket,
    mass_g: int,
    cause: Row,
    now: datetime,
) -> None:
    """Moves part of a line: the lot's movement names the line as holder, the line's sums follow.

    AVAILABLE means the line's released share (it went back to the lot, or is taken from it again);
    SOURCE means the weighing showed more or less than promised. Raises NothingLeft when the giving
    bucket of the lot or of the line holds too little.
    """
    move_mass(
        lot_id=line.lot_id,
        from_bucket=from_bucket,
        to_bucket=to_bucket,
        mass_g=mass_g,
        cause=cause,
        now=now,
        from_holder_id=None if from_bucket in _OUTSIDE else line.pk,
        to_holder_id=None if to_bucket in _OUTSIDE else line.pk,
    )
    giving, taking = _column(from_bucket), _column(to_bucket)
    lines = ClaimLine.objects.filter(pk=line.pk)
    if giving != "adjusted_g":
        lines = lines.filter(**{f"{giving}__gte": mass_g})
    changes = {
        "version": F("version") + 1,
        giving: F(giving) + (mass_g if giving == "adjusted_g" else -mass_g),
        taking: F(taking) + (-mass_g if taking == "adjusted_g" else mass_g),
    }
    if not lines.update(**changes):
        raise NothingLeft()
    line.refresh_from_db()


_OUTSIDE = (Bucket.SOURCE, Bucket.AVAILABLE)


def _column(bucket: Bucket) -> str:
    if bucket is Bucket.SOURCE:
        return "adjusted_g"
    return "released_g" if bucket is Bucket.AVAILABLE else f"{bucket}_g"
