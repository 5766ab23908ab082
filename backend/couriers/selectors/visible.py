"""What a viewer may see of couriers, vehicles and shifts: their own, or those of their counties."""

from django.db.models import Q, QuerySet

from backend.common.actor import Actor
from backend.couriers.models import Courier, Shift, Vehicle
from backend.organizations.selectors import counties_of


def visible_couriers(viewer: Actor) -> QuerySet[Courier]:
    """The viewer as courier, and the couriers of the counties that the viewer watches over."""
    couriers = Courier.objects.select_related("user")
    return couriers if viewer.is_system else couriers.filter(_seen(viewer, ""))


def visible_vehicles(viewer: Actor) -> QuerySet[Vehicle]:
    """The vehicles of the couriers that the viewer sees."""
    vehicles = Vehicle.objects.select_related("courier")
    return vehicles if viewer.is_system else vehicles.filter(_seen(viewer, "courier__"))


def visible_shifts(viewer: Actor) -> QuerySet[Shift]:
    """The viewer's shifts, and those in the counties that the viewer watches over."""
    shifts = Shift.objects.select_related("courier", "vehicle")
    if viewer.is_system:
        return shifts
    own = Q(pk__in=()) if viewer.user_id is None else Q(courier__user_id=viewer.user_id)
    return shifts.filter(_unbound(viewer, own) | Q(county_code__in=counties_of(viewer)))


def _seen(viewer: Actor, prefix: str) -> Q:
    own = Q(**{f"{prefix}user_id": viewer.user_id})
    counties = Q(**{f"{prefix}county_code__in": counties_of(viewer)})
    return _unbound(viewer, own) | counties


def _unbound(viewer: Actor, own: Q) -> Q:
    """A key that is bound to an organization is not the courier that its owner may be."""
    return own if viewer.organization_id is None else Q(pk__in=())
