"""Keeps the fairness record of what a programme received equal to what the figures count."""

from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from backend.custody.models import HandOver
from backend.custody.selectors.counted import counted_mass_g
from matching.models import FairnessEntry


@transaction.atomic
def count_fairness(*, hand_over_id: UUID) -> FairnessEntry | None:
    """Posts by how much more, or less (negative), of this hand-over counts than was noted before.

    A correction has the instant of the hand-over, so that it weighs as much as what it corrects
    for as long. None when nothing changed: a repetition does nothing.
    """
    locked = HandOver.objects.select_for_update(of=("self",), no_key=True).select_related("claim")
    hand_over = locked.get(pk=hand_over_id)
    if hand_over.claim is None:
        return None
    cause_type = hand_over._meta.label_lower
    noted = FairnessEntry.objects.filter(cause_type=cause_type, cause_id=hand_over.pk).aggregate(
        mass_g=Sum("mass_g", default=0), entries=Count("pk")
    )
    more_g = counted_mass_g(hand_over) - noted["mass_g"]
    if not more_g:
        return None
    return FairnessEntry.objects.create(
        programme_id=hand_over.claim.programme_id,
        county_code=hand_over.claim.county_code,
        mass_g=more_g,
        at=hand_over.at,
        cause_type=cause_type,
        cause_id=hand_over.pk,
        nth=noted["entries"] + 1,
    )
