"""Couriers, vehicles and shifts over REST."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.actor import Actor
from backend.common.rest.acting import actor
from backend.common.rest.filters import StrictFilters
from backend.common.rest.idempotency import IdempotentPost
from backend.common.rest.preconditions import etag, require_match
from backend.couriers.actions.add_vehicle import add_vehicle
from backend.couriers.actions.approve_courier import approve_courier
from backend.couriers.actions.cancel_shift import cancel_shift
from backend.couriers.actions.change_courier import change_courier
from backend.couriers.actions.change_shift import change_shift
from backend.couriers.actions.end_courier import end_courier
from backend.couriers.actions.pause_courier import pause_courier
from backend.couriers.actions.plan_shift import plan_shift
from backend.couriers.actions.read_courier import read_courier
from backend.couriers.actions.register_courier import register_courier
from backend.couriers.actions.resume_courier import resume_courier
from backend.couriers.actions.retire_vehicle import retire_vehicle
from backend.couriers.api import inputs, serializers
from backend.couriers.api.filters import CourierFilter, ShiftFilter, VehicleFilter
from backend.couriers.models import Courier, Shift, Vehicle
from backend.couriers.selectors import visible_couriers, visible_shifts, visible_vehicles

ONE_COURIER = PolymorphicProxySerializer(
    component_name="CourierByRole",
    serializers=[serializers.OwnCourier, serializers.CourierForCoordinator],
    resource_type_field_name=None,
)
#: What everybody gets who may see a shift; its courier gets the private points too.
ONE_SHIFT = serializers.ShiftView


def own_courier(by: Actor) -> Courier:
    """The courier that the actor is; 404 for one who is none."""
    return get_object_or_404(visible_couriers(by), user_id=by.user_id)


def told(courier: Courier, by: Actor, status: int = 200) -> Response:
    """The courier as the actor may see them, with the entity tag."""
    own = courier.user_id == by.user_id
    view = serializers.OwnCourier if own else serializers.CourierForCoordinator
    return Response(view(courier).data, status=status, headers={"ETag": etag(courier)})


def told_shift(shift: Shift, by: Actor, status: int = 200) -> Response:
    """The shift as the actor may see it, with its entity tag."""
    own = shift.courier.user_id == by.user_id
    view = serializers.OwnShift if own else serializers.ShiftView
    return Response(view(shift).data, status=status, headers={"ETag": etag(shift)})


class Couriers(IdempotentPost, ListAPIView[Courier]):
    """Yourself as courier, and those of the counties that you watch over."""

    queryset = Courier.objects.none()
    serializer_class = serializers.CourierView
    filter_backends = [StrictFilters]
    filterset_class = CourierFilter

    def get_queryset(self) -> QuerySet[Courier]:
        return visible_couriers(actor(self.request))

    @extend_schema(request=inputs.CourierInput, responses={201: serializers.OwnCourier})
    def post(self, request: Request) -> Response:
        """Applies to drive; a coordinator of the county of your home approves."""
        by = actor(request)
        wanted = inputs.CourierInput.parse(request.data)
        return told(register_courier(**wanted, by=by, now=clock.now()), by, 201)


class CourierItem(APIView):
    """One courier."""

    @extend_schema(responses={200: ONE_COURIER})
    def get(self, request: Request, courier_id: UUID) -> Response:
        """Yourself with your home; for coordinators name and phone instead, which is noted."""
        by = actor(request)
        return told(read_courier(courier_id=courier_id, by=by, now=clock.now()), by)

    @extend_schema(request=inputs.CourierChange, responses={200: serializers.OwnCourier})
    def patch(self, request: Request, courier_id: UUID) -> Response:
        """Changes your home or the date of your training."""
        by = actor(request)
        seen = get_object_or_404(visible_couriers(by), pk=courier_id)
        version = require_match(request, seen)
        wanted = inputs.CourierChange.parse(request.data, partial=True)
        return told(
            change_courier(
                courier_id=courier_id, version=version, by=by, now=clock.now(), **wanted
            ),
            by,
        )


class _CourierStep(IdempotentPost, APIView):
    """A step in a courier's life without further input."""

    step: Callable[..., Courier]

    @extend_schema(request=None, responses={200: ONE_COURIER})
    def post(self, request: Request, courier_id: UUID) -> Response:
        by = actor(request)
        seen = get_object_or_404(visible_couriers(by), pk=courier_id)
        version = require_match(request, seen)
        step = type(self).step
        return told(step(courier_id=courier_id, version=version, by=by, now=clock.now()), by)


class Approval(_CourierStep):
    """A coordinator of the county approves."""

    step = staticmethod(approve_courier)


class Pause(_CourierStep):
    """A courier takes a rest; coming shifts are cancelled."""

    step = staticmethod(pause_courier)


class Resumption(_CourierStep):
    """A courier comes back."""

    step = staticmethod(resume_courier)


class End(IdempotentPost, APIView):
    """The end of driving."""

    @extend_schema(request=inputs.EndInput, responses={200: ONE_COURIER})
    def post(self, request: Request, courier_id: UUID) -> Response:
        """By the courier, or by a coordinator who declines or ends it."""
        by = actor(request)
        seen = get_object_or_404(visible_couriers(by), pk=courier_id)
        version = require_match(request, seen)
        reason = inputs.EndInput.parse(request.data).reason
        ended = end_courier(
            courier_id=courier_id, reason=reason, version=version, by=by, now=clock.now()
        )
        return told(ended, by)


class Vehicles(IdempotentPost, ListAPIView[Vehicle]):
    """Your vehicles, and those of the couriers that you watch over."""

    queryset = Vehicle.objects.none()
    serializer_class = serializers.VehicleView
    filter_backends = [StrictFilters]
    filterset_class = VehicleFilter

    def get_queryset(self) -> QuerySet[Vehicle]:
        return visible_vehicles(actor(self.request))

    @extend_schema(request=inputs.VehicleInput, responses={201: serializers.VehicleView})
    def post(self, request: Request) -> Response:
        """Adds a vehicle of yours."""
        by = actor(request)
        wanted = inputs.VehicleInput.parse(request.data)
        vehicle = add_vehicle(courier_id=own_courier(by).pk, **wanted, by=by, now=clock.now())
        data = serializers.VehicleView(vehicle).data
        return Response(data, status=201, headers={"ETag": etag(vehicle)})


class VehicleItem(APIView):
    """One vehicle."""

    @extend_schema(responses={200: serializers.VehicleView})
    def get(self, request: Request, vehicle_id: UUID) -> Response:
        """Yours, or of a courier that you watch over."""
        vehicle = get_object_or_404(visible_vehicles(actor(request)), pk=vehicle_id)
        data = serializers.VehicleView(vehicle).data
        return Response(data, headers={"ETag": etag(vehicle)})


class Retirement(IdempotentPost, APIView):
    """The end of a vehicle's use."""

    @extend_schema(request=None, responses={200: serializers.VehicleView})
    def post(self, request: Request, vehicle_id: UUID) -> Response:
        """Takes your vehicle out of use, unless a planned shift needs it."""
        by = actor(request)
        seen = get_object_or_404(visible_vehicles(by), pk=vehicle_id)
        version = require_match(request, seen)
        vehicle = retire_vehicle(vehicle_id=vehicle_id, version=version, by=by, now=clock.now())
        data = serializers.VehicleView(vehicle).data
        return Response(data, headers={"ETag": etag(vehicle)})


class Shifts(IdempotentPost, ListAPIView[Shift]):
    """Your shifts, and those in the counties that you watch over."""

    queryset = Shift.objects.none()
    serializer_class = serializers.ShiftView
    filter_backends = [StrictFilters]
    filterset_class = ShiftFilter

    def get_queryset(self) -> QuerySet[Shift]:
        return visible_shifts(actor(self.request))

    @extend_schema(request=inputs.ShiftInput, responses={201: serializers.OwnShift})
    def post(self, request: Request) -> Response:
        """Plans a shift of yours; it starts at your home unless told otherwise."""
        by = actor(request)
        wanted = inputs.ShiftInput.parse(request.data)
        shift = plan_shift(courier_id=own_courier(by).pk, **wanted, by=by, now=clock.now())
        return told_shift(shift, by, 201)


class ShiftItem(APIView):
    """One shift."""

    @extend_schema(responses={200: ONE_SHIFT})
    def get(self, request: Request, shift_id: UUID) -> Response:
        """Where it starts is told only to its courier."""
        by = actor(request)
        return told_shift(get_object_or_404(visible_shifts(by), pk=shift_id), by)

    @extend_schema(request=inputs.ShiftChange, responses={200: serializers.OwnShift})
    def patch(self, request: Request, shift_id: UUID) -> Response:
        """Changes what is sent of your shift."""
        by = actor(request)
        version = require_match(request, get_object_or_404(visible_shifts(by), pk=shift_id))
        wanted = inputs.ShiftChange.parse(request.data, partial=True)
        shift = change_shift(shift_id=shift_id, version=version, by=by, now=clock.now(), **wanted)
        return told_shift(shift, by)


class Cancellation(IdempotentPost, APIView):
    """The end of a planned shift."""

    @extend_schema(request=inputs.ShiftCancellation, responses={200: ONE_SHIFT})
    def post(self, request: Request, shift_id: UUID) -> Response:
        """By the courier or a coordinator of the county."""
        by = actor(request)
        version = require_match(request, get_object_or_404(visible_shifts(by), pk=shift_id))
        reason = inputs.ShiftCancellation.parse(request.data).reason
        shift = cancel_shift(
            shift_id=shift_id, reason=reason, version=version, by=by, now=clock.now()
        )
        return told_shift(shift, by)
