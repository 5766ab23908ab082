"""Hand-overs, attempts and incidents over REST."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.claims.selectors import visible_claims
from backend.common import clock
from backend.common.found import found
from backend.common.permissions import may
from backend.common.rest import IdempotentPost, actor, etag, paged, require_match
from backend.common.rest.serializers import parse_query
from backend.custody.actions.decide_incident import decide_incident
from backend.custody.actions.record_attempt import record_attempt
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.api.output import (
    AttemptPage,
    AttemptView,
    HandOverPage,
    HandOverView,
    IncidentPage,
    IncidentView,
    StationView,
    WholeHandOverView,
)
from backend.custody.api.serializers import (
    AttemptInput,
    AttemptsQuery,
    DecisionInput,
    HandOverInput,
    HandOversQuery,
    IncidentsQuery,
)
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission
from backend.custody.models import AttemptReason
from backend.custody.selectors.timeline import timeline
from backend.custody.selectors.visible import (
    visible_attempts,
    visible_hand_overs,
    visible_incidents,
)


class HandOvers(IdempotentPost, APIView):
    """Who handed what to whom."""

    @extend_schema(
        operation_id="list_hand_overs", parameters=[HandOversQuery], responses=HandOverPage
    )
    def get(self, request: Request) -> Response:
        """Of one's organizations' claims, of one's counties, and one's own as driver; newest first.

        Hand-overs with `status=unmatched` wait for an earlier record and move nothing yet.
        """
        wanted = parse_query(HandOversQuery, request.query_params)
        columns = {"claim": "claim_id", "visit": "visit_id", "kind": "kind", "status": "status"}
        rows = visible_hand_overs(actor(request)).filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(HandOverView(page, many=True).data)

    @extend_schema(
        operation_id="record_hand_over", request=HandOverInput, responses={201: HandOverView}
    )
    def post(self, request: Request) -> Response:
        """Records what passed without a driver, by either side of the claim.

        A repetition with the same `client_id` changes nothing. What breaks a rule is stored all the
        same, with `breach_codes`, and a coordinator decides whether it counts.
        """
        wanted, by = HandOverInput.parse(request.data), actor(request)
        values = wanted | {"kind": Kind(wanted.kind), "lines": tuple(wanted.lines)}
        hand_over = record_hand_over(submission=Submission(**values), by=by, now=clock.now())
        return Response(HandOverView(hand_over).data, status=201)


class OneHandOver(APIView):
    @extend_schema(operation_id="get_hand_over", responses=WholeHandOverView)
    def get(self, request: Request, hand_over_id: UUID) -> Response:
        """One hand-over; who signed is told to the two sides and their coordinators."""
        by = actor(request)
        hand_over = found(visible_hand_overs(by).select_related("evidence"), hand_over_id)
        is_side = hand_over.claim is not None and may(by, "custody.record", hand_over.claim)
        return Response(WholeHandOverView(hand_over, context={"is_side": is_side}).data)


class Attempts(IdempotentPost, APIView):
    """Visits at which nothing could be handed over."""

    @extend_schema(operation_id="list_attempts", parameters=[AttemptsQuery], responses=AttemptPage)
    def get(self, request: Request) -> Response:
        """Newest first."""
        wanted = parse_query(AttemptsQuery, request.query_params)
        rows = visible_attempts(actor(request))
        if "claim" in wanted:
            rows = rows.filter(claim_id=wanted.claim)
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(AttemptView(page, many=True).data)

    @extend_schema(
        operation_id="record_attempt", request=AttemptInput, responses={201: AttemptView}
    )
    def post(self, request: Request) -> Response:
        """By either side of a claim; drivers fail the stop of their route instead."""
        wanted, by = AttemptInput.parse(request.data), actor(request)
        values = wanted | {"reason": AttemptReason(wanted.reason)}
        attempt = record_attempt(**values, by=by, now=clock.now())
        return Response(AttemptView(attempt).data, status=201)


class Incidents(APIView):
    """Hand-overs that broke a rule."""

    @extend_schema(
        operation_id="list_incidents", parameters=[IncidentsQuery], responses=IncidentPage
    )
    def get(self, request: Request) -> Response:
        """Of one's counties and of one's organizations' claims, newest first."""
        wanted = parse_query(IncidentsQuery, request.query_params)
        columns = {
            "status": "status",
            "county": "county_code",
            "code": "code",
            "claim": "hand_over__claim_id",
        }
        rows = visible_incidents(actor(request)).filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, page = paged(request, rows, self)
        return pages.get_paginated_response(IncidentView(page, many=True).data)


class OneIncident(APIView):
    @extend_schema(operation_id="get_incident", responses=IncidentView)
    def get(self, request: Request, incident_id: UUID) -> Response:
        """One incident."""
        incident = found(visible_incidents(actor(request)), incident_id)
        return Response(IncidentView(incident).data, headers={"ETag": etag(incident)})


class Decision(IdempotentPost, APIView):
    @extend_schema(operation_id="decide_incident", request=DecisionInput, responses=IncidentView)
    def post(self, request: Request, incident_id: UUID) -> Response:
        """A coordinator of the county says whether the mass counts as given, and why."""
        wanted, by = DecisionInput.parse(request.data), actor(request)
        require_match(request, found(visible_incidents(by), incident_id))
        incident = decide_incident(incident_id=incident_id, **wanted, by=by, now=clock.now())
        return Response(IncidentView(incident).data, headers={"ETag": etag(incident)})


class Timeline(APIView):
    @extend_schema(operation_id="claim_timeline", responses=StationView(many=True))
    def get(self, request: Request, claim_id: UUID) -> Response:
        """The stations of a claim, from the offer to the last hand-over."""
        by = actor(request)
        found(visible_claims(by), claim_id)
        return Response(StationView(timeline(by, claim_id), many=True).data)
