"""Standing needs, consents, capacities and requests over REST."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.rest import IdempotentPost, Public, actor, etag, paged
from backend.common.rest.serializers import PageQuery, parse_query
from backend.needs.actions.give_consent import give_consent
from backend.needs.actions.meet_request import meet_request
from backend.needs.actions.post_request import post_request
from backend.needs.actions.set_capacity import set_capacity
from backend.needs.actions.set_standing_need import set_standing_need
from backend.needs.actions.withdraw_consent import withdraw_consent
from backend.needs.actions.withdraw_request import withdraw_request
from backend.needs.api.serializers import (
    CapacitiesQuery,
    CapacityInput,
    CapacityPage,
    CapacityView,
    ConsentInput,
    ConsentPage,
    ConsentView,
    NeedInput,
    NeedPage,
    NeedsQuery,
    NeedView,
    PublicRequestPage,
    PublicRequestView,
    RequestInput,
    RequestPage,
    RequestsQuery,
    RequestView,
)
from backend.needs.selectors import (
    public_requests,
    room_left,
    visible_capacities,
    visible_consents,
    visible_needs,
    visible_requests,
)
from backend.organizations.models import Location, Programme
from backend.organizations.selectors import visible_locations, visible_programmes
from backend.regions.domain.food_safety import local_date
from backend.regions.packs import pack

NOTHING = OpenApiResponse(description="Taken back.")


def _programme(by: Actor, programme_id: UUID) -> Programme:
    return found(visible_programmes(by), programme_id)


def _location(by: Actor, location_id: UUID) -> Location:
    return found(visible_locations(by), location_id)


class StandingNeeds(IdempotentPost, APIView):
    @extend_schema(operation_id="list_needs", parameters=[NeedsQuery], responses=NeedPage)
    def get(self, request: Request) -> Response:
        """What one's programmes can use in a week."""
        wanted = parse_query(NeedsQuery, request.query_params)
        needs = visible_needs(actor(request))
        if "programme" in wanted:
            needs = needs.filter(programme=wanted.programme)
        pages, rows = paged(request, needs, self)
        return pages.get_paginated_response(NeedView(rows, many=True).data)

    @extend_schema(
        operation_id="set_need", request=NeedInput, responses={200: NeedView, 204: NOTHING}
    )
    def post(self, request: Request) -> Response:
        """Replaces what was stated for this group of food; 0 takes it back (204)."""
        wanted, by = NeedInput.parse(request.data), actor(request)
        _programme(by, wanted.programme_id)
        need = set_standing_need(by=by, now=clock.now(), **wanted)
        return Response(NeedView(need).data) if need else Response(status=204)


class Consents(IdempotentPost, APIView):
    @extend_schema(operation_id="list_consents", parameters=[NeedsQuery], responses=ConsentPage)
    def get(self, request: Request) -> Response:
        """Consents of one's programmes, withdrawn ones too, newest first."""
        wanted = parse_query(NeedsQuery, request.query_params)
        consents = visible_consents(actor(request))
        if "programme" in wanted:
            consents = consents.filter(programme=wanted.programme)
        pages, rows = paged(request, consents, self)
        return pages.get_paginated_response(ConsentView(rows, many=True).data)

    @extend_schema(operation_id="give_consent", request=ConsentInput, responses={201: ConsentView})
    def post(self, request: Request) -> Response:
        """Lets matching accept within these limits; replaces the consent before."""
        wanted, by = ConsentInput.parse(request.data), actor(request)
        _programme(by, wanted.programme_id)
        consent = give_consent(by=by, now=clock.now(), **wanted)
        return Response(ConsentView(consent).data, status=201, headers={"ETag": etag(consent)})


class WithdrawConsent(IdempotentPost, APIView):
    @extend_schema(operation_id="withdraw_consent", request=None, responses=ConsentView)
    def post(self, request: Request, consent_id: UUID) -> Response:
        """Nothing more is accepted for the programme, from this moment on."""
        by = actor(request)
        consent = found(visible_consents(by), consent_id)
        withdrawn = withdraw_consent(consent_id=consent.pk, by=by, now=clock.now())
        return Response(ConsentView(withdrawn).data, headers={"ETag": etag(withdrawn)})


class Capacities(IdempotentPost, APIView):
    @extend_schema(
        operation_id="list_capacities", parameters=[CapacitiesQuery], responses=CapacityPage
    )
    def get(self, request: Request) -> Response:
        """How much one's places take in on a day, and what is left of it."""
        wanted = parse_query(CapacitiesQuery, request.query_params)
        capacities = visible_capacities(actor(request))
        if "location" in wanted:
            capacities = capacities.filter(location=wanted.location)
        pages, rows = paged(request, capacities, self)
        on = wanted.get("on") or local_date(clock.now(), pack().zone)
        room = room_left({row.location_id for row in rows}, on=on)
        body = CapacityView(rows, many=True, context={"room": room}).data
        return pages.get_paginated_response(body)

    @extend_schema(
        operation_id="set_capacity",
        request=CapacityInput,
        responses={200: CapacityView, 204: NOTHING},
    )
    def post(self, request: Request) -> Response:
        """Replaces the limit from today on; promises stay. 0 takes it back (204)."""
        wanted, by, now = CapacityInput.parse(request.data), actor(request), clock.now()
        place = _location(by, wanted.location_id)
        capacity = set_capacity(by=by, now=now, **wanted)
        if capacity is None:
            return Response(status=204)
        room = room_left([place.pk], on=local_date(now, pack().zone))
        return Response(CapacityView(capacity, context={"room": room}).data)


class Requests(IdempotentPost, APIView):
    @extend_schema(operation_id="list_requests", parameters=[RequestsQuery], responses=RequestPage)
    def get(self, request: Request) -> Response:
        """Requests of one's programmes, newest first."""
        wanted = parse_query(RequestsQuery, request.query_params)
        requests = visible_requests(actor(request))
        columns = ("programme", "status")
        requests = requests.filter(**{name: wanted[name] for name in columns if name in wanted})
        pages, rows = paged(request, requests, self)
        return pages.get_paginated_response(RequestView(rows, many=True).data)

    @extend_schema(operation_id="post_request", request=RequestInput, responses={201: RequestView})
    def post(self, request: Request) -> Response:
        """Asks for something particular, once."""
        wanted, by = RequestInput.parse(request.data), actor(request)
        _programme(by, wanted.programme_id)
        asked = post_request(by=by, now=clock.now(), **wanted)
        return Response(RequestView(asked).data, status=201, headers={"ETag": etag(asked)})


class OneRequest(APIView):
    @extend_schema(operation_id="get_request", responses=RequestView)
    def get(self, request: Request, request_id: UUID) -> Response:
        """One of one's requests."""
        asked = found(visible_requests(actor(request)), request_id)
        return Response(RequestView(asked).data, headers={"ETag": etag(asked)})


class WithdrawRequest(IdempotentPost, APIView):
    @extend_schema(operation_id="withdraw_request", request=None, responses=RequestView)
    def post(self, request: Request, request_id: UUID) -> Response:
        """It is not needed any more."""
        by = actor(request)
        asked = found(visible_requests(by), request_id)
        ended = withdraw_request(request_id=asked.pk, by=by, now=clock.now())
        return Response(RequestView(ended).data, headers={"ETag": etag(ended)})


class MeetRequest(IdempotentPost, APIView):
    @extend_schema(operation_id="meet_request", request=None, responses=RequestView)
    def post(self, request: Request, request_id: UUID) -> Response:
        """What was asked for has come."""
        by = actor(request)
        asked = found(visible_requests(by), request_id)
        ended = meet_request(request_id=asked.pk, by=by, now=clock.now())
        return Response(RequestView(ended).data, headers={"ETag": etag(ended)})


class NeedBoard(APIView):
    """The public need board."""

    permission_classes = [Public]

    @extend_schema(operation_id="need_board", parameters=[PageQuery], responses=PublicRequestPage)
    def get(self, request: Request) -> Response:
        """What charities ask for in public; township, never an address."""
        parse_query(PageQuery, request.query_params)
        pages, rows = paged(request, public_requests(now=clock.now()), self)
        return pages.get_paginated_response(PublicRequestView(rows, many=True).data)
