"""Locations with their hours, and programmes, over REST."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
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
from backend.organizations.actions.add_location import add_location
from backend.organizations.actions.change_location import change_location
from backend.organizations.actions.close_location import close_location
from backend.organizations.actions.move_pin import move_pin
from backend.organizations.actions.remove_hours_exception import remove_hours_exception
from backend.organizations.actions.set_hours_exception import set_hours_exception
from backend.organizations.actions.set_opening_hours import set_opening_hours
from backend.organizations.api import inputs, serializers
from backend.organizations.api.filters import LocationFilter
from backend.organizations.api.views.organizations import seen
from backend.organizations.models import Location
from backend.organizations.selectors import visible_locations


def seen_location(by: Actor, location_id: UUID) -> Location:
    """The place, or 404 when the actor may not even know of it."""
    return get_object_or_404(visible_locations(by), pk=location_id)


def told(location: Location, status: int = 200) -> Response:
    """The place with its entity tag."""
    data = serializers.LocationView(location).data
    return Response(data, status=status, headers={"ETag": etag(location)})


class Locations(IdempotentPost, ListAPIView[Location]):
    """Places of organizations that you act for or watch over."""

    queryset = Location.objects.none()
    serializer_class = serializers.LocationView
    filter_backends = [StrictFilters]
    filterset_class = LocationFilter

    def get_queryset(self) -> QuerySet[Location]:
        rows = visible_locations(actor(self.request))
        return rows.prefetch_related("opening_hours", "hours_exceptions")

    @extend_schema(request=inputs.LocationInput, responses={201: serializers.LocationView})
    def post(self, request: Request) -> Response:
        """Adds a place, by a manager; county, township and roads follow from the point."""
        by = actor(request)
        wanted = inputs.LocationInput.parse(request.data)
        seen(by, wanted.organization_id)
        return told(add_location(**wanted, by=by, now=clock.now()), 201)


class LocationItem(APIView):
    """One place."""

    @extend_schema(responses={200: serializers.LocationView})
    def get(self, request: Request, location_id: UUID) -> Response:
        """For the organization's members and the coordinators of the county."""
        return told(seen_location(actor(request), location_id))

    @extend_schema(request=inputs.LocationChange, responses={200: serializers.LocationView})
    def patch(self, request: Request, location_id: UUID) -> Response:
        """Changes what is sent, by a manager."""
        by = actor(request)
        version = require_match(request, seen_location(by, location_id))
        changes = inputs.LocationChange.parse(request.data, partial=True)
        return told(
            change_location(
                location_id=location_id, changes=changes, version=version, by=by, now=clock.now()
            )
        )


class Pin(APIView):
    """The point of a place."""

    @extend_schema(request=inputs.PinInput, responses={200: serializers.LocationView})
    def put(self, request: Request, location_id: UUID) -> Response:
        """Moves the pin to the right door, by a manager."""
        by = actor(request)
        version = require_match(request, seen_location(by, location_id))
        point = inputs.PinInput.parse(request.data).point
        return told(
            move_pin(location_id=location_id, point=point, version=version, by=by, now=clock.now())
        )


class Closure(IdempotentPost, APIView):
    """The end of a place's use."""

    @extend_schema(request=None, responses={200: serializers.LocationView})
    def post(self, request: Request, location_id: UUID) -> Response:
        """Takes the place out of use, by a manager."""
        by = actor(request)
        version = require_match(request, seen_location(by, location_id))
        return told(
            close_location(location_id=location_id, version=version, by=by, now=clock.now())
        )


class Week(APIView):
    """The weekly opening hours of a place."""

    @extend_schema(request=inputs.WeekInput, responses={200: serializers.LocationView})
    def put(self, request: Request, location_id: UUID) -> Response:
        """Replaces all weekly openings, by any member."""
        by = actor(request)
        version = require_match(request, seen_location(by, location_id))
        hours = inputs.WeekInput.parse(request.data).hours
        return told(
            set_opening_hours(
                location_id=location_id, hours=hours, version=version, by=by, now=clock.now()
            )
        )


class Day(APIView):
    """Other hours on one date."""

    @extend_schema(
        operation_id="locations_day_update",
        request=inputs.DayInput,
        responses={200: serializers.LocationView},
    )
    def put(self, request: Request, location_id: UUID, local_date: date) -> Response:
        """Sets the openings of that date; none means closed."""
        by = actor(request)
        seen_location(by, location_id)
        wanted = inputs.DayInput.parse(request.data)
        spans = [(each["opens_minute"], each["closes_minute"]) for each in wanted.spans]
        return told(
            set_hours_exception(
                location_id=location_id,
                local_date=local_date,
                spans=spans,
                by=by,
                now=clock.now(),
            )
        )

    @extend_schema(
        operation_id="locations_day_destroy",
        request=None,
        responses={200: serializers.LocationView},
    )
    def delete(self, request: Request, location_id: UUID, local_date: date) -> Response:
        """Lets the weekly hours hold again on that date."""
        by = actor(request)
        seen_location(by, location_id)
        return told(
            remove_hours_exception(
                location_id=location_id, local_date=local_date, by=by, now=clock.now()
            )
        )
