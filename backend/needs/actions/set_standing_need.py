"""States how much of a group of food a programme can use in a week."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.needs.actions.check_words import check_groups, check_mass
from backend.needs.actions.record_need import locked_programme, record_need
from backend.needs.models import StandingNeed


@transaction.atomic
def set_standing_need(
    *, programme_id: UUID, category_group: str, grams_per_week: int, by: Actor, now: datetime
) -> StandingNeed | None:
    """Replaces what was stated before; 0 takes it back and returns None.

    Raises NotFound, NotAllowed, Invalid.
    """
    programme = locked_programme(programme_id)
    require(by, "needs.change", programme)
    check_groups("category_group", [category_group])
    check_mass("grams_per_week", grams_per_week, least_g=0)
    stated = StandingNeed.objects.filter(programme=programme, category_group=category_group)
    need: StandingNeed | None = None
    if grams_per_week == 0:
        stated.delete()
    elif stated.update(grams_per_week=grams_per_week, version=F("version") + 1):
        need = stated.get()
    else:
        need = StandingNeed.objects.create(
            programme=programme, category_group=category_group, grams_per_week=grams_per_week
        )
    record_need(
        "need.changed",
        subject=need or programme,
        location=programme.location,
        by=by,
        now=now,
        payload={
            "programme_id": str(programme.pk),
            "category_group": category_group,
            "grams_per_week": grams_per_week,
        },
    )
    return need
