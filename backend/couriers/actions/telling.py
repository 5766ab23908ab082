"""Who hears of what happens to couriers, their vehicles and shifts, and what is told."""

from collections.abc import Iterable
from datetime import datetime

from backend.common.actor import Actor
from backend.couriers.models import Courier, Shift, Vehicle
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record


def tell(
    thing: Courier | Vehicle | Shift,
    type_: str,
    *,
    by: Actor,
    now: datetime,
    changed: Iterable[str] = (),
    reason: str = "",
) -> Event:
    """Records the event for the courier in person and the coordinators of the county; no points,
    no names.
    """
    courier = thing if isinstance(thing, Courier) else thing.courier
    county_code = thing.county_code if isinstance(thing, Shift) else courier.county_code
    return record(
        type_,
        subject=thing,
        by=by,
        now=now,
        audiences=[audiences.person(courier.user_id), audiences.county(county_code)],
        payload={"courier_id": str(courier.pk), **_facts(thing)},
        changed=changed,
        reason=reason,
    )


def _facts(thing: Courier | Vehicle | Shift) -> dict[str, str | int | list[int]]:
    if isinstance(thing, Courier):
        return {"status": thing.status, "county_code": thing.county_code}
    if isinstance(thing, Vehicle):
        return {"kind": thing.kind, "capacity": thing.capacity}
    return {
        "status": thing.status,
        "vehicle_id": str(thing.vehicle_id),
        "from_at": thing.from_at.isoformat(),
        "until_at": thing.until_at.isoformat(),
        "county_code": thing.county_code,
        "road_group": thing.road_group,
    }
