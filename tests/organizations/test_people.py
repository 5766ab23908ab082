"""Registering organizations, inviting people, and never losing the last manager."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from backend.common.actor import Actor
from backend.common.refusals import Invalid, NotAllowed, NotFound
from backend.events import audiences
from backend.events.models import Event
from backend.organizations import tasks
from backend.organizations.actions.accept_invitation import (
    InvitationNotValid,
    accept_invitation,
)
from backend.organizations.actions.agree_terms import agree_terms
from backend.organizations.actions.appoint_coordinator import (
    AlreadyCoordinator,
    appoint_coordinator,
)
from backend.organizations.actions.change_organization import change_organization
from backend.organizations.actions.change_role import change_role
from backend.organizations.actions.end_coordinator import end_coordinator
from backend.organizations.actions.end_membership import LastManager, end_membership
from backend.organizations.actions.invite_member import AlreadyMember, invite_member
from backend.organizations.actions.register_organization import (
    AlreadyRegistered,
    register_organization,
)
from backend.organizations.actions.withdraw_invitation import withdraw_invitation
from backend.organizations.models import Agreement, Invitation, Membership, Organization
from backend.organizations.models.people import MembershipRole
from backend.organizations.permissions import coordinates, is_manager, is_member
from backend.organizations.selectors import counties_of, organizations_of
from tests.builders.accounts import actor_of, make_user
from tests.builders.organizations import make_organization, make_staff
from tests.organizations.roles import Role


def test_whoever_registers_an_organization_manages_it(outsider: Actor, now: datetime) -> None:
    organization = register_organization(
        name="Corner bakery",
        roles={"donor", "hub"},
        county_code="63000",
        legal_id="12345678",
        by=outsider,
        now=now,
    )
    assert organization.status == "applied"
    assert (organization.is_donor, organization.is_hub, organization.is_recipient) == (
        True,
        True,
        False,
    )
    assert is_manager(outsider, organization)
    assert Event.objects.get().type == "organization.registered"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"county_code": "99999"}, "county_code"),
        ({"name": ""}, "name"),
        ({"name": "B" * 121}, "name"),
        ({"contact_email": "nowhere"}, "contact_email"),
    ],
)
def test_an_unsound_application_is_refused_and_stores_nothing(
    outsider: Actor, now: datetime, changes: dict[str, Any], field: str
) -> None:
    sound: dict[str, Any] = {"name": "Bakery", "roles": ["donor"], "county_code": "63000"}
    with pytest.raises(Invalid) as refused:
        register_organization(**(sound | changes), by=outsider, now=now)
    assert field in refused.value.fields
    assert not Organization.objects.exists()
    assert not Event.objects.exists()


def test_a_registration_number_is_registered_once(outsider: Actor, now: datetime) -> None:
    make_organization(legal_id="12345678")
    with pytest.raises(AlreadyRegistered):
        register_organization(
            name="Copy",
            roles=["donor"],
            county_code="63000",
            legal_id="12345678",
            by=outsider,
            now=now,
        )
    assert not Membership.objects.exists()


def test_staff_do_not_change_the_organization(staff: Role, donor: Role, now: datetime) -> None:
    pk = donor.organization.pk
    with pytest.raises(NotAllowed):
        change_organization(organization_id=pk, changes={"name": "X"}, by=staff.actor, now=now)
    changed = change_organization(
        organization_id=pk,
        changes={"name": "New name"},
        roles=["donor", "carrier"],
        by=donor.actor,
        now=now,
    )
    assert (changed.name, changed.is_carrier, changed.version) == ("New name", True, 2)


def test_an_invited_person_joins_and_the_mail_carries_the_link(donor: Role, now: datetime) -> None:
    friend = make_user(email="friend@example.org", language="en")
    invited = invite_member(
        organization_id=donor.organization.pk,
        email="Friend@example.org",
        role=MembershipRole.STAFF,
        by=donor.actor,
        now=now,
    )
    assert invited.token not in str(Invitation.objects.values().get())
    tasks.send_invitation(invitation_id=str(invited.invitation.pk))
    tasks.send_invitation(invitation_id=str(invited.invitation.pk))
    assert len(mail.outbox) == 1
    assert f"/invitations/{invited.token}" in mail.outbox[0].body
    membership = accept_invitation(token=invited.token, by=actor_of(friend), now=now)
    assert membership.role == MembershipRole.STAFF
    assert is_member(actor_of(friend), donor.organization)
    with pytest.raises(InvitationNotValid):
        accept_invitation(token=invited.token, by=actor_of(friend), now=now)


def test_an_invitation_for_another_address_an_old_or_a_withdrawn_one_opens_nothing(
    donor: Role, outsider: Actor, now: datetime
) -> None:
    friend = make_user(email="friend@example.org")

    def invite() -> tuple[Invitation, str]:
        invited = invite_member(
            organization_id=donor.organization.pk,
            email="friend@example.org",
            role=MembershipRole.STAFF,
            by=donor.actor,
            now=now,
        )
        return invited.invitation, invited.token

    _first, replaced = invite()
    invitation, token = invite()
    for attempt_token, by, at in (
        (replaced, actor_of(friend), now),
        (token, outsider, now),
        (token, actor_of(friend), now + timedelta(days=14)),
        ("0" * 64, actor_of(friend), now),
    ):
        with pytest.raises(InvitationNotValid):
            accept_invitation(token=attempt_token, by=by, now=at)
    withdraw_invitation(invitation_id=invitation.pk, by=donor.actor, now=now)
    with pytest.raises(InvitationNotValid):
        accept_invitation(token=token, by=actor_of(friend), now=now)
    with pytest.raises(NotFound):
        withdraw_invitation(invitation_id=invitation.pk, by=donor.actor, now=now)
    assert not is_member(actor_of(friend), donor.organization)


def test_a_member_is_not_invited_again(donor: Role, now: datetime) -> None:
    with pytest.raises(AlreadyMember):
        invite_member(
            organization_id=donor.organization.pk,
            email=donor.user.email.upper(),
            role=MembershipRole.STAFF,
            by=donor.actor,
            now=now,
        )


def test_the_last_manager_neither_leaves_nor_steps_down(donor: Role, now: datetime) -> None:
    make_staff(donor.organization)
    own = Membership.objects.get(user=donor.user)
    with pytest.raises(LastManager):
        end_membership(membership_id=own.pk, by=donor.actor, now=now)
    with pytest.raises(LastManager):
        change_role(membership_id=own.pk, role=MembershipRole.STAFF, by=donor.actor, now=now)
    own.refresh_from_db()
    assert (own.role, own.ended_at) == (MembershipRole.MANAGER, None)


def test_a_manager_hands_over_and_leaves(donor: Role, staff: Role, now: datetime) -> None:
    theirs = Membership.objects.get(user=staff.user)
    change_role(membership_id=theirs.pk, role=MembershipRole.MANAGER, by=donor.actor, now=now)
    own = Membership.objects.get(user=donor.user)
    end_membership(membership_id=own.pk, by=donor.actor, now=now)
    assert not is_member(donor.actor, donor.organization)
    assert not organizations_of(donor.actor).exists()
    assert audiences.organization(donor.organization.pk) not in audiences.of_person(donor.user.pk)
    with pytest.raises(NotFound):
        end_membership(membership_id=own.pk, by=staff.actor, now=now)


def test_staff_end_nobody_elses_membership(donor: Role, staff: Role, now: datetime) -> None:
    own = Membership.objects.get(user=donor.user)
    with pytest.raises(NotAllowed):
        end_membership(membership_id=own.pk, by=staff.actor, now=now)


def test_terms_are_signed_once_per_version(donor: Role, now: datetime) -> None:
    for _repeat in range(2):
        agree_terms(
            organization_id=donor.organization.pk,
            terms="donation",
            terms_version="1",
            by=donor.actor,
            now=now,
        )
    assert Agreement.objects.count() == 1
    assert Event.objects.filter(type="agreement.signed").count() == 1


def test_coordinators_are_appointed_by_the_back_office_only(
    outsider: Actor, coordinator: Actor, now: datetime
) -> None:
    boss = actor_of(make_user(is_staff=True, is_superuser=True))
    assert outsider.user_id is not None
    for by in (outsider, coordinator):
        with pytest.raises(NotAllowed):
            appoint_coordinator(user_id=outsider.user_id, county_code="64000", by=by, now=now)
    held = appoint_coordinator(user_id=outsider.user_id, county_code="64000", by=boss, now=now)
    with pytest.raises(AlreadyCoordinator):
        appoint_coordinator(user_id=outsider.user_id, county_code="64000", by=boss, now=now)
    assert counties_of(outsider) == {"64000"}
    assert audiences.county("64000") in audiences.of_person(outsider.user_id)
    end_coordinator(coordinator_id=held.pk, by=boss, now=now)
    assert not coordinates(outsider, "64000")
    assert audiences.county("64000") not in audiences.of_person(outsider.user_id)


def test_a_key_bound_to_one_organization_acts_for_that_one_only(
    donor: Role, recipient: Role
) -> None:
    Membership.objects.create(
        user=donor.user,
        organization=recipient.organization,
        role=MembershipRole.MANAGER,
        since_at=donor.organization.created_at,
    )
    key = actor_of(donor.user, organization_id=donor.organization.pk)
    assert is_manager(key, donor.organization)
    assert not is_member(key, recipient.organization)
    assert list(organizations_of(key)) == [donor.organization]
