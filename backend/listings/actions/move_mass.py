"""Moves mass of a lot from one bucket to another: the only writer of the mass ledger."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.models import Row
from backend.common.refusals import Refusal
from backend.listings.domain.ledger import Bucket
from backend.listings.models import Lot, MassMovement


class NothingLeft(Refusal):
    """The bucket holds less than was asked for; somebody else was quicker."""

    code = "nothing_left"
    message = _("There is not that much left. Please see what there is now.")


@transaction.atomic
def move_mass(
    *,
    lot_id: UUID,
    from_bucket: Bucket,
    to_bucket: Bucket,
    mass_g: int,
    cause: Row,
    now: datetime,
    from_holder_id: UUID | None = None,
    to_holder_id: UUID | None = None,
) -> MassMovement:
    """Posts one movement and keeps the lot's cached sums: a conditional UPDATE, then the entry.

    SOURCE as giver or taker is an opening or an adjustment. The holders are the claim line or the
    proposal whose share it was and is. Raises NothingLeft when the giving bucket holds too little,
    ValueError for a mass below one gram.
    """
    if mass_g < 1:
        raise ValueError(f"a movement moves at least one gram, not {mass_g}")
    lots = Lot.objects.filter(pk=lot_id)
    changes = {"version": F("version") + 1}
    if from_bucket is Bucket.SOURCE:
        changes["adjusted_g"] = F("adjusted_g") + mass_g
    else:
        lots = lots.filter(**{f"{from_bucket}_g__gte": mass_g})
        changes[f"{from_bucket}_g"] = F(f"{from_bucket}_g") - mass_g
    if to_bucket is Bucket.SOURCE:
        changes["adjusted_g"] = F("adjusted_g") - mass_g
    elif to_bucket is not from_bucket:
        changes[f"{to_bucket}_g"] = F(f"{to_bucket}_g") + mass_g
    else:
        del changes[f"{from_bucket}_g"]
    if not lots.update(**changes):
        raise NothingLeft()
    return MassMovement.objects.create(
        lot_id=lot_id,
        from_bucket=from_bucket,
        to_bucket=to_bucket,
        mass_g=mass_g,
        from_holder_id=from_holder_id,
        to_holder_id=to_holder_id,
        cause_type=cause._meta.label_lower,
        cause_id=cause.pk,
        at=now,
    )


def open_lot(*, lot: Lot, now: datetime) -> MassMovement:
    """Stores a new lot with its declared mass available, and the opening entry from the source."""
    lot.available_g = lot.declared_g
    lot.save(force_insert=True)
    return MassMovement.objects.create(
        lot=lot,
        from_bucket=Bucket.SOURCE,
        to_bucket=Bucket.AVAILABLE,
        mass_g=lot.declared_g,
        cause_type=lot._meta.label_lower,
        cause_id=lot.pk,
        at=now,
    )
