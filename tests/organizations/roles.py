"""What a role in these tests is."""

from dataclasses import dataclass

from backend.accounts.models import User
from backend.common.actor import Actor
from backend.organizations.models import Location, Organization


@dataclass
class Role:
    """Somebody with what they act for."""

    user: User
    actor: Actor
    organization: Organization
    location: Location
