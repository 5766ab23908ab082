"""Who acts for an organization: inviting, roles, ending, and saying yes to an invitation."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.common import clock
from backend.common.found import found
from backend.organizations.actions.accept_invitation import accept_invitation
from backend.organizations.actions.change_role import change_role
from backend.organizations.actions.end_membership import end_membership
from backend.organizations.actions.invite_member import invite_member
from backend.organizations.actions.withdraw_invitation import withdraw_invitation
from backend.organizations.models import Membership, Organization
from backend.organizations.models.people import MembershipRole
from backend.organizations.permissions import is_manager
from backend.organizations.selectors import open_invitations, organizations_of, visible_members
from backend.web.acting import actor
from backend.web.components import Confirm
from backend.web.form_pages import form_page, press
from backend.web.forms.onboarding import InviteForm
from backend.web.tenancy import choose


@require_http_methods(["GET", "POST"])
@login_required
def members(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Everybody of the organization; a manager invites others here."""
    by = actor(request)
    mine = found(organizations_of(by), organization_id)
    rows = visible_members(by, mine.pk).order_by("user__name", "pk")
    context = {
        "organization": mine,
        "is_manager": is_manager(by, mine),
        "members": [(row, _end_question(row, row.user_id == by.user_id)) for row in rows],
        "invitations": open_invitations(by, mine.pk).filter(expires_at__gt=clock.now()),
        "me": by.user_id,
    }
    form = InviteForm(request.POST or None, initial={"role": MembershipRole.STAFF})
    act = partial(_invite, request, mine)
    return form_page(request, "web/onboarding/members.html", form, act=act, context=context)


def _invite(request: HttpRequest, mine: Organization, wanted: dict[str, Any]) -> HttpResponse:
    invite_member(
        organization_id=mine.pk,
        email=wanted["email"],
        role=wanted["role"],
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Invited. The link in the mail works for 14 days."))
    return redirect("web:members", mine.pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, organization_id: UUID, invitation_id: UUID) -> HttpResponse:
    by = actor(request)
    invitation = found(open_invitations(by, organization_id), invitation_id)
    withdraw_invitation(invitation_id=invitation.pk, by=by, now=clock.now())
    messages.success(request, _("Withdrawn. The link no longer works."))
    return redirect("web:members", organization_id)


@require_POST
@login_required
def role(request: HttpRequest, organization_id: UUID, membership_id: UUID) -> HttpResponse:
    """Makes a member manager or staff."""
    by = actor(request)
    membership = found(visible_members(by, organization_id), membership_id)
    wanted = request.POST.get("role", "")
    act = partial(change_role, membership_id=membership.pk, role=wanted, by=by, now=clock.now())
    press(request, act, done=_("Changed."))
    return redirect("web:members", organization_id)


@require_POST
@login_required
def end(request: HttpRequest, organization_id: UUID, membership_id: UUID) -> HttpResponse:
    """Somebody no longer acts for the organization, by a manager or by themselves."""
    by = actor(request)
    membership = found(visible_members(by, organization_id), membership_id)
    act = partial(end_membership, membership_id=membership.pk, by=by, now=clock.now())
    if press(request, act, done=_("Ended.")) and membership.user_id == by.user_id:
        return redirect("web:start")
    return redirect("web:members", organization_id)


@require_http_methods(["GET", "POST"])
@login_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: one yes, by the person it was sent to."""
    if request.method != "POST":
        return render(request, "web/onboarding/invitation.html", {"token": token})
    membership = accept_invitation(token=token, by=actor(request), now=clock.now())
    choose(request, membership.organization_id)
    name = membership.organization.name
    messages.success(request, _("Welcome to %(organization)s.") % {"organization": name})
    return redirect("web:organization", membership.organization_id)


def _end_question(row: Membership, is_self: bool) -> Confirm:
    names = {"name": row.user.name or row.user.email, "organization": row.organization.name}
    return Confirm(
        id=f"end-{row.pk}",
        button=_("Leave") if is_self else _("End"),
        title=_("Leave %(organization)s?") % names if is_self else _("End for %(name)s?") % names,
        text=_("From then on nothing of the organization can be seen or done."),
        yes=_("Leave") if is_self else _("End"),
        url=reverse("web:member_end", args=[row.organization_id, row.pk]),
    )
