"""Shipments, routes, offers of routes and plans over REST: lists and details."""

from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.found import found
from backend.common.permissions import require
from backend.common.refusals import NotFound
from backend.common.rest import IdempotentPost, actor, etag, paged
from backend.common.rest.serializers import parse_query
from logistics.actions.cancel_plan import cancel_plan
from logistics.actions.stop_plan import stop_plan
from logistics.api.output import (
    PlanPage,
    PlanQueuedView,
    PlanView,
    RouteHeadView,
    RouteOfferPage,
    RouteOfferView,
    RoutePage,
    RouteView,
    ShipmentPage,
    ShipmentView,
)
from logistics.api.serializers import (
    PlanInput,
    PlansQuery,
    RouteOffersQuery,
    RoutesQuery,
    ShipmentsQuery,
)
from logistics.selectors.visible import (
    areas_of,
    own_route_offers,
    own_routes,
    visible_plans,
    visible_routes,
    visible_shipments,
)
from logistics.tasks import solve_area


class Shipments(APIView):
    """What has to be driven."""

    @extend_schema(
        operation_id="list_shipments", parameters=[ShipmentsQuery], responses=ShipmentPage
    )
    def get(self, request: Request) -> Response:
        """Of one's organizations and of one's counties, newest first.

        One that waits says in `unassigned_reason` why the last plan left it out.
        """
        wanted = parse_query(ShipmentsQuery, request.query_params)
        columns = {
            "status": "status",
            "county": "county_code",
            "claim": "claim_id",
            "storage_class": "storage_class",
        }
        rows = visible_shipments(actor(request)).filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(ShipmentView(page, many=True).data)


class OneShipment(APIView):
    @extend_schema(operation_id="get_shipment", responses=ShipmentView)
    def get(self, request: Request, shipment_id: UUID) -> Response:
        """One shipment."""
        shipment = found(visible_shipments(actor(request)), shipment_id)
        return Response(ShipmentView(shipment).data, headers={"ETag": etag(shipment)})


class Routes(APIView):
    """Who drives where."""

    @extend_schema(operation_id="list_routes", parameters=[RoutesQuery], responses=RoutePage)
    def get(self, request: Request) -> Response:
        """One's own as driver, and those of one's counties; newest first."""
        wanted, by = parse_query(RoutesQuery, request.query_params), actor(request)
        rows = own_routes(by) if wanted.mine else visible_routes(by)
        columns = {"status": "status", "county": "county_code", "courier": "courier_id"}
        rows = rows.filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(RouteHeadView(page, many=True).data)


class OneRoute(APIView):
    @extend_schema(operation_id="get_route", responses=RouteView)
    def get(self, request: Request, route_id: UUID) -> Response:
        """One route with its stops; the driver sees addresses while it is accepted or under way."""
        by = actor(request)
        route = found(visible_routes(by), route_id)
        body = RouteView(route, context={"viewer_id": by.user_id}).data
        return Response(body, headers={"ETag": etag(route)})


class RouteOffers(APIView):
    """Routes that were offered to one as driver."""

    @extend_schema(
        operation_id="list_route_offers", parameters=[RouteOffersQuery], responses=RouteOfferPage
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = parse_query(RouteOffersQuery, request.query_params)
        rows = own_route_offers(actor(request))
        if "status" in wanted:
            rows = rows.filter(status=wanted.status)
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(RouteOfferView(page, many=True).data)


class OneRouteOffer(APIView):
    @extend_schema(operation_id="get_route_offer", responses=RouteOfferView)
    def get(self, request: Request, offer_id: UUID) -> Response:
        """One offer: the areas, the way and the load; the addresses come with a yes."""
        offer = found(own_route_offers(actor(request)), offer_id)
        return Response(RouteOfferView(offer).data, headers={"ETag": etag(offer)})


class Plans(IdempotentPost, APIView):
    """Runs of the routing solver."""

    @extend_schema(operation_id="list_plans", parameters=[PlansQuery], responses=PlanPage)
    def get(self, request: Request) -> Response:
        """Of the road groups that reach into one's counties, newest first."""
        wanted = parse_query(PlansQuery, request.query_params)
        columns = {"area": "area", "status": "status"}
        rows = visible_plans(actor(request)).filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(PlanView(page, many=True).data)

    @extend_schema(operation_id="plan_now", request=PlanInput, responses={202: PlanQueuedView})
    def post(self, request: Request) -> Response:
        """A coordinator has a road group planned now rather than within the next minute."""
        area, by = PlanInput.parse(request.data).area, actor(request)
        if area not in areas_of(by):
            raise NotFound()
        require(by, "logistics.plan", area)
        transaction.on_commit(lambda: solve_area.delay(area=area, again=True))
        return Response({"area": area}, status=202)


class OnePlan(APIView):
    @extend_schema(operation_id="get_plan", responses=PlanView)
    def get(self, request: Request, plan_id: UUID) -> Response:
        """One plan with its figures."""
        return Response(PlanView(found(visible_plans(actor(request)), plan_id)).data)


class StopPlan(IdempotentPost, APIView):
    @extend_schema(operation_id="stop_plan", request=None, responses=PlanView)
    def post(self, request: Request, plan_id: UUID) -> Response:
        """A coordinator ends a search early: the best routes found so far are offered."""
        plan = stop_plan(plan_id=plan_id, by=actor(request), now=clock.now())
        return Response(PlanView(plan).data)


class CancelPlan(IdempotentPost, APIView):
    @extend_schema(operation_id="cancel_plan", request=None, responses=PlanView)
    def post(self, request: Request, plan_id: UUID) -> Response:
        """A coordinator calls a plan off while it is searched for: nothing of it is offered."""
        plan = cancel_plan(plan_id=plan_id, by=actor(request), now=clock.now())
        return Response(PlanView(plan).data)
