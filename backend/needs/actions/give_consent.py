"""Lets matching accept for a programme, within limits."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid
from backend.needs.actions.check_words import check_groups, check_mass
from backend.needs.actions.record_need import locked_programme, record_need
from backend.needs.models import StandingConsent
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack


@transaction.atomic
def give_consent(
    *,
    programme_id: UUID,
    max_g_per_day: int,
    by: Actor,
    now: datetime,
    category_groups: Sequence[str] = (),
    max_distance_m: int | None = None,
    until_date: date | None = None,
) -> StandingConsent:
    """Replaces the consent given before, which ends now. No group means any food.

    Raises NotFound, NotAllowed (only managers consent), Invalid.
    """
    programme = locked_programme(programme_id)
    require(by, "needs.consent", programme)
    check_groups("category_groups", category_groups)
    check_mass("max_g_per_day", max_g_per_day)
    if until_date is not None and until_date < local_date(now, pack().zone):
        raise Invalid.field("until_date", "date_over", _("This day is already over."))
    programme.consents.in_force().update(withdrawn_at=now, version=F("version") + 1)
    consent = StandingConsent.objects.create(
        programme=programme,
        category_groups=sorted(set(category_groups)),
        max_g_per_day=max_g_per_day,
        max_distance_m=max_distance_m,
        until_date=until_date,
        given_by_id=by.user_id,
        given_at=now,
    )
    record_need(
        "consent.given",
        subject=consent,
        location=programme.location,
        by=by,
        now=now,
        payload={
            "programme_id": str(programme.pk),
            "category_groups": consent.category_groups,
            "max_g_per_day": max_g_per_day,
            "max_distance_m": max_distance_m,
            "until_date": until_date.isoformat() if until_date else None,
        },
    )
    return consent
