"""Tells everybody that the public figures have changed."""

from datetime import datetime

from django.db import transaction

from backend.common.actor import system
from backend.custody.models import HandOver
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from backend.impact.selectors.figures import delivered_today

BY = system("impact.figures")


@transaction.atomic
def tell_figures(*, hand_over: HandOver, now: datetime) -> Event:
    """After a hand-over that counts, or no longer does: today's sums, nothing of who or where."""
    today = delivered_today(now=now)
    return record(
        "figures.changed",
        subject=hand_over,
        by=BY,
        now=now,
        audiences=[audiences.public()],
        payload={"delivered_today_g": today.mass_g, "meals_today": today.meals},
    )
