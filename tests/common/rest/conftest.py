"""Clients of the tiny API."""

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import User
from tests.builders.accounts import make_user
from tests.common.rest.urls import Crates


@pytest.fixture
def user(db: None) -> User:
    return make_user()


@pytest.fixture
def client() -> APIClient:
    """A stranger, who is answered also where a bug would be raised."""
    return APIClient(raise_request_exception=False)


@pytest.fixture
def signed_in(user: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


@pytest.fixture(autouse=True)
def _no_crates_yet() -> Iterator[None]:
    Crates.made.clear()
    yield
    Crates.pause.set()
