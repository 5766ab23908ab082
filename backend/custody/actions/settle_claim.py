"""Brings a claim's ledger to where its hand-overs say that every gram is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.claims.actions.move_line_mass import move_line_mass
from backend.claims.actions.step_claim import touch_claim
from backend.claims.models import Claim, ClaimLine
from backend.common.actor import Actor
from backend.common.models import Row
from backend.custody.actions.make_room import make_room
from backend.custody.domain.replay import LinePosition
from backend.custody.selectors.positions import line_position
from backend.listings.domain.ledger import Bucket
from backend.needs.actions.book_capacity import book_capacity
from backend.needs.actions.give_back_capacity import give_back_capacity

#: In this order givers are paired with takers, so that the ledger reads as food moves.
_ORDER = (
    Bucket.RESERVED,
    Bucket.ON_BOARD,
    Bucket.IN_STOCK,
    Bucket.DELIVERED,
    Bucket.RETURNED,
    Bucket.DISPOSED,
    Bucket.LOST,
    Bucket.AVAILABLE,
    Bucket.SOURCE,
)


@transaction.atomic
def settle_claim(*, claim: Claim, cause: Row, by: Actor, now: datetime) -> dict[UUID, LinePosition]:
    """Replays the hand-overs of every line and posts the difference; returns each line's position.

    The caller holds the claim by `lock_claim`. What the lot cannot give any more because it was
    promised again is taken from other claims (`make_room`). Room at the recipient's follows what is
    coming or came, lots first. What changed makes another version of the claim; running it again
    changes nothing.
    """
    positions, more_room_g, moved = {}, Counter[str](), False
    for line in claim.lines.order_by("lot_id").select_related("lot"):
        position, before_g = line_position(line), room_g(line)
        moved |= _post_difference(line, position, cause=cause, by=by, now=now)
        more_room_g[line.lot.storage_class] += room_g(line) - before_g
        positions[line.pk] = position
    _follow_room(claim, more_room_g, now=now)
    if moved:
        touch_claim(claim)
    return positions


def room_g(line: ClaimLine) -> int:
    """Grams of the line that take room at the recipient's: what is coming or came."""
    return line.reserved_g + line.on_board_g + line.in_stock_g + line.delivered_g


def _follow_room(claim: Claim, more_room_g: Mapping[str, int], *, now: datetime) -> None:
    for storage_class, mass_g in sorted(more_room_g.items()):
        if mass_g:
            change = book_capacity if mass_g > 0 else give_back_capacity
            change(
                location_id=claim.location_id,
                storage_class=storage_class,
                local_date=claim.receive_date,
                mass_g=abs(mass_g),
                now=now,
            )


def _post_difference(
    line: ClaimLine, position: LinePosition, *, cause: Row, by: Actor, now: datetime
) -> bool:
    """Whether anything was to be posted."""
    moved = False
    for giver, taker, mass_g in _moves(_differences(line, position)):
        moved = True
        if giver is Bucket.AVAILABLE:
            make_room(line=line, mass_g=mass_g, cause=cause, by=by, now=now)
        move_line_mass(
            line=line, from_bucket=giver, to_bucket=taker, mass_g=mass_g, cause=cause, now=now
        )
    return moved


def _differences(line: ClaimLine, position: LinePosition) -> dict[Bucket, int]:
    """Grams by which each bucket of the line must grow; they add up to zero with the source."""
    return {
        Bucket.RESERVED: position.reserved_g - line.reserved_g,
        Bucket.ON_BOARD: position.on_board_g - line.on_board_g,
        Bucket.IN_STOCK: position.in_stock_g - line.in_stock_g,
        Bucket.DELIVERED: position.delivered_g - line.delivered_g,
        Bucket.RETURNED: position.returned_g - line.returned_g,
        Bucket.DISPOSED: position.disposed_g - line.disposed_g,
        Bucket.LOST: position.lost_g - line.lost_g,
        Bucket.AVAILABLE: position.released_g - line.released_g,
        Bucket.SOURCE: line.adjusted_g - position.adjusted_g,
    }


def _moves(differences: dict[Bucket, int]) -> Iterable[tuple[Bucket, Bucket, int]]:
    """Pairs what shrinks with what grows, in a fixed order: (giver, taker, grams)."""
    left_g = dict(differences)
    while any(left_g.values()):
        giver = next(bucket for bucket in _ORDER if left_g[bucket] < 0)
        taker = next(bucket for bucket in _ORDER if left_g[bucket] > 0)
        mass_g = min(-left_g[giver], left_g[taker])
        yield giver, taker, mass_g
        left_g[giver] += mass_g
        left_g[taker] -= mass_g
