"""Which recorded grams count as diverted: what figures and the fairness record add up."""

from django.db.models import QuerySet, Sum

from backend.custody.models import (
    HandOver,
    HandOverKind,
    HandOverLine,
    HandOverStatus,
    Incident,
    IncidentStatus,
    LineOutcome,
)

#: With an incident in one of these a hand-over does not count, or not yet.
NOT_COUNTED = (IncidentStatus.OPEN, IncidentStatus.EXCLUDED)


def counted_lines() -> QuerySet[HandOverLine]:
    """The lines that count: accepted at the final delivery, once.

    Not those that wait for an earlier record, nor those of hand-overs with an incident that is
    open or was decided not to count. A hub only passes food on: it counts when it leaves from there
    to people.
    """
    flagged = Incident.objects.filter(status__in=NOT_COUNTED).values("hand_over_id")
    return HandOverLine.objects.filter(
        outcome=LineOutcome.ACCEPTED,
        mass_g__gt=0,
        hand_over__kind=HandOverKind.DELIVERED,
        hand_over__status=HandOverStatus.APPLIED,
        hand_over__to_location__is_hub=False,
    ).exclude(hand_over_id__in=flagged)


def counted_mass_g(hand_over: HandOver) -> int:
    """Grams of one hand-over that count; 0 while it does not."""
    lines = counted_lines().filter(hand_over=hand_over)
    return int(lines.aggregate(total=Sum("mass_g", default=0))["total"])
