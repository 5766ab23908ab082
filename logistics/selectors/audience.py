"""Who is told about a route."""

from backend.events import audiences
from logistics.models import Route


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
