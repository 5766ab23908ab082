"""When somebody is warned that time is running out."""

from datetime import datetime, timedelta

#: A donor needs this long to find another outlet for food that nobody took.
OUTLET_LEAD = timedelta(hours=2)
#: An offer is recalled when this part of its time is left, but at least and at most so long before.
LAST_PART = 4
SHORTEST_RECALL, LONGEST_RECALL = timedelta(minutes=2), timedelta(minutes=15)


def recall_at(*, made_at: datetime, answer_by_at: datetime) -> datetime:
    """When a recipient who has not answered is reminded of the offer."""
    left = (answer_by_at - made_at) / LAST_PART
    return answer_by_at - min(LONGEST_RECALL, max(SHORTEST_RECALL, left))


def outlet_warning_at(*, opened_at: datetime, ends_at: datetime) -> datetime:
    """When the donor of food that nobody took is told, in time to find another way.

    Two hours before the end; of a shorter listing when half of its time is over.
    """
    return max(ends_at - OUTLET_LEAD, opened_at + (ends_at - opened_at) / 2)
