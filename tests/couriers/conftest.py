"""Roles: a courier with a van, their coordinator, and somebody else."""

import pytest

from backend.common.actor import Actor
from backend.couriers.models import Courier, Vehicle
from tests.builders.accounts import actor_of, make_user
from tests.builders.couriers import make_courier, make_vehicle
from tests.builders.organizations import make_coordinator


@pytest.fixture
def courier(db: None) -> Courier:
    """An active courier of Taipei."""
    return make_courier()


@pytest.fixture
def driver(courier: Courier) -> Actor:
    """The same, as an actor."""
    return actor_of(courier.user)


@pytest.fixture
def van(courier: Courier) -> Vehicle:
    return make_vehicle(courier)


@pytest.fixture
def coordinator(db: None) -> Actor:
    """Watches over Taipei."""
    return actor_of(make_coordinator())


@pytest.fixture
def outsider(db: None) -> Actor:
    return actor_of(make_user())
