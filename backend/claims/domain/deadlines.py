"""Until when a promised share waits for whoever fetches it."""

from datetime import datetime, timedelta

from backend.claims.domain.facts import SELF_COLLECT

#: How late somebody may come before the share is free for others again.
GRACE = {SELF_COLLECT: timedelta(minutes=30)}
GRACE_OF_OTHERS = timedelta(minutes=60)


def lapses_at(ends_at: datetime, *, transport: str) -> datetime:
    """When a claim that was to be fetched until `ends_at` lapses."""
    return ends_at + GRACE.get(transport, GRACE_OF_OTHERS)
