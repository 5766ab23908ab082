"""The fold that derives, from the hand-overs of one claim line, where every gram of it is.

It looks at the whole set of facts, never at the order in which they arrived: facts are applied from
the earliest on, and one whose giver does not yet hold anything waits until another fact has given
it something. What still waits at the end is unmatched and moves nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as dataclass_replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    COLLECTED = "collected"
    TRANSFERRED = "transferred"
    STOCKED = "stocked"
    DELIVERED = "delivered"
    RETURNED = "returned"
    DISPOSED = "disposed"


class Remainder(StrEnum):
    """What became of mass that the giver still held and the receiver did not get."""

    NONE = ""
    LEFT_BEHIND = "left_behind"
    NEVER_THERE = "never_there"
    COMES_LATER = "comes_later"


#: Facts of the same instant are read in the order in which food moves.
_ORDER = {kind: place for place, kind in enumerate(Kind)}

ON_BOARD, IN_STOCK = "on_board", "in_stock"
#: Mass here has a holder who can give it on; a holder of both gives from stock first.
_WHERE_HELD = (IN_STOCK, ON_BOARD)
#: Where mass ends up by kind; a collection or transfer leaves it on board of the receiver.
_ENDS_IN = {
    Kind.STOCKED: IN_STOCK,
    Kind.DELIVERED: "delivered",
    Kind.RETURNED: "returned",
    Kind.DISPOSED: "disposed",
}


#: Two scales may differ by this share, or by this many grams for small loads.
SCALES_DIFFER_BY, SCALES_DIFFER_G = 0.1, 500


@dataclass(frozen=True, slots=True)
class LineFact:
    """One hand-over line: `accepted_g` passed from `giver` to `receiver`, `refused_g` did not.

    `giver` is None at the donor's; otherwise the id of the courier or of the hub that held it.
    """

    id: UUID
    kind: Kind
    at: datetime
    giver: UUID | None
    receiver: UUID | None
    accepted_g: int
    refused_g: int = 0
    remainder: Remainder = Remainder.NONE


@dataclass(slots=True)
class LinePosition:
    """Where the grams of one claim line are; the sum of all is promised plus adjusted."""

    reserved_g: int
    on_board_g: int = 0
    in_stock_g: int = 0
    delivered_g: int = 0
    returned_g: int = 0
    disposed_g: int = 0
    lost_g: int = 0
    released_g: int = 0
    adjusted_g: int = 0
    unmatched: frozenset[UUID] = frozenset()
    out_of_order: frozenset[UUID] = frozenset()
    more_than_held: frozenset[UUID] = frozenset()
    on_board_since: Mapping[UUID, datetime] = field(default_factory=dict)

    def total_g(self) -> int:
        return (
            self.reserved_g
            + self.on_board_g
            + self.in_stock_g
            + self.delivered_g
            + self.returned_g
            + self.disposed_g
            + self.lost_g
            + self.released_g
        )


def replay(promised_g: int, facts: Iterable[LineFact], *, cut_g: int = 0) -> LinePosition:
    """Where `promised_g` grams are after `facts`; the same for every order of arrival.

    `cut_g` of them were released by command (cancelled, lapsed, cut for somebody else): what of
    these nobody took is released, and never counts as food that was not there.
    More than promised at a collection is an upward adjustment; less is adjusted, released or still
    to come, as the fact's `remainder` says. What a receiver refuses at the donor's stays with the
    donor. Less at a later hand-over than the giver had is lost on the way unless it follows or was
    refused. Far more than a giver has left who already gave a part is a second report of the same
    hand-over: it moves what is left and is named in `more_than_held`.
    """
    fold = _Fold(promised_g, cut_g)
    waiting = sorted(facts, key=lambda fact: (fact.at, _ORDER[fact.kind], fact.id))
    while (
        ready := next((fact for fact in waiting if fold.holds_something(fact)), None)
    ) is not None:
        waiting.remove(ready)
        fold.apply(ready)
    fold.release_cut()
    position = fold.position
    position.unmatched = frozenset(fact.id for fact in waiting)
    return position


class _Fold:
    """The running state: the position and how much each later holder has."""

    def __init__(self, promised_g: int, cut_g: int) -> None:
        self.position = LinePosition(reserved_g=promised_g)
        self._cut_g = cut_g
        self._held: dict[tuple[UUID, str], int] = {}
        self._latest: datetime | None = None
        self._gave: set[UUID | None] = set()

    def holds_something(self, fact: LineFact) -> bool:
        return self._has_g(fact.giver) > 0

    def apply(self, fact: LineFact) -> None:
        if self._latest is not None and fact.at < self._latest:
            self.position.out_of_order |= {fact.id}
        self._latest = max(fact.at, self._latest or fact.at)
        fact = self._no_more_than_held(fact)
        self._gave.add(fact.giver)
        if fact.giver is None:
            self._take_from_donor(fact)
        else:
            self._take_from_holder(fact, fact.giver)
        self._give(fact)

    def _no_more_than_held(self, fact: LineFact) -> LineFact:
        had_g = self._has_g(fact.giver)
        tolerance_g = max(had_g * SCALES_DIFFER_BY, SCALES_DIFFER_G)
        if fact.giver not in self._gave or fact.accepted_g <= had_g + tolerance_g:
            return fact
        self.position.more_than_held |= {fact.id}
        return dataclass_replace(fact, accepted_g=had_g)

    def _has_g(self, giver: UUID | None) -> int:
        if giver is None:
            return self.position.reserved_g
        held = (self._held.get((giver, bucket), 0) for bucket in _WHERE_HELD)
        return next((mass_g for mass_g in held if mass_g), 0)

    def _take_from_donor(self, fact: LineFact) -> None:
        position, passed_g = self.position, fact.accepted_g
        missing_g = position.reserved_g - passed_g
        position.reserved_g = 0
        if missing_g <= 0:
            position.adjusted_g -= missing_g
            return
        kept_g = min(fact.refused_g, missing_g)
        position.returned_g += kept_g
        missing_g -= kept_g
        if fact.remainder is Remainder.COMES_LATER:
            position.reserved_g = missing_g
        elif fact.remainder is Remainder.LEFT_BEHIND:
            self._release(missing_g)
        else:
            position.adjusted_g -= missing_g - self._release(min(missing_g, self._cut_g))

    def release_cut(self) -> None:
        """What nobody took in spite of the command that released it is released."""
        self.position.reserved_g -= self._release(min(self.position.reserved_g, self._cut_g))

    def _release(self, mass_g: int) -> int:
        self.position.released_g += mass_g
        self._cut_g = max(self._cut_g - mass_g, 0)
        return mass_g

    def _take_from_holder(self, fact: LineFact, giver: UUID) -> None:
        position = self.position
        place = next((giver, bucket) for bucket in _WHERE_HELD if self._held.get((giver, bucket)))
        had_g = self._held[place]
        stays_g = min(fact.refused_g, max(had_g - fact.accepted_g, 0))
        missing_g = had_g - fact.accepted_g - stays_g
        if missing_g > 0 and fact.remainder in (Remainder.COMES_LATER, Remainder.LEFT_BEHIND):
            stays_g, missing_g = stays_g + missing_g, 0
        self._held[place] = stays_g
        self._grow(place[1], stays_g - had_g)
        if missing_g > 0:
            position.lost_g += missing_g
        else:
            position.adjusted_g -= missing_g

    def _give(self, fact: LineFact) -> None:
        bucket = _ENDS_IN.get(fact.kind, ON_BOARD)
        self._grow(bucket, fact.accepted_g)
        if fact.receiver is not None and bucket in _WHERE_HELD:
            place = (fact.receiver, bucket)
            self._held[place] = self._held.get(place, 0) + fact.accepted_g
            since = self.position.on_board_since
            self.position.on_board_since = {fact.receiver: fact.at} | dict(since)

    def _grow(self, bucket: str, mass_g: int) -> None:
        name = f"{bucket}_g"
        setattr(self.position, name, getattr(self.position, name) + mass_g)
