"""Members and invitations over REST."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.permissions import require
from backend.common.rest.acting import actor
from backend.common.rest.filters import StrictFilters
from backend.common.rest.idempotency import IdempotentPost
from backend.organizations.actions.accept_invitation import accept_invitation
from backend.organizations.actions.change_role import change_role
from backend.organizations.actions.end_membership import end_membership
from backend.organizations.actions.invite_member import invite_member
from backend.organizations.actions.withdraw_invitation import withdraw_invitation
from backend.organizations.api import inputs, serializers
from backend.organizations.api.views.organizations import seen
from backend.organizations.models import Invitation, Membership
from backend.organizations.selectors import memberships_of, open_invitations, visible_members


class Memberships(ListAPIView[Membership]):
    """For whom you act."""

    queryset = Membership.objects.none()
    serializer_class = serializers.MembershipView
    filter_backends = [StrictFilters]

    def get_queryset(self) -> QuerySet[Membership]:
        return memberships_of(actor(self.request))


class Members(ListAPIView[Membership]):
    """Who acts for an organization; only members see that."""

    queryset = Membership.objects.none()
    serializer_class = serializers.MemberView
    filter_backends = [StrictFilters]

    def get_queryset(self) -> QuerySet[Membership]:
        by = actor(self.request)
        organization = seen(by, self.kwargs["organization_id"])
        require(by, "organizations.see_people", organization)
        return visible_members(by, organization.pk)


class MemberItem(APIView):
    """One member."""

    @extend_schema(request=inputs.RoleInput, responses={200: serializers.MemberView})
    def patch(self, request: Request, organization_id: UUID, membership_id: UUID) -> Response:
        """Makes them manager or staff, by a manager."""
        by = actor(request)
        member = get_object_or_404(visible_members(by, organization_id), pk=membership_id)
        role = inputs.RoleInput.parse(request.data).role
        changed = change_role(membership_id=member.pk, role=role, by=by, now=clock.now())
        return Response(serializers.MemberView(changed).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, organization_id: UUID, membership_id: UUID) -> Response:
        """Ends the membership, by a manager or the person; never the last manager's."""
        by = actor(request)
        member = get_object_or_404(visible_members(by, organization_id), pk=membership_id)
        end_membership(membership_id=member.pk, by=by, now=clock.now())
        return Response(status=204)


class Invitations(IdempotentPost, ListAPIView[Invitation]):
    """Open invitations of an organization."""

    queryset = Invitation.objects.none()
    serializer_class = serializers.InvitationView
    filter_backends = [StrictFilters]

    def get_queryset(self) -> QuerySet[Invitation]:
        by = actor(self.request)
        organization = seen(by, self.kwargs["organization_id"])
        require(by, "organizations.manage_people", organization)
        return open_invitations(by, organization.pk)

    @extend_schema(request=inputs.InvitationInput, responses={201: serializers.InvitationView})
    def post(self, request: Request, organization_id: UUID) -> Response:
        """Asks somebody by mail to join, by a manager; valid for 14 days."""
        by = actor(request)
        seen(by, organization_id)
        wanted = inputs.InvitationInput.parse(request.data)
        invited = invite_member(organization_id=organization_id, **wanted, by=by, now=clock.now())
        return Response(serializers.InvitationView(invited.invitation).data, status=201)


class InvitationItem(APIView):
    """One open invitation."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, organization_id: UUID, invitation_id: UUID) -> Response:
        """Withdraws it; its link stops working."""
        by = actor(request)
        get_object_or_404(open_invitations(by, organization_id), pk=invitation_id)
        withdraw_invitation(invitation_id=invitation_id, by=by, now=clock.now())
        return Response(status=204)


class Acceptances(IdempotentPost, APIView):
    """Accepting an invitation."""

    @extend_schema(request=inputs.AcceptanceInput, responses={201: serializers.MembershipView})
    def post(self, request: Request) -> Response:
        """Joins the organization, signed in with the address that was invited."""
        token = inputs.AcceptanceInput.parse(request.data).token
        membership = accept_invitation(token=token, by=actor(request), now=clock.now())
        return Response(serializers.MembershipView(membership).data, status=201)
