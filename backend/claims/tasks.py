"""Sweeps over claims: what is due is found in rows, so a late or doubled run does no harm."""

from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.db.models import QuerySet

from backend.claims.actions.lapse_claim import REASON, lapse_claim
from backend.claims.actions.release_rest import release_rest
from backend.claims.domain.lifecycle import BEFORE_COLLECTION, ClaimStatus
from backend.claims.models import Claim
from backend.common import clock
from backend.common.actor import system
from backend.common.sweeping import sweep_each

SWEEP = system("claims.sweep")
MOST_AT_ONCE = 500


@shared_task
def lapse_due_claims(**_: object) -> int:
    """Ends claims that nobody came for, and frees what was left of others; returns how many."""
    return lapse_due(now=clock.now())


def lapse_due(*, now: datetime) -> int:
    due = Claim.objects.filter(lapses_at__lte=now).order_by("lapses_at", "id")
    untouched = _some(due.filter(status__in=BEFORE_COLLECTION))
    lapsed = sweep_each(
        "claims", untouched, lambda claim_id: lapse_claim(claim_id=claim_id, now=now, by=SWEEP)
    )
    in_part = _some(due.filter(status=ClaimStatus.COLLECTED, lines__reserved_g__gt=0).distinct())
    released = sweep_each(
        "claims in part",
        in_part,
        lambda claim_id: release_rest(claim_id=claim_id, reason=REASON, by=SWEEP, now=now),
    )
    return len(lapsed.results) + len(released.results)


def _some(due: QuerySet[Claim]) -> list[UUID]:
    return list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
