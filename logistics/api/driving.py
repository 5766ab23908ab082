"""What a courier does, over REST: answer, start, arrive, hand over, fail, give up."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.rest import IdempotentPost, actor, etag, require_match
from backend.custody.domain.replay import Kind
from backend.custody.models import AttemptReason
from logistics.actions.abandon_route import abandon_route
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.fail_stop import fail_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.actions.start_route import start_route
from logistics.api.output import RouteOfferView, RouteView, StopHandOverView, StopView
from logistics.api.serializers import AbandonInput, DeclineRouteInput, FailInput, StopHandOverInput
from logistics.models import AbandonReason, Route, Stop
from logistics.selectors.visible import own_route_offers, visible_routes, whole_routes


def told(route: Route, by: Actor) -> Response:
    """The route as it is now, for whoever changed it."""
    fresh = whole_routes().get(pk=route.pk)
    body = RouteView(fresh, context={"viewer_id": by.user_id}).data
    return Response(body, headers={"ETag": etag(fresh)})


def told_stop(stop: Stop) -> Response:
    """The stop as it is now, for the courier who is there."""
    route = whole_routes().get(pk=stop.route_id)
    fresh = next(each for each in route.stops.all() if each.pk == stop.pk)
    body = StopView(fresh, context={"with_places": True}).data
    return Response(body, headers={"ETag": etag(fresh)})


class AcceptRouteOffer(IdempotentPost, APIView):
    @extend_schema(operation_id="accept_route_offer", request=None, responses=RouteView)
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Yes: the first one wins, and learns the addresses."""
        by = actor(request)
        version = require_match(request, found(own_route_offers(by), offer_id))
        route = accept_route_offer(offer_id=offer_id, by=by, now=clock.now(), if_version=version)
        return told(route, by)


class DeclineRouteOffer(IdempotentPost, APIView):
    @extend_schema(
        operation_id="decline_route_offer", request=DeclineRouteInput, responses=RouteOfferView
    )
    def post(self, request: Request, offer_id: UUID) -> Response:
        """No, with or without a reason: what is on the route is offered to others."""
        wanted, by = DeclineRouteInput.parse(request.data), actor(request)
        version = require_match(request, found(own_route_offers(by), offer_id))
        decline_route_offer(
            offer_id=offer_id, reason=wanted.reason, by=by, now=clock.now(), if_version=version
        )
        offer = own_route_offers(by).get(pk=offer_id)
        return Response(RouteOfferView(offer).data, headers={"ETag": etag(offer)})


class StartRoute(IdempotentPost, APIView):
    @extend_schema(operation_id="start_route", request=None, responses=RouteView)
    def post(self, request: Request, route_id: UUID) -> Response:
        """The driver sets out."""
        by = actor(request)
        version = require_match(request, found(visible_routes(by), route_id))
        route = start_route(route_id=route_id, by=by, now=clock.now(), if_version=version)
        return told(route, by)


class AbandonRoute(IdempotentPost, APIView):
    @extend_schema(operation_id="abandon_route", request=AbandonInput, responses=RouteView)
    def post(self, request: Request, route_id: UUID) -> Response:
        """By the driver or a coordinator of the county: what was not fetched goes to others."""
        wanted, by = AbandonInput.parse(request.data), actor(request)
        version = require_match(request, found(visible_routes(by), route_id))
        route = abandon_route(
            route_id=route_id,
            reason=AbandonReason(wanted.reason),
            by=by,
            now=clock.now(),
            if_version=version,
        )
        return told(route, by)


class ArriveAtStop(IdempotentPost, APIView):
    @extend_schema(operation_id="arrive_at_stop", request=None, responses=StopView)
    def post(self, request: Request, stop_id: UUID) -> Response:
        """The driver is there."""
        return told_stop(arrive_at_stop(stop_id=stop_id, by=actor(request), now=clock.now()))


class HandOverAtStop(IdempotentPost, APIView):
    @extend_schema(
        operation_id="hand_over_at_stop",
        request=StopHandOverInput,
        responses={201: StopHandOverView},
    )
    def post(self, request: Request, stop_id: UUID) -> Response:
        """Records what was handed over, of one claim; a repeated `client_id` changes nothing.

        Also after the route has ended, for devices that had no network. What breaks a rule is
        stored all the same, with `breach_codes`.
        """
        wanted, by = StopHandOverInput.parse(request.data), actor(request)
        values = wanted | {"kind": Kind(wanted.kind), "lines": tuple(wanted.lines)}
        hand_over = hand_over_at_stop(stop_id=stop_id, **values, by=by, now=clock.now())
        return Response(StopHandOverView(hand_over).data, status=201)


class FailStop(IdempotentPost, APIView):
    @extend_schema(operation_id="fail_stop", request=FailInput, responses=StopView)
    def post(self, request: Request, stop_id: UUID) -> Response:
        """Nothing could be handed over here; a repeated `client_id` changes nothing."""
        wanted, by = FailInput.parse(request.data), actor(request)
        values = wanted | {"reason": AttemptReason(wanted.reason)}
        return told_stop(fail_stop(stop_id=stop_id, **values, by=by, now=clock.now()))
