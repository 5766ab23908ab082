"""Signing up on the page stores people by the same action as REST."""

import pytest
from django.test import Client

from backend.accounts.models import Consent, User
from backend.events.models import Event
from tests.builders.accounts import PASSWORD

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Ah-Mei",
    "email": "mei@example.org",
    "password1": PASSWORD,
    "language": "en",
}


def test_a_person_signs_up_with_name_language_and_consent() -> None:
    assert Client().post("/accounts/signup/", FORM).status_code == 302
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("mei@example.org", "Ah-Mei", "en")
    assert user.joined_at is not None
    assert Consent.objects.get().user == user
    event = Event.objects.get(type="person.registered")
    assert event.payload["via"] == "pages"


def test_a_weak_password_makes_nobody() -> None:
    assert Client().post("/accounts/signup/", FORM | {"password1": "short"}).status_code == 200
    assert not User.objects.exists()
    assert not Event.objects.exists()
