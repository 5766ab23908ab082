"""Agreements between counties and the record of transfers over REST."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.found import found
from backend.common.rest import IdempotentPost, actor, paged
from backend.common.rest.serializers import PageQuery, parse_query
from matching.actions.answer_agreement import answer_agreement
from matching.actions.arrange_transfer import arrange_transfer
from matching.actions.propose_agreement import propose_agreement
from matching.api.output import (
    TakersView,
    TransferAgreementPage,
    TransferAgreementView,
    TransferPage,
    TransferView,
)
from matching.api.serializers import TakersQuery, TransferAgreementInput, TransferInput
from matching.domain.lifecycle import AgreementStatus
from matching.domain.transfers import Carriage
from matching.models import TransferMode
from matching.selectors.transfers import (
    agreements_of,
    lots_to_send,
    takers_elsewhere,
    transfers_of,
)


class Agreements(IdempotentPost, APIView):
    """What counties agreed to send to each other."""

    @extend_schema(
        operation_id="list_agreements", parameters=[PageQuery], responses=TransferAgreementPage
    )
    def get(self, request: Request) -> Response:
        """From and to the counties that one coordinates, the latest first."""
        pages, rows = paged(request, agreements_of(actor(request)), self)
        return pages.get_paginated_response(TransferAgreementView(rows, many=True).data)

    @extend_schema(
        operation_id="propose_agreement",
        request=TransferAgreementInput,
        responses={201: TransferAgreementView},
    )
    def post(self, request: Request) -> Response:
        """Proposes one; it is in force once a coordinator of the other county agrees.

        409 `already_agreed` when there is one, or a proposal, for the two counties.
        """
        wanted = TransferAgreementInput.parse(request.data)
        agreement = propose_agreement(
            from_county=wanted.from_county,
            to_county=wanted.to_county,
            category_groups=wanted.get("category_groups") or [],
            quota_g=wanted.quota_g,
            until_date=wanted.get("until_date"),
            by=actor(request),
            now=clock.now(),
        )
        return Response(TransferAgreementView(agreement).data, status=201)


def _answer(request: Request, agreement_id: UUID, to: AgreementStatus) -> Response:
    by = actor(request)
    seen = found(agreements_of(by), agreement_id)
    answered = answer_agreement(agreement_id=seen.pk, to=to, by=by, now=clock.now())
    return Response(TransferAgreementView(answered).data)


class Agree(IdempotentPost, APIView):
    @extend_schema(operation_id="agree_transfers", request=None, responses=TransferAgreementView)
    def post(self, request: Request, agreement_id: UUID) -> Response:
        """The other county agrees. 409 `illegal_transition` when it was answered before."""
        return _answer(request, agreement_id, AgreementStatus.ACTIVE)


class Decline(IdempotentPost, APIView):
    @extend_schema(operation_id="decline_transfers", request=None, responses=TransferAgreementView)
    def post(self, request: Request, agreement_id: UUID) -> Response:
        """The other county says no."""
        return _answer(request, agreement_id, AgreementStatus.DECLINED)


class End(IdempotentPost, APIView):
    @extend_schema(operation_id="end_transfers", request=None, responses=TransferAgreementView)
    def post(self, request: Request, agreement_id: UUID) -> Response:
        """Either county ends it; what was arranged before goes on."""
        return _answer(request, agreement_id, AgreementStatus.ENDED)


class Transfers(IdempotentPost, APIView):
    """The record of what was sent to another county."""

    @extend_schema(operation_id="list_transfers", parameters=[PageQuery], responses=TransferPage)
    def get(self, request: Request) -> Response:
        """From and to the counties that one coordinates, the latest first."""
        pages, rows = paged(request, transfers_of(actor(request)), self)
        return pages.get_paginated_response(TransferView(rows, many=True).data)

    @extend_schema(
        operation_id="arrange_transfer", request=TransferInput, responses={201: TransferView}
    )
    def post(self, request: Request) -> Response:
        """Asks a programme of the other county to take it; it goes once that accepts.

        409 `quota_used` when the counties agreed on less for this week, or the code of the rule
        that says no.
        """
        wanted = TransferInput.parse(request.data)
        transfer = arrange_transfer(
            agreement_id=wanted.agreement_id,
            lot_id=wanted.lot_id,
            programme_id=wanted.programme_id,
            mass_g=wanted.mass_g,
            mode=TransferMode(wanted.mode),
            waybill=wanted.waybill,
            carriage=Carriage(wanted.departs_at, wanted.arrives_at, wanted.keeps_cold),
            by=actor(request),
            now=clock.now(),
        )
        return Response(TransferView(transfer).data, status=201)


class Takers(APIView):
    """Who could take a lot in counties that agreed."""

    @extend_schema(operation_id="list_takers", parameters=[TakersQuery], responses=TakersView)
    def get(self, request: Request) -> Response:
        """For a lot of one's own counties that is still to be had; those that got least first."""
        wanted, now = parse_query(TakersQuery, request.query_params), clock.now()
        lot = found(lots_to_send(actor(request), now=now), wanted.lot)
        return Response(TakersView({"results": takers_elsewhere(lot, now=now)}).data)
