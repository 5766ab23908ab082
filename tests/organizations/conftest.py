"""Roles: a verified donor and recipient with managers, their coordinator, and an outsider."""

import pytest

from backend.common.actor import Actor
from backend.organizations.models import Organization
from tests.builders.accounts import actor_of, make_user
from tests.builders.organizations import (
    make_coordinator,
    make_location,
    make_member,
    make_organization,
    make_recipient,
    make_staff,
)
from tests.organizations.roles import Role


def _role(organization: Organization) -> Role:
    user = make_member(organization)
    return Role(user, actor_of(user), organization, make_location(organization))


@pytest.fixture
def donor(db: None) -> Role:
    """The manager of a donor."""
    return _role(make_organization())


@pytest.fixture
def recipient(db: None) -> Role:
    """The manager of a charity: another tenant in the same county."""
    return _role(make_recipient())


@pytest.fixture
def staff(donor: Role) -> Role:
    """Somebody who works for the donor without managing it."""
    user = make_staff(donor.organization)
    return Role(user, actor_of(user), donor.organization, donor.location)


@pytest.fixture
def coordinator(db: None) -> Actor:
    """Watches over the county of both."""
    return actor_of(make_coordinator())


@pytest.fixture
def far_coordinator(db: None) -> Actor:
    """Watches over another county."""
    return actor_of(make_coordinator("64000"))


@pytest.fixture
def outsider(db: None) -> Actor:
    """Signed in, and nothing else."""
    return actor_of(make_user())
