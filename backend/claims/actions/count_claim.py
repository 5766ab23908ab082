"""Counts claims made by hand, so that nobody can empty the board by script."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.claims.models import ClaimTally
from backend.common.refusals import Refusal

#: A charity's busiest hour by hand is far below this.
MOST_PER_HOUR = 40


class TooManyClaims(Refusal):
    """The organization made as many claims as anybody may within this hour."""

    code = "too_many_claims"
    status = 429
    message = _("That is a lot of claims within an hour. Please go on in the next one.")


@transaction.atomic
def count_claim(*, organization_id: UUID, now: datetime) -> None:
    """One more in this hour of the clock; what is refused afterwards does not count.

    Raises TooManyClaims.
    """
    hour_at = now.replace(minute=0, second=0, microsecond=0)
    if _count(organization_id, hour_at):
        return
    fresh = ClaimTally(organization_id=organization_id, hour_at=hour_at)
    ClaimTally.objects.bulk_create([fresh], ignore_conflicts=True)
    if not _count(organization_id, hour_at):
        raise TooManyClaims()


def _count(organization_id: UUID, hour_at: datetime) -> int:
    tally = ClaimTally.objects.filter(organization=organization_id, hour_at=hour_at)
    return tally.filter(claims__lt=MOST_PER_HOUR).update(claims=F("claims") + 1)
