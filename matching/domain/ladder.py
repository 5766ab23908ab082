"""The road of an offer: how long someone may think about it, and who is asked next."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

LONGEST: Final = timedelta(minutes=30)
SHORTEST: Final = timedelta(minutes=3)
#: One answer may use up so much of the time that is left, so that others can still be asked.
SHARE_OF_LIFE: Final = 6


def answer_window(*, now: datetime, latest_start_at: datetime) -> timedelta:
    """How long a recipient may think: half an hour, less when the food has little time.

    `latest_start_at` is when the trip must begin at the latest. Never under three minutes, unless
    less than that is left; nothing when it is too late.
    """
    left = latest_start_at - now
    return max(timedelta(0), min(LONGEST, max(SHORTEST, left / SHARE_OF_LIFE), left))


class Ranked(Protocol):
    """Anyone who can be asked, with the score that the engine gives them."""

    @property
    def programme_id(self) -> str: ...

    @property
    def score(self) -> float: ...


R = TypeVar("R", bound=Ranked)


def next_to_ask(candidates: Iterable[R], *, already_asked: Collection[str]) -> list[R]:
    """Those still to be asked, best first; those with whom the food gains nothing are left out.

    Of equals the first one given comes first. An empty list means: the open board.
    """
    open_to = [c for c in candidates if c.programme_id not in already_asked and c.score > 0]
    return sorted(open_to, key=lambda candidate: -candidate.score)
