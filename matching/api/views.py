"""Offers and rounds over REST."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.common.permissions import require
from backend.common.refusals import Invalid, NotFound
from backend.common.rest import IdempotentPost, actor, etag, paged, require_match
from backend.common.rest.serializers import parse_query
from backend.organizations.selectors import visible_programmes
from matching.actions.accept_offer import accept_offer
from matching.actions.ask_what_if import ask_what_if
from matching.actions.commit_what_if import commit_what_if
from matching.actions.decline_offer import decline_offer
from matching.api.output import (
    OfferDetailView,
    OfferPage,
    OfferView,
    RoundBegunView,
    RoundDetailView,
    RoundPage,
    RoundView,
    StandingView,
)
from matching.api.serializers import (
    AcceptInput,
    DeclineInput,
    OffersQuery,
    RoundInput,
    RoundsQuery,
    WhatIfInput,
)
from matching.domain.what_if import Changes, Room
from matching.models import DeclineReason, RoundTrigger
from matching.selectors.explanations import offer_explanation
from matching.selectors.offers import standing_of, visible_offers
from matching.selectors.round_inputs import first_day_with_food
from matching.selectors.rounds import receiving_places, round_detail, rounds_of
from matching.tasks import solve_round


def in_full(viewer: Actor, offer_id: UUID) -> Response:
    """The offer with its reasons, freshly read."""
    offer = found(visible_offers(viewer), offer_id)
    context = {"explanation": offer_explanation(viewer, offer)}
    body = OfferDetailView(offer, context=context).data
    return Response(body, headers={"ETag": etag(offer)})


def chosen(wanted: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The filters that were asked for."""
    return {column: wanted[name] for name, column in columns.items() if name in wanted}


class Offers(APIView):
    """Offers to one's charities, and to those of the counties that one coordinates."""

    @extend_schema(operation_id="list_offers", parameters=[OffersQuery], responses=OfferPage)
    def get(self, request: Request) -> Response:
        """Newest first; `status=offered` are those that wait for an answer."""
        wanted = parse_query(OffersQuery, request.query_params)
        columns = {
            "status": "status",
            "listing": "listing_id",
            "programme": "programme_id",
            "round": "round_id",
        }
        offers = visible_offers(actor(request)).filter(**chosen(wanted, columns))
        pages, rows = paged(request, offers, self)
        return pages.get_paginated_response(OfferView(rows, many=True).data)


class OneOffer(APIView):
    @extend_schema(operation_id="get_offer", responses=OfferDetailView)
    def get(self, request: Request, offer_id: UUID) -> Response:
        """One offer with its reasons: why here, and why not somebody else."""
        return in_full(actor(request), offer_id)


class AcceptOffer(IdempotentPost, APIView):
    @extend_schema(operation_id="accept_offer", request=AcceptInput, responses=OfferDetailView)
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Takes it, whole or the grams in `lines`; the claim is in `claim_id`.

        409 `offer_over` when it was answered or its time is over, or the code of the rule that
        says no by now; nothing changes then.
        """
        wanted, by = AcceptInput.parse(request.data), actor(request)
        offer = found(visible_offers(by), offer_id)
        lines = wanted.get("lines")
        accept_offer(
            offer_id=offer.pk,
            shares={each["lot_id"]: each["mass_g"] for each in lines} if lines else None,
            by=by,
            now=clock.now(),
            if_version=require_match(request, offer),
        )
        return in_full(by, offer_id)


class DeclineOffer(IdempotentPost, APIView):
    @extend_schema(operation_id="decline_offer", request=DeclineInput, responses=OfferDetailView)
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Says no; somebody else is asked."""
        wanted, by = DeclineInput.parse(request.data), actor(request)
        offer = found(visible_offers(by), offer_id)
        decline_offer(
            offer_id=offer.pk,
            reason=DeclineReason(wanted.reason),
            by=by,
            now=clock.now(),
            if_version=require_match(request, offer),
        )
        return in_full(by, offer_id)


class Rounds(IdempotentPost, APIView):
    """Rounds of matching over the road groups of one's counties."""

    @extend_schema(operation_id="list_rounds", parameters=[RoundsQuery], responses=RoundPage)
    def get(self, request: Request) -> Response:
        """For coordinators, the latest first; empty for everybody else."""
        wanted = parse_query(RoundsQuery, request.query_params)
        columns = {"area": "area", "status": "status"}
        rounds = rounds_of(actor(request)).filter(**chosen(wanted, columns))
        pages, rows = paged(request, rounds, self)
        return pages.get_paginated_response(RoundView(rows, many=True).data)

    @extend_schema(operation_id="run_round", request=RoundInput, responses={202: RoundBegunView})
    def post(self, request: Request) -> Response:
        """Puts a round over the road group in line now, rather than at the next turn."""
        wanted, by = RoundInput.parse(request.data), actor(request)
        require(by, "matching.run_round", wanted.area)
        begin = partial(
            solve_round.delay,
            area=wanted.area,
            trigger=RoundTrigger.HAND.value,
            asked_by_id=str(by.user_id),
        )
        transaction.on_commit(begin)
        return Response(RoundBegunView({"area": wanted.area}).data, status=202)


class WhatIf(IdempotentPost, APIView):
    @extend_schema(operation_id="try_round", request=WhatIfInput, responses={202: RoundView})
    def post(self, request: Request) -> Response:
        """Tries a round with places closed, other room or other weights; offers nothing.

        The comparison is in `trial` of the round, once its status is `tried`.
        """
        wanted, by, now = WhatIfInput.parse(request.data), actor(request), clock.now()
        room = wanted.get("room") or []
        closed = wanted.get("closed") or []
        _refuse_unknown_places(by, [*closed, *(each["location_id"] for each in room)])
        changes = Changes(
            closed=tuple(str(each) for each in closed),
            room=tuple(
                Room(str(each["location_id"]), each["storage_class"], each["room_g"])
                for each in room
            ),
            weights=wanted.get("weights") or {},
        )
        day = wanted.get("pickup_date") or first_day_with_food(wanted.area, now)
        trial = ask_what_if(area=wanted.area, pickup_date=day, changes=changes, by=by, now=now)
        return Response(RoundView(trial).data, status=202)


def _refuse_unknown_places(by: Actor, location_ids: list[UUID]) -> None:
    """Only places of one's own counties can be tried."""
    known = set(receiving_places(by).filter(pk__in=location_ids).values_list("pk", flat=True))
    if known != set(location_ids):
        raise Invalid.field("closed", "unknown_place", _("There is no such place here."))


class CommitWhatIf(IdempotentPost, APIView):
    @extend_schema(operation_id="commit_trial", request=None, responses={202: RoundView})
    def post(self, request: Request, round_id: UUID) -> Response:
        """Offers what a trial proposed, as far as it is still true.

        409 `trial_too_old` after half an hour, `illegal_transition` when it was committed before.
        """
        by = actor(request)
        seen = found(rounds_of(by), round_id)
        committed = commit_what_if(round_id=seen.pk, by=by, now=clock.now())
        return Response(RoundView(committed).data, status=202)


class OneRound(APIView):
    @extend_schema(operation_id="get_round", responses=RoundDetailView)
    def get(self, request: Request, round_id: UUID) -> Response:
        """One round with its offers and the food that stayed, in words."""
        detail = round_detail(actor(request), round_id)
        if detail is None:
            raise NotFound()
        return Response(RoundDetailView(detail).data)


class OneStanding(APIView):
    @extend_schema(operation_id="get_standing", responses=StandingView)
    def get(self, request: Request, programme_id: UUID) -> Response:
        """How one's programme stands: what it got against its county, and what it kept."""
        viewer, now = actor(request), clock.now()
        programmes = visible_programmes(viewer).select_related("location")
        standing = standing_of(viewer, found(programmes, programme_id), now=now)
        if standing is None:
            raise NotFound()
        return Response(StandingView(standing).data)
