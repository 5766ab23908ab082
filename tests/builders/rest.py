"""REST clients for tests, signed in as a person."""

from typing import Any

from rest_framework.test import APIClient

from backend.accounts.models import User

API = "/api/v1"


def client_of(user: User | None = None, **headers: str) -> APIClient:
    """A client with the person's session, or a stranger's."""
    client = APIClient(headers=headers)
    if user is not None:
        client.force_login(user)
    return client


def codes(answer: Any, field: str) -> list[str]:
    """The codes that a problem answer gives for a field."""
    return [each["code"] for each in answer.json()["errors"][field]]
