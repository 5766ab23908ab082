"""Who is told about a route, and about the plans of a road group."""

from backend.events import audiences
from backend.regions.packs import pack
from logistics.models import Route


def plan_audiences(area: str) -> list[str]:
    """The coordinators who see the plans of this road group: of every county with a part in it."""
    counties = {each.county_code for each in pack().townships.values() if each.road_group == area}
    return [audiences.county(code) for code in sorted(counties)]


def route_audiences(route: Route) -> list[str]:
    """The courier, the counties' coordinators, and every place that the route serves."""
    served = route.stops.values_list(
        "tasks__shipment__claim__organization_id",
        "tasks__shipment__claim__listing__organization_id",
    )
    organizations = {one for pair in served for one in pair if one is not None}
    return [
        audiences.person(route.courier.user_id),
        audiences.county(route.county_code),
        audiences.route(route.pk),
        *(audiences.organization(one) for one in sorted(organizations)),
    ]
