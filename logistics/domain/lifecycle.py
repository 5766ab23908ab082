"""The lives of shipments, routes, stops and offers of routes."""

from collections.abc import Mapping, Set
from enum import StrEnum


class ShipmentStatus(StrEnum):
    WAITING = "waiting"
    PLANNED = "planned"
    ON_BOARD = "on_board"
    DELIVERED = "delivered"
    RETURNED = "returned"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RouteStatus(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    DECLINED = "declined"
    ABANDONED = "abandoned"


class StopStatus(StrEnum):
    PLANNED = "planned"
    ARRIVED = "arrived"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


_S, _R, _T = ShipmentStatus, RouteStatus, StopStatus

#: Commands follow this table; facts (hand-overs) may pass several steps at once, see `custody`.
SHIPMENT_NEXT: Mapping[ShipmentStatus, Set[ShipmentStatus]] = {
    _S.WAITING: {_S.PLANNED, _S.CANCELLED, _S.FAILED},
    _S.PLANNED: {_S.WAITING, _S.ON_BOARD, _S.CANCELLED, _S.FAILED},
    _S.ON_BOARD: {_S.WAITING, _S.DELIVERED, _S.RETURNED, _S.FAILED},
    _S.DELIVERED: set(),
    _S.RETURNED: set(),
    _S.FAILED: set(),
    _S.CANCELLED: set(),
}

ROUTE_NEXT: Mapping[RouteStatus, Set[RouteStatus]] = {
    _R.DRAFT: {_R.OFFERED},
    _R.OFFERED: {_R.ACCEPTED, _R.DECLINED, _R.ABANDONED},
    _R.ACCEPTED: {_R.UNDER_WAY, _R.ABANDONED},
    _R.UNDER_WAY: {_R.FINISHED, _R.ABANDONED},
    _R.FINISHED: set(),
    _R.DECLINED: set(),
    _R.ABANDONED: set(),
}

STOP_NEXT: Mapping[StopStatus, Set[StopStatus]] = {
    _T.PLANNED: {_T.ARRIVED, _T.DONE, _T.FAILED, _T.SKIPPED},
    _T.ARRIVED: {_T.DONE, _T.FAILED, _T.SKIPPED},
    _T.DONE: set(),
    _T.FAILED: {_T.DONE},
    _T.SKIPPED: set(),
}

#: Stops that the courier still has to see to.
OPEN_STOPS = frozenset({StopStatus.PLANNED, StopStatus.ARRIVED})


def derive_status(
    here: ShipmentStatus,
    *,
    reserved_g: int,
    on_board_g: int,
    delivered_g: int,
    given_back_g: int,
) -> ShipmentStatus:
    """What a shipment is, after the grams of its lines moved; `here` while nobody collected it.

    `given_back_g` is what was returned, disposed of or taken into stock. One of which a part was
    driven and the rest is still at the donor's waits again. A shipment that was collected and of
    which nothing is left anywhere has failed.
    """
    if on_board_g:
        return ShipmentStatus.ON_BOARD
    if reserved_g:
        return ShipmentStatus.WAITING if here is ShipmentStatus.ON_BOARD else here
    if delivered_g:
        return ShipmentStatus.DELIVERED
    return ShipmentStatus.RETURNED if given_back_g else ShipmentStatus.FAILED
