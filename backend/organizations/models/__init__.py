"""Tables of organizations, their places, their people and their recipients' programmes."""

from backend.organizations.models.location import HoursException, Location, OpeningHours
from backend.organizations.models.organization import Agreement, Organization, VerificationDocument
from backend.organizations.models.people import Coordinator, Invitation, Membership
from backend.organizations.models.programme import Programme

__all__ = [
    "Agreement",
    "Coordinator",
    "HoursException",
    "Invitation",
    "Location",
    "Membership",
    "OpeningHours",
    "Organization",
    "Programme",
    "VerificationDocument",
]
