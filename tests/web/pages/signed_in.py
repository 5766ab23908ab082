"""Browsers of signed-in people, and what a page costs."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import User


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def body(answer: Any) -> str:
    return str(answer.content.decode())


def queries_of(user: User, path: str) -> int:
    """How many queries the page takes once everything that is read once has been read."""
    client = client_of(user)
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)
