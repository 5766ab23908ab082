"""Takes the rest of a shipment that was not fetched off its route."""

from datetime import datetime

from django.db import transaction

from backend.common.actor import Actor
from logistics.actions.change_stop import change_stop
from logistics.domain.lifecycle import StopStatus
from logistics.models import Route, Shipment


@transaction.atomic
def drop_from_route(*, shipment: Shipment, route: Route, by: Actor, now: datetime) -> None:
    """Visits that nobody has come to yet lose its tasks; those left without any are skipped."""
    stops = route.stops.filter(status=StopStatus.PLANNED, tasks__shipment=shipment)
    for stop in stops.select_related("route__courier").distinct():
        stop.tasks.filter(shipment=shipment).delete()
        if not stop.tasks.exists():
            change_stop(stop=stop, to=StopStatus.SKIPPED, by=by, now=now, ended_at=now)
