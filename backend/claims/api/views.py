"""The open board and claims over REST."""

from collections.abc import Mapping, Set
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.api.output import BoardEntryView, BoardView, ClaimPage, ClaimView
from backend.claims.api.serializers import (
    BoardQuery,
    CancelInput,
    ClaimInput,
    ClaimsQuery,
    booking,
    cursor_of,
    place_of,
)
from backend.claims.models import Claim, ClaimSource
from backend.claims.selectors import claims_given, claims_received, open_board, visible_claims
from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.refusals import NotFound
from backend.common.rest import (
    IdempotentPost,
    Public,
    actor,
    actor_or_none,
    etag,
    paged,
    require_match,
)
from backend.common.rest.serializers import parse_query
from backend.geo.domain.points import Point
from backend.listings.selectors import receiving_organizations
from backend.organizations.models import Programme
from backend.organizations.selectors import organizations_of, visible_programmes


class Board(APIView):
    """What is on offer now."""

    permission_classes = [Public]

    @extend_schema(operation_id="board", parameters=[BoardQuery], responses=BoardView)
    def get(self, request: Request) -> Response:
        """Open listings, the most urgent first; for a programme with what it could take of each.

        Recipients see what they are meant by, with the area and a rounded distance; everybody else
        what is for any charity, without the donor. The exact address comes with a claim.
        """
        wanted = parse_query(BoardQuery, request.query_params)
        viewer = _recipient(actor_or_none(request))
        page = open_board(
            viewer,
            now=clock.now(),
            programme=_programme(viewer, wanted.get("programme")),
            point=Point(wanted.lon, wanted.lat) if "lon" in wanted else None,
            radius_m=wanted.get("radius_m"),
            category=wanted.get("category"),
            storage_class=wanted.get("storage_class"),
            takeable_only=wanted.takeable_only,
            after=place_of(wanted.cursor) if "cursor" in wanted else None,
            limit=wanted.page_size,
        )
        context = {"coarse": viewer is None}
        results = BoardEntryView(page.entries, many=True, context=context).data
        following = cursor_of(page.following) if page.following else None
        return Response({"next_cursor": following, "results": results})


def _recipient(viewer: Actor | None) -> Actor | None:
    """The viewer, when it acts for a charity that may receive; others see what strangers see."""
    if viewer is None:
        return None
    return viewer if receiving_organizations(viewer).exists() else None


def _programme(viewer: Actor | None, programme_id: UUID | None) -> Programme | None:
    """The programme asked for; raises NotFound when it is not the viewer's."""
    if programme_id is None:
        return None
    if viewer is None:
        raise NotFound()
    own = visible_programmes(viewer).filter(
        pk=programme_id, location__organization__in=organizations_of(viewer).values("pk")
    )
    programme = own.first()
    if programme is None:
        raise NotFound()
    return programme


def own_organizations(viewer: Actor) -> Set[UUID]:
    return set(organizations_of(viewer).values_list("pk", flat=True))


def _body(claim: Claim, viewer: Actor) -> Mapping[str, Any]:
    shown = visible_claims(viewer).get(pk=claim.pk)
    body: Mapping[str, Any] = ClaimView(shown, context={"own": own_organizations(viewer)}).data
    return body


class Claims(IdempotentPost, APIView):
    """Claims of both sides."""

    @extend_schema(operation_id="list_claims", parameters=[ClaimsQuery], responses=ClaimPage)
    def get(self, request: Request) -> Response:
        """Claims by one's charities and on one's food, newest first."""
        wanted, viewer = parse_query(ClaimsQuery, request.query_params), actor(request)
        sides = {"received": claims_received, "given": claims_given}
        claims = sides.get(wanted.get("side", ""), visible_claims)(viewer)
        columns = {"status": "status", "listing": "listing_id", "programme": "programme_id"}
        claims = claims.filter(
            **{column: wanted[name] for name, column in columns.items() if name in wanted}
        )
        pages, rows = paged(request, claims, self)
        context = {"own": own_organizations(viewer)}
        return pages.get_paginated_response(ClaimView(rows, many=True, context=context).data)

    @extend_schema(operation_id="reserve_claim", request=ClaimInput, responses={201: ClaimView})
    def post(self, request: Request) -> Response:
        """Takes shares of a listing. 409 with the code of the rule that says no, or `nothing_left`
        when somebody was quicker; nothing changes then.
        """
        wanted, by = ClaimInput.parse(request.data), actor(request)
        claim = reserve_claim(
            listing_id=wanted.listing_id,
            programme_id=wanted.programme_id,
            shares={line["lot_id"]: line["mass_g"] for line in wanted.lines},
            transport=wanted.transport,
            source=ClaimSource.HAND,
            by=by,
            now=clock.now(),
            booked=booking(wanted),
        )
        return Response(_body(claim, by), status=201, headers={"ETag": etag(claim)})


class OneClaim(APIView):
    @extend_schema(operation_id="get_claim", responses=ClaimView)
    def get(self, request: Request, claim_id: UUID) -> Response:
        """One claim, with what one's side needs to know."""
        viewer = actor(request)
        claim = found(visible_claims(viewer), claim_id)
        body = ClaimView(claim, context={"own": own_organizations(viewer)}).data
        return Response(body, headers={"ETag": etag(claim)})


class CancelClaim(IdempotentPost, APIView):
    @extend_schema(operation_id="cancel_claim", request=CancelInput, responses=ClaimView)
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Gives the shares back before anything was collected."""
        wanted, by = CancelInput.parse(request.data), actor(request)
        claim = found(visible_claims(by), claim_id)
        cancelled = cancel_claim(
            claim_id=claim.pk,
            reason=wanted.reason,
            by=by,
            now=clock.now(),
            if_version=require_match(request, claim),
        )
        return Response(_body(cancelled, by), headers={"ETag": etag(cancelled)})
