"""Which shipments, routes and plans a viewer may see."""

from django.db.models import Prefetch, Q, QuerySet

from backend.common.actor import Actor
from backend.organizations.selectors import counties_of, organizations_of
from backend.regions.packs import pack
from logistics.models import Plan, Route, RouteOffer, Shipment, Stop, StopTask


def visible_shipments(viewer: Actor) -> QuerySet[Shipment]:
    """Of the viewer's organizations, on either side, and of the counties they watch over."""
    rows = Shipment.objects.select_related(
        "claim__listing", "pickup_location", "delivery_location", "commitment"
    )
    if viewer.is_system:
        return rows
    own, counties = organizations_of(viewer).values("pk"), list(counties_of(viewer))
    return rows.filter(
        Q(claim__organization__in=own)
        | Q(claim__listing__organization__in=own)
        | Q(county_code__in=counties)
        | Q(claim__listing__county_code__in=counties)
    )


def visible_routes(viewer: Actor) -> QuerySet[Route]:
    """The viewer's as courier, and those of the counties that the viewer watches over."""
    rows = whole_routes()
    return rows if viewer.is_system else rows.filter(_own(viewer) | _watched(viewer))


def own_routes(viewer: Actor) -> QuerySet[Route]:
    """The viewer's routes as courier."""
    return whole_routes().filter(_own(viewer))


def own_route_offers(viewer: Actor) -> QuerySet[RouteOffer]:
    """Routes that were offered to the viewer, answered or not."""
    stops = _stops()
    return (
        RouteOffer.objects.select_related("route__courier", "courier")
        .prefetch_related(Prefetch("route__stops", queryset=stops))
        .filter(_own(viewer))
    )


def visible_plans(viewer: Actor) -> QuerySet[Plan]:
    """Plans of the road groups in which the viewer watches over a county."""
    plans = Plan.objects.prefetch_related("routes")
    return plans if viewer.is_system else plans.filter(area__in=areas_of(viewer))


def areas_of(viewer: Actor) -> frozenset[str]:
    """Road groups that reach into a county that the viewer watches over."""
    counties = counties_of(viewer)
    townships = pack().townships.values()
    return frozenset(each.road_group for each in townships if each.county_code in counties)


def whole_routes() -> QuerySet[Route]:
    """Routes with all that is done at their stops, in a constant number of queries."""
    return Route.objects.select_related("courier__user", "shift__vehicle").prefetch_related(
        Prefetch("stops", queryset=_stops())
    )


def _stops() -> QuerySet[Stop]:
    tasks = StopTask.objects.select_related(
        "shipment__claim__listing__organization",
        "shipment__claim__listing__location",
        "shipment__claim__organization",
        "shipment__claim__location",
    ).prefetch_related("shipment__lines__claim_line", "shipment__lines__lot")
    stops = Stop.objects.select_related("location__organization").order_by("sequence")
    return stops.prefetch_related(Prefetch("tasks", queryset=tasks))


def _own(viewer: Actor) -> Q:
    """A key that is bound to an organization is not the courier that its owner may be."""
    if viewer.user_id is None or viewer.organization_id is not None:
        return Q(pk__in=())
    return Q(courier__user_id=viewer.user_id)


def _watched(viewer: Actor) -> Q:
    return Q(county_code__in=counties_of(viewer))
