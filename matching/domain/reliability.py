"""How likely a recipient keeps what it accepts: its own past, shrunk to what is usual around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

#: Acceptances that ended longer ago tell nothing about today.
LOOKS_BACK: Final = timedelta(days=180)
#: A charity that gives something back later than this before it could be fetched leaves nobody time
#: to take its place.
TOO_LATE_TO_CANCEL: Final = timedelta(hours=1)
#: The county's mean weighs as much as so many acceptances of one's own.
MEAN_COUNTS_AS: Final = 10
#: A county of which nothing is known is taken to keep 19 acceptances of 20.
USUALLY_KEPT, USUALLY_UNKEPT = 19, 1
#: Who ends a claim for these reasons is not the charity.
NOT_THE_CHARITY: Final = frozenset(
    {"listing_withdrawn", "pickup_failed", "back_office", "by_its_hand_overs"}
)


@dataclass(frozen=True, slots=True)
class Record:
    """Acceptances that were kept, and those on which nobody came or opened the door.

    Raises ValueError naming the field.
    """

    kept: int = 0
    unkept: int = 0

    def __post_init__(self) -> None:
        for name in ("kept", "unkept"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: {getattr(self, name)} is negative")

    @property
    def total(self) -> int:
        return self.kept + self.unkept


def county_mean(records: Iterable[Record]) -> float:
    """The share of its acceptances that a county keeps, with what is usual anywhere as a prior."""
    kept = unkept = 0
    for record in records:
        kept += record.kept
        unkept += record.unkept
    return (kept + USUALLY_KEPT) / (kept + unkept + USUALLY_KEPT + USUALLY_UNKEPT)


def reliability(own: Record, *, mean: float) -> float:
    """The chance that the next acceptance is kept, to four digits.

    The mean of a beta distribution: the county's mean as the prior, worth ten acceptances, updated
    by one's own. Nobody is condemned by one missed crate, and nobody hides behind a good county.
    """
    return round((own.kept + MEAN_COUNTS_AS * mean) / (own.total + MEAN_COUNTS_AS), 4)
