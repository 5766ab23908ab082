"""Who may record that custody passed, and who decides about incidents."""

import rules

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.couriers.permissions import is_courier
from backend.custody.models import Incident
from backend.organizations.permissions import coordinates, is_member


def is_side_of_claim(actor: Actor, claim: Claim) -> bool:
    """The donor's or the recipient's people, and the county's coordinators on their behalf."""
    return (
        is_member(actor, claim.listing.organization)
        or is_member(actor, claim.organization)
        or coordinates(actor, claim.county_code)
        or coordinates(actor, claim.listing.county_code)
    )


def watches_incident(actor: Actor, incident: Incident) -> bool:
    """A coordinator of the county who belongs to neither side: nobody clears themselves."""
    claim = incident.hand_over.claim
    own = claim is not None and (
        is_member(actor, claim.organization_id) or is_member(actor, claim.listing.organization_id)
    )
    return coordinates(actor, incident.county_code) and not own


rules.add_rule("custody.record", is_side_of_claim)
rules.add_rule("custody.carry", is_courier)
rules.add_rule("custody.decide", watches_incident)
