"""Programmes of recipients over REST."""

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
from backend.organizations.actions.add_programme import add_programme
from backend.organizations.actions.change_programme import change_programme
from backend.organizations.actions.close_programme import close_programme
from backend.organizations.api import inputs, serializers
from backend.organizations.api.filters import ProgrammeFilter
from backend.organizations.api.views.places import seen_location
from backend.organizations.models import Programme
from backend.organizations.selectors import visible_programmes


def seen_programme(by: Actor, programme_id: UUID) -> Programme:
    """The programme, or 404 when the actor may not even know of it."""
    return get_object_or_404(visible_programmes(by), pk=programme_id)


def told(programme: Programme, status: int = 200) -> Response:
    """The programme with its entity tag."""
    data = serializers.ProgrammeView(programme).data
    return Response(data, status=status, headers={"ETag": etag(programme)})


class Programmes(IdempotentPost, ListAPIView[Programme]):
    """Programmes of organizations that you act for or watch over."""

    queryset = Programme.objects.none()
    serializer_class = serializers.ProgrammeView
    filter_backends = [StrictFilters]
    filterset_class = ProgrammeFilter

    def get_queryset(self) -> QuerySet[Programme]:
        return visible_programmes(actor(self.request))

    @extend_schema(request=inputs.ProgrammeInput, responses={201: serializers.ProgrammeView})
    def post(self, request: Request) -> Response:
        """Adds a programme to a place of a recipient, by a manager."""
        by = actor(request)
        wanted = inputs.ProgrammeInput.parse(request.data)
        seen_location(by, wanted.location_id)
        return told(add_programme(**wanted, by=by, now=clock.now()), 201)


class ProgrammeItem(APIView):
    """One programme."""

    @extend_schema(responses={200: serializers.ProgrammeView})
    def get(self, request: Request, programme_id: UUID) -> Response:
        """For the organization's members and the coordinators of the county."""
        return told(seen_programme(actor(request), programme_id))

    @extend_schema(request=inputs.ProgrammeChange, responses={200: serializers.ProgrammeView})
    def patch(self, request: Request, programme_id: UUID) -> Response:
        """Changes what is sent, by a manager."""
        by = actor(request)
        version = require_match(request, seen_programme(by, programme_id))
        changes = inputs.ProgrammeChange.parse(request.data, partial=True)
        return told(
            change_programme(
                programme_id=programme_id, changes=changes, version=version, by=by, now=clock.now()
            )
        )


class ProgrammeClosure(IdempotentPost, APIView):
    """The end of a programme."""

    @extend_schema(request=None, responses={200: serializers.ProgrammeView})
    def post(self, request: Request, programme_id: UUID) -> Response:
        """Ends it, by a manager; what it claimed before still arrives."""
        by = actor(request)
        version = require_match(request, seen_programme(by, programme_id))
        return told(
            close_programme(programme_id=programme_id, version=version, by=by, now=clock.now())
        )
