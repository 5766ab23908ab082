"""What programmes have, as fairness counts it: the past as it still weighs, and all promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from backend.claims.models import ClaimLine
from backend.organizations.models import Programme
from matching.domain.fairness import position_g
from matching.models import FairnessEntry, OfferStatus, Proposal
from matching.selectors.fairness import received_by_day


def positions_g(programmes: Sequence[Programme], *, now: datetime) -> Mapping[UUID, int]:
    """The fairness position of each programme, in grams."""
    entries = FairnessEntry.objects.filter(programme__in=programmes)
    received, committed = received_by_day(entries, now=now), _committed(programmes)
    return {
        each.pk: position_g(
            received.get(each.pk, ()), committed_g=committed.get(each.pk, 0), now=now
        )
        for each in programmes
    }


def _committed(programmes: Sequence[Programme]) -> dict[UUID, int]:
    """Grams held, reserved or on board for each programme: they count in full."""
    held = Proposal.objects.filter(
        offer__programme__in=programmes, offer__status=OfferStatus.OFFERED
    )
    sums = dict(held.order_by().values_list("offer__programme_id").annotate(total=Sum("held_g")))
    lines = ClaimLine.objects.filter(claim__programme__in=programmes).order_by()
    rows = lines.values_list("claim__programme_id").annotate(
        reserved=Sum("reserved_g"), on_board=Sum("on_board_g")
    )
    for programme_id, reserved_g, on_board_g in rows:
        sums[programme_id] = sums.get(programme_id, 0) + reserved_g + on_board_g
    return sums
