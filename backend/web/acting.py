"""Who a page's visitor is: as an actor, and by the audiences they belong to."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from backend.accounts.models import User
from backend.common.actor import Actor, person
from backend.couriers.models import Courier
from backend.organizations.models import Coordinator, Membership


class Audience(StrEnum):
    """Whom a page is for; a person may belong to several."""

    DONOR = "donor"
    CHARITY = "charity"
    DRIVER = "driver"
    COORDINATOR = "coordinator"


def actor(request: HttpRequest) -> Actor:
    """The signed-in person as an actor; ValueError for a visitor (guard the view instead)."""
    user = request.user
    if not isinstance(user, User):
        raise ValueError("a visitor who is not signed in cannot act")
    return person(user.id, is_staff=user.is_staff)


def audiences(user: User | AnonymousUser) -> frozenset[Audience]:
    """The audiences that a person belongs to now; empty for a visitor."""
    if not isinstance(user, User):
        return frozenset()
    found = set()
    roles = Membership.objects.current().filter(user=user)
    for is_donor, is_recipient in roles.values_list(
        "organization__is_donor", "organization__is_recipient"
    ):
        found |= {Audience.DONOR} if is_donor else set()
        found |= {Audience.CHARITY} if is_recipient else set()
    if Courier.objects.filter(user=user).exists():
        found.add(Audience.DRIVER)
    if Coordinator.objects.filter(user=user, ended_at__isnull=True).exists():
        found.add(Audience.COORDINATOR)
    return frozenset(found)
