"""Organizations over REST: register, change, decide, papers and terms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.actor import Actor
from backend.common.rest.acting import actor
from backend.common.rest.filters import StrictFilters
from backend.common.rest.idempotency import IdempotentPost
from backend.common.rest.preconditions import etag, require_match
from backend.organizations.actions.add_document import add_document
from backend.organizations.actions.agree_terms import agree_terms
from backend.organizations.actions.apply_again import apply_again
from backend.organizations.actions.change_organization import change_organization
from backend.organizations.actions.read_document import read_document
from backend.organizations.actions.register_organization import register_organization
from backend.organizations.actions.reinstate_organization import reinstate_organization
from backend.organizations.actions.reject_organization import reject_organization
from backend.organizations.actions.suspend_organization import suspend_organization
from backend.organizations.actions.verify_organization import verify_organization
from backend.organizations.api import inputs, serializers
from backend.organizations.api.filters import OrganizationFilter
from backend.organizations.models import Agreement, Organization, VerificationDocument
from backend.organizations.selectors import (
    agreements_of,
    visible_documents,
    visible_organizations,
)

DECIDE: dict[str, Callable[..., Organization]] = {
    "verify": verify_organization,
    "reject": reject_organization,
    "suspend": suspend_organization,
    "reinstate": reinstate_organization,
}


def seen(by: Actor, organization_id: UUID) -> Organization:
    """The organization, or 404 when the actor may not even know of it."""
    return get_object_or_404(visible_organizations(by), pk=organization_id)


def told(organization: Organization, status: int = 200) -> Response:
    """The organization with its entity tag."""
    data = serializers.OrganizationView(organization).data
    return Response(data, status=status, headers={"ETag": etag(organization)})


class Organizations(IdempotentPost, ListAPIView[Organization]):
    """Organizations that you act for or watch over."""

    queryset = Organization.objects.none()
    serializer_class = serializers.OrganizationView
    filter_backends = [StrictFilters]
    filterset_class = OrganizationFilter

    def get_queryset(self) -> QuerySet[Organization]:
        return visible_organizations(actor(self.request))

    @extend_schema(request=inputs.OrganizationInput, responses={201: serializers.OrganizationView})
    def post(self, request: Request) -> Response:
        """Registers an organization; you become its manager, a coordinator verifies it."""
        wanted = inputs.OrganizationInput.parse(request.data)
        return told(register_organization(**wanted, by=actor(request), now=clock.now()), 201)


class OrganizationItem(APIView):
    """One organization."""

    @extend_schema(responses={200: serializers.OrganizationView})
    def get(self, request: Request, organization_id: UUID) -> Response:
        """For its members and the coordinators of its county."""
        return told(seen(actor(request), organization_id))

    @extend_schema(request=inputs.OrganizationChange, responses={200: serializers.OrganizationView})
    def patch(self, request: Request, organization_id: UUID) -> Response:
        """Changes what is sent, by a manager; send `If-Match` to be told of other changes."""
        by = actor(request)
        version = require_match(request, seen(by, organization_id))
        changes = dict(inputs.OrganizationChange.parse(request.data, partial=True))
        roles = changes.pop("roles", None)
        return told(
            change_organization(
                organization_id=organization_id,
                changes=changes,
                roles=roles,
                version=version,
                by=by,
                now=clock.now(),
            )
        )


class Decisions(IdempotentPost, APIView):
    """What coordinators decide about an organization."""

    @extend_schema(
        request=inputs.OrganizationDecision, responses={200: serializers.OrganizationView}
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        """Verifies, rejects, suspends or reinstates, with a reason that the applicant reads."""
        by = actor(request)
        version = require_match(request, seen(by, organization_id))
        wanted = dict(inputs.OrganizationDecision.parse(request.data))
        decide = DECIDE[wanted.pop("decision")]
        if decide is not verify_organization:
            wanted.pop("until_date", None)
        return told(
            decide(
                organization_id=organization_id,
                version=version,
                by=by,
                now=clock.now(),
                **wanted,
            )
        )


class Applications(IdempotentPost, APIView):
    """Applying again after a rejection."""

    @extend_schema(request=inputs.NoteInput, responses={200: serializers.OrganizationView})
    def post(self, request: Request, organization_id: UUID) -> Response:
        """Puts a rejected organization back before the coordinators."""
        by = actor(request)
        seen(by, organization_id)
        note = inputs.NoteInput.parse(request.data).get("note", "")
        return told(apply_again(organization_id=organization_id, note=note, by=by, now=clock.now()))


class Documents(IdempotentPost, ListAPIView[VerificationDocument]):
    """Papers that show who an organization is."""

    queryset = VerificationDocument.objects.none()
    serializer_class = serializers.DocumentView
    filter_backends = [StrictFilters]
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[VerificationDocument]:
        by = actor(self.request)
        seen(by, self.kwargs["organization_id"])
        return visible_documents(by, self.kwargs["organization_id"])

    @extend_schema(
        request={"multipart/form-data": inputs.DocumentInput},
        responses={201: serializers.DocumentView},
    )
    def post(self, request: Request, organization_id: UUID) -> Response:
        """Adds a PDF, JPEG or PNG of up to 5 MB."""
        by = actor(request)
        seen(by, organization_id)
        wanted = inputs.DocumentInput.parse(request.data)
        document = add_document(
            organization_id=organization_id,
            kind=wanted.kind,
            upload=wanted.file,
            by=by,
            now=clock.now(),
        )
        return Response(serializers.DocumentView(document).data, status=201)


class DocumentItem(APIView):
    """The content of one paper."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, organization_id: UUID, document_id: UUID) -> Any:
        """The file, as a download; that you opened it is noted."""
        document = read_document(
            organization_id=organization_id,
            document_id=document_id,
            by=actor(request),
            now=clock.now(),
        )
        return FileResponse(
            document.file.open("rb"),
            as_attachment=True,
            filename=document.file_name,
            content_type="application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
        )


class Agreements(IdempotentPost, ListAPIView[Agreement]):
    """Terms that an organization agreed to."""

    queryset = Agreement.objects.none()
    serializer_class = serializers.AgreementView
    filter_backends = [StrictFilters]

    def get_queryset(self) -> QuerySet[Agreement]:
        by = actor(self.request)
        seen(by, self.kwargs["organization_id"])
        return agreements_of(by, self.kwargs["organization_id"])

    @extend_schema(request=inputs.AgreementInput, responses={201: serializers.AgreementView})
    def post(self, request: Request, organization_id: UUID) -> Response:
        """Agrees to one version of some terms, by a manager."""
        by = actor(request)
        seen(by, organization_id)
        wanted = inputs.AgreementInput.parse(request.data)
        signed = agree_terms(organization_id=organization_id, **wanted, by=by, now=clock.now())
        return Response(serializers.AgreementView(signed).data, status=201)
