"""Who may do what with organizations, their places and their people.

A key that is bound to an organization acts for that organization only, never as a coordinator;
memberships and appointments that ended count for nothing, from that moment on.
"""

from typing import Protocol
from uuid import UUID

import rules

from backend.common.actor import Actor, ActorKind
from backend.organizations.models import Location, Membership, Organization, Programme
from backend.organizations.models.people import MembershipRole
from backend.organizations.selectors import counties_of, memberships_of


class OfOrganization(Protocol):
    """Whatever belongs to one organization: a location, an invitation, a document."""

    organization_id: UUID


Thing = Organization | OfOrganization | UUID


def organization_id_of(thing: Thing) -> UUID:
    """The tenant that owns the thing."""
    if isinstance(thing, UUID):
        return thing
    return thing.pk if isinstance(thing, Organization) else thing.organization_id


def is_member(actor: Actor, thing: Thing) -> bool:
    """Whether the actor acts for the organization, in any role."""
    return memberships_of(actor).filter(organization_id=organization_id_of(thing)).exists()


def is_manager(actor: Actor, thing: Thing) -> bool:
    """Whether the actor may change the organization's settings and people."""
    managed = memberships_of(actor).filter(role=MembershipRole.MANAGER)
    return managed.filter(organization_id=organization_id_of(thing)).exists()


def coordinates(actor: Actor, county_code: str) -> bool:
    """Whether the actor watches over the county."""
    return county_code in counties_of(actor)


def decides_about(actor: Actor, organization: Organization) -> bool:
    """A coordinator of the county who does not act for the organization: nobody vouches for
    themselves.
    """
    if actor.user_id is None or not coordinates(actor, organization.county_code):
        return False
    held = Membership.objects.current().filter(user_id=actor.user_id, organization=organization)
    return not held.exists()


def sees_organization(actor: Actor, organization: Organization) -> bool:
    return is_member(actor, organization) or coordinates(actor, organization.county_code)


def is_person(actor: Actor, _: object = None) -> bool:
    """A signed-in person, or a key of theirs that is not bound to one organization."""
    return actor.user_id is not None and actor.organization_id is None


def manages_programme(actor: Actor, programme: Programme) -> bool:
    return is_manager(actor, programme.location)


def may_end_membership(actor: Actor, membership: Membership) -> bool:
    """Managers end anybody's; everybody may end their own."""
    return is_manager(actor, membership) or (
        membership.user_id == actor.user_id and is_member(actor, membership)
    )


def appoints(actor: Actor, _: object = None) -> bool:
    """Appointing coordinators is for people with the back office, never for a key."""
    return actor.kind is ActorKind.PERSON and actor.is_staff


def watches_place(actor: Actor, location: Location) -> bool:
    return is_member(actor, location) or coordinates(actor, location.county_code)


rules.add_rule("organizations.register", is_person)
rules.add_rule("organizations.see", sees_organization)
rules.add_rule("organizations.see_people", is_member)
rules.add_rule("organizations.change", is_manager)
rules.add_rule("organizations.manage_people", is_manager)
rules.add_rule("organizations.end_membership", may_end_membership)
rules.add_rule("organizations.decide", decides_about)
rules.add_rule("organizations.see_location", watches_place)
rules.add_rule("organizations.change_location", is_manager)
rules.add_rule("organizations.change_hours", is_member)
rules.add_rule("organizations.change_programme", manages_programme)
rules.add_rule("organizations.import_places", coordinates)
rules.add_rule("organizations.appoint_coordinators", appoints)
rules.add_rule("accounts.bind_key", is_manager)
