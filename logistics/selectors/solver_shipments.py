"""Shipments as the solver sees them: free to be planned, or bound to a route."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from backend.common.choices import StorageClass
from backend.couriers.models import Shift
from logistics.domain.problem import Shipment as SolverShipment
from logistics.domain.problem import TimeWindow
from logistics.models import Shipment
from logistics.selectors.places import Places

_VOLUME_AT = {"ambient": 1, "chilled": 2, "frozen": 3, "hot": 4}
#: Longer than any plan looks ahead.
_ALWAYS = (TimeWindow(0, round(timedelta(hours=48).total_seconds())),)


def skill(courier_id: UUID) -> str:
    """Held by every vehicle but this courier's; asked for by what this courier declined."""
    return f"not_{courier_id}"


def boxes_of(shifts: Sequence[Shift]) -> frozenset[str]:
    """Storage classes for which some vehicle has a box."""
    return frozenset(
        storage_class
        for storage_class, at in _VOLUME_AT.items()
        if storage_class == StorageClass.AMBIENT
        or any(shift.vehicle.capacity[at] for shift in shifts)
    )


def waiting_shipment(
    shipment: Shipment,
    places: Places,
    avoided: Mapping[UUID, set[UUID]],
    boxes: Set[str],
    epoch: datetime,
) -> SolverShipment:
    base = replace(bound_shipment(shipment, places, boxes), prize=shipment.prize_mg)
    return as_waiting(base, shipment, avoided=avoided, boxes=boxes, epoch=epoch)


def as_waiting(
    base: SolverShipment,
    shipment: Shipment,
    *,
    avoided: Mapping[UUID, set[UUID]],
    boxes: Set[str],
    epoch: datetime,
) -> SolverShipment:
    """With its real windows, load and skills: what no courier is bound to yet.

    A box keeps food at its temperature, so only what nobody has a box for must hurry: it goes
    with the open load, for as long as the region allows, and not at all when it sets no limit.
    """
    boxed = shipment.storage_class in boxes or shipment.longest_on_board_s is None
    last_s = seconds(shipment.deliver_until_at, epoch)
    from_s = max(seconds(shipment.pickup_from_at, epoch), 0)
    until_s = min(seconds(shipment.pickup_until_at, epoch), last_s)
    collected = (TimeWindow(from_s, max(until_s, from_s + 1)),)
    return replace(
        base,
        pickup=replace(base.pickup, windows=collected),
        delivery=replace(base.delivery, windows=_delivery_windows(shipment, last_s, epoch)),
        amounts=_amounts(shipment, boxed=boxed),
        skills=frozenset(skill(one) for one in avoided.get(shipment.pk, ())),
        max_on_board_s=None if boxed else shipment.longest_on_board_s,
    )


def _delivery_windows(shipment: Shipment, last_s: int, epoch: datetime) -> tuple[TimeWindow, ...]:
    """When the receiver's door is open before the food's end; one impossible second if never."""
    spans = [
        (
            max(seconds(datetime.fromisoformat(opens), epoch), 0),
            min(seconds(datetime.fromisoformat(closes), epoch), last_s),
        )
        for opens, closes in shipment.delivery_windows
    ]
    windows = tuple(TimeWindow(from_s, until_s) for from_s, until_s in spans if from_s < until_s)
    return windows or (TimeWindow(0, 1),)


def bound_shipment(shipment: Shipment, places: Places, boxes: Set[str]) -> SolverShipment:
    """A shipment on a committed route: it is driven as promised, however late it has become."""
    return SolverShipment(
        id=str(shipment.pk),
        pickup=places.handling(shipment.pickup_location, _ALWAYS),
        delivery=places.handling(shipment.delivery_location, _ALWAYS),
        amounts=_amounts(shipment, boxed=shipment.storage_class in boxes),
    )


def _amounts(shipment: Shipment, *, boxed: bool) -> tuple[int, ...]:
    amounts = [shipment.mass_g, 0, 0, 0, 0]
    amounts[_VOLUME_AT[shipment.storage_class if boxed else "ambient"]] = shipment.volume_ml
    return tuple(amounts)


def seconds(at: datetime, epoch: datetime) -> int:
    return round((at - epoch).total_seconds())
