"""The life of a claim, and how its status follows from where the grams of its lines are."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from operator import add

from backend.common import lifecycle


class ClaimStatus(StrEnum):
    """Where a claim stands; derived from its lines, never set on its own."""

    RESERVED = "reserved"
    SCHEDULED = "scheduled"
    COLLECTED = "collected"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    FAILED = "failed"


S = ClaimStatus

#: A claim that its recipient fetches itself is collected without having been scheduled. Facts about
#: custody may arrive together, so a derived status can pass several steps at once; commands ask
#: this table first.
NEXT = {
    S.RESERVED: {S.SCHEDULED, S.COLLECTED, S.CANCELLED, S.LAPSED},
    S.SCHEDULED: {S.RESERVED, S.COLLECTED, S.CANCELLED, S.LAPSED},
    S.COLLECTED: {S.SETTLED, S.FAILED},
    S.SETTLED: set(),
    S.CANCELLED: set(),
    S.LAPSED: set(),
    S.FAILED: set(),
}

#: Not yet touched by anybody's hand: these may still be cancelled or lapse.
BEFORE_COLLECTION = frozenset({S.RESERVED, S.SCHEDULED})
OPEN = BEFORE_COLLECTION | {S.COLLECTED}


def advance(here: ClaimStatus, there: ClaimStatus) -> ClaimStatus:
    """`there`, when a claim may go there from `here`; raises IllegalTransition otherwise."""
    return lifecycle.advance(NEXT, here, there)


@dataclass(frozen=True, slots=True)
class LineMass:
    """Where the grams of one claim line are now; together they are the mass that was claimed.

    `released_g` went back to the lot, or was cut, before anybody collected it.
    """

    reserved_g: int = 0
    on_board_g: int = 0
    in_stock_g: int = 0
    delivered_g: int = 0
    returned_g: int = 0
    disposed_g: int = 0
    lost_g: int = 0
    released_g: int = 0

    def __add__(self, other: "LineMass") -> "LineMass":
        return LineMass(*map(add, astuple(self), astuple(other)))

    @property
    def collected_g(self) -> int:
        """Grams that left the donor's hands, wherever they are now."""
        return self.total_g - self.reserved_g - self.released_g

    @property
    def total_g(self) -> int:
        """Grams of the line, wherever they are now."""
        return sum(astuple(self))


def derive_status(
    lines: Iterable[LineMass],
    *,
    scheduled: bool,
    lapsed: bool = False,
    for_stock: bool = False,
) -> ClaimStatus:
    """The status that follows from the buckets of all lines.

    `scheduled`: all that is still reserved is on a plan or has a booked window. `lapsed`: what was
    released was released because time ran out rather than by a person. `for_stock`: the recipient
    is a hub, so that food in stock has arrived; otherwise stock is a stage of the way. A claim with
    any mass delivered is settled once nothing is open; one that was collected in part, with more to
    fetch, is collected.
    """
    sum_g = sum(lines, LineMass())
    arrived_g = sum_g.delivered_g + (sum_g.in_stock_g if for_stock else 0)
    under_way_g = sum_g.on_board_g + (0 if for_stock else sum_g.in_stock_g)
    if under_way_g or (sum_g.reserved_g and sum_g.collected_g):
        return S.COLLECTED
    if sum_g.reserved_g:
        return S.SCHEDULED if scheduled else S.RESERVED
    if arrived_g:
        return S.SETTLED
    if sum_g.collected_g:
        return S.FAILED
    return S.LAPSED if lapsed else S.CANCELLED
