"""People whose pages are opened: a charity with a kitchen, and somebody of another one."""

import pytest

from backend.accounts.models import User
from backend.organizations.models import Programme
from tests.builders.needs import make_taker
from tests.builders.organizations import (
    make_location,
    make_member,
    make_recipient,
)


@pytest.fixture
def kitchen() -> Programme:
    place = make_location(make_recipient(name="Open Table"), name="Kitchen")
    return make_taker(place, name="Lunch")


@pytest.fixture
def charity(kitchen: Programme) -> User:
    return make_member(kitchen.location.organization)


@pytest.fixture
def outsider() -> User:
    return make_member(make_taker().location.organization)
