"""Who may see and drive routes, and who watches over them."""

from uuid import UUID

import rules
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import NotFound, Refusal
from backend.couriers.permissions import is_courier
from backend.organizations.permissions import coordinates
from logistics.domain.lifecycle import RouteStatus
from logistics.models import Plan, Route, RouteOffer, Stop
from logistics.selectors.visible import areas_of

#: Nobody has driven these, so nothing can have been handed over on them.
NEVER_ACCEPTED = (RouteStatus.DRAFT, RouteStatus.OFFERED, RouteStatus.DECLINED)


class PlanOver(Refusal):
    """Only a search that still runs can be ended."""

    code = "plan_over"
    message = _("This plan is no longer being worked out.")


class NotUnderWay(Refusal):
    """Stops are worked on while the route is under way."""

    code = "not_under_way"
    message = _("Start the route first.")


def drives(actor: Actor, route: Route) -> bool:
    """The courier of the route."""
    return is_courier(actor, route.courier)


def is_asked(actor: Actor, offer: RouteOffer) -> bool:
    """The courier to whom the route was offered."""
    return is_courier(actor, offer.courier)


def watches_route(actor: Actor, route: Route) -> bool:
    return coordinates(actor, route.county_code)


def drives_or_watches(actor: Actor, route: Route) -> bool:
    return drives(actor, route) or watches_route(actor, route)


def plans_area(actor: Actor, area: str) -> bool:
    """A coordinator of a county with a part in this road group."""
    return area in areas_of(actor)


rules.add_rule("logistics.drive", drives)
rules.add_rule("logistics.answer", is_asked)
rules.add_rule("logistics.abandon", drives_or_watches)
rules.add_rule("logistics.plan", plans_area)


def planned_by(plan_id: UUID, by: Actor) -> Plan:
    """A plan of a road group that the actor may plan; NotFound for everybody else."""
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None or not may(by, "logistics.plan", plan.area):
        raise NotFound()
    return plan


def own_route(route_id: UUID, by: Actor) -> Route:
    """The actor's route; NotFound for everybody else's."""
    route = Route.objects.select_related("courier__user", "shift").filter(pk=route_id).first()
    if route is None or not may(by, "logistics.drive", route):
        raise NotFound()
    return route


def own_stop(stop_id: UUID, by: Actor) -> Stop:
    """A stop of the actor's route under way; raises NotFound or NotUnderWay."""
    stop = _stop(stop_id, by)
    if stop.route.status != RouteStatus.UNDER_WAY:
        raise NotUnderWay()
    return stop


def driven_stop(stop_id: UUID, by: Actor) -> Stop:
    """A stop of a route that the actor accepted, however far it is; NotFound or NotUnderWay."""
    stop = _stop(stop_id, by)
    if stop.route.status in NEVER_ACCEPTED:
        raise NotUnderWay()
    return stop


def _stop(stop_id: UUID, by: Actor) -> Stop:
    stops = Stop.objects.select_related("route__courier__user", "location")
    stop = stops.filter(pk=stop_id).first()
    if stop is None or not may(by, "logistics.drive", stop.route):
        raise NotFound()
    return stop


def asked_offer(offer_id: UUID, by: Actor) -> RouteOffer:
    """An offer that was made to the actor; NotFound for everybody else's."""
    offer = RouteOffer.objects.select_related("route__courier", "courier").filter(pk=offer_id)
    found = offer.first()
    if found is None or not may(by, "logistics.answer", found):
        raise NotFound()
    return found
