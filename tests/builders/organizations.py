"""Organizations, places and their people for tests: verified, open all day, in Taipei."""

from itertools import count
from typing import Any

from backend.accounts.models import User
from backend.geo.domain.points import Point
from backend.organizations.models import (
    Coordinator,
    Location,
    Membership,
    OpeningHours,
    Organization,
    Programme,
)
from backend.organizations.models.organization import OrganizationStatus
from backend.organizations.models.people import MembershipRole
from tests.builders.accounts import LONG_AGO, make_user

#: Da'an district of Taipei, on the main island's roads.
TAIPEI = Point(121.5434, 25.0330)
TAIPEI_COUNTY = "63000"
TAIPEI_PLACE = {"county_code": "63000", "township_code": "63000030", "road_group": "main"}
ALL_DAY = tuple((weekday, 0, 24 * 60) for weekday in range(7))
_numbers = count(1)


def make_organization(**fields: Any) -> Organization:
    """A verified donor of Taipei unless the fields say otherwise; any role given replaces donor."""
    roles = ("is_donor", "is_recipient", "is_hub", "is_carrier", "is_authority")
    chosen: dict[str, Any] = {
        "name": f"Organization {next(_numbers)}",
        "status": OrganizationStatus.VERIFIED,
        "county_code": TAIPEI_COUNTY,
        "created_at": LONG_AGO,
    }
    if not any(fields.get(role) for role in roles):
        chosen["is_donor"] = True
    return Organization.objects.create(**(chosen | fields))


def make_location(
    organization: Organization | None = None,
    *,
    point: Point = TAIPEI,
    hours: tuple[tuple[int, int, int], ...] = ALL_DAY,
    **fields: Any,
) -> Location:
    """A place in Da'an, Taipei; elsewhere give county_code, township_code and road_group too.

    `hours` are (weekday, opens_minute, closes_minute).
    """
    chosen: dict[str, Any] = {
        "organization": organization or make_organization(),
        "name": f"Place {next(_numbers)}",
        "address": "1 Example Road",
        "created_at": LONG_AGO,
        **TAIPEI_PLACE,
    }
    location = Location(**(chosen | fields))
    location.point = point
    location.save(force_insert=True)
    OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=weekday, opens_minute=opens, closes_minute=closes)
        for weekday, opens, closes in hours
    )
    return location


def make_recipient(**fields: Any) -> Organization:
    """A verified charity of Taipei."""
    return make_organization(**({"is_recipient": True} | fields))


def make_programme(location: Location | None = None, **fields: Any) -> Programme:
    """A programme for 100 people a week without any rules, at a charity's place."""
    chosen: dict[str, Any] = {
        "location": location or make_location(make_recipient()),
        "name": f"Programme {next(_numbers)}",
        "people_per_week": 100,
        "created_at": LONG_AGO,
    }
    return Programme.objects.create(**(chosen | fields))


def make_member(
    organization: Organization, *, user: User | None = None, role: str = MembershipRole.MANAGER
) -> User:
    """A person who acts for the organization, as manager unless told otherwise."""
    person = user or make_user()
    Membership.objects.create(user=person, organization=organization, role=role, since_at=LONG_AGO)
    return person


def make_staff(organization: Organization, *, user: User | None = None) -> User:
    return make_member(organization, user=user, role=MembershipRole.STAFF)


def make_coordinator(*counties: str, user: User | None = None) -> User:
    """A person who watches over the counties; over Taipei when none is named."""
    person = user or make_user()
    for county_code in counties or (TAIPEI_COUNTY,):
        Coordinator.objects.create(user=person, county_code=county_code, since_at=LONG_AGO)
    return person
