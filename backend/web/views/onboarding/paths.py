"""Addresses of the pages for joining."""

from django.urls import path

from backend.web.views.onboarding import (
    hand_over,
    hours,
    members,
    organization,
    papers,
    places,
    start,
)

ONE = "organizations/<uuid:organization_id>"
MEMBER = f"{ONE}/members/<uuid:membership_id>"
PLACE = "places/<uuid:location_id>"

PATHS = [
    path("start", start.start, name="start"),
    path("organizations/new", organization.register, name="organization_new"),
    path(ONE, organization.organization, name="organization"),
    path(f"{ONE}/choose", start.choose_organization, name="organization_choose"),
    path(f"{ONE}/change", organization.change, name="organization_change"),
    path(f"{ONE}/apply-again", organization.apply_again, name="apply_again"),
    path(f"{ONE}/papers", papers.papers, name="papers"),
    path(f"{ONE}/terms", papers.terms, name="terms"),
    path(f"{ONE}/members", members.members, name="members"),
    path(f"{MEMBER}/role", members.role, name="member_role"),
    path(f"{MEMBER}/end", members.end, name="member_end"),
    path(
        f"{ONE}/invitations/<uuid:invitation_id>/withdraw",
        members.withdraw,
        name="invitation_withdraw",
    ),
    path("invitations/<str:token>", members.invitation, name="invitation"),
    path(f"{ONE}/places/new", places.add, name="place_new"),
    path(PLACE, places.place, name="place"),
    path(f"{PLACE}/close", places.close, name="place_close"),
    path(f"{PLACE}/hours", hours.hours, name="hours"),
    path(f"{PLACE}/hours/exceptions", hours.set_exception, name="hours_exception"),
    path(f"{PLACE}/hours/exceptions/<str:on>", hours.remove_exception, name="hours_usual"),
    path("h/<uuid:public_id>", hand_over.hand_over, name="hand_over"),
]
