"""Who may claim, and who may give a claim back."""

import rules

from backend.claims.models import Claim
from backend.common.actor import Actor
from backend.organizations.models import Programme
from backend.organizations.permissions import coordinates, is_member


def takes_for(actor: Actor, programme: Programme) -> bool:
    return is_member(actor, programme.location)


def gives_back(actor: Actor, claim: Claim) -> bool:
    """The charity itself, and whoever coordinates its county or the donor's."""
    return (
        is_member(actor, claim.organization_id)
        or coordinates(actor, claim.county_code)
        or coordinates(actor, claim.listing.county_code)
    )


rules.add_rule("claims.reserve", takes_for)
rules.add_rule("claims.cancel", gives_back)
