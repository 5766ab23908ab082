"""What counts as having got one's share: decay of the past, fair share, inequality."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

HALF_LIFE = timedelta(days=28)


def decayed_g(mass_g: int, *, at: datetime, now: datetime) -> float:
    """What mass received at `at` still weighs: half after 28 days. The future counts in full."""
    half_lives = max(timedelta(0), now - at) / HALF_LIFE
    return mass_g * float(0.5**half_lives)


def position_g(entries: Iterable[tuple[int, datetime]], *, committed_g: int, now: datetime) -> int:
    """A programme's fairness position: decayed past plus all promised to it, undecayed.

    Entries are (grams, instant), negative for what it gave back; the position is never below zero.
    """
    past_g = sum(decayed_g(mass_g, at=at, now=now) for mass_g, at in entries)
    return max(0, round(past_g) + committed_g)


def fair_g_per_person(*, received_g: int, on_offer_g: int, people: int) -> float:
    """Everybody's equal share of what was received, as it still weighs, and of what is on offer."""
    return (received_g + on_offer_g) / people if people else 0.0


def gini(amounts: Sequence[float], weights: Sequence[float]) -> float:
    """Inequality of `amounts` per head, each of `weights` heads: 0 all equal, near 1 one has all.

    0 for an empty or all-zero distribution. Source: area under the Lorenz curve, by trapezoids.
    """
    heads, total = sum(weights), sum(a * w for a, w in zip(amounts, weights, strict=True))
    if not heads or not total:
        return 0.0
    area = held = 0.0
    for amount, weight in sorted(zip(amounts, weights, strict=True)):
        area += weight * (held + amount * weight / 2)
        held += amount * weight
    return 1 - 2 * area / (heads * total)
