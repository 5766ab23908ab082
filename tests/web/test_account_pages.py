"""Signing up, in and out through the pages."""

import pytest
from django.test import Client
from pytest_django import Settings

from backend.accounts.models import User

PASSWORD = "a-bowl-of-rice-7"
pytestmark = pytest.mark.django_db


def sign_up(client: Client, **changes: str) -> object:
    asked = {"name": "Lin", "email": "lin@example.org", "password1": PASSWORD, "language": "en"}
    return client.post("/accounts/signup/", asked | changes)


def test_signing_up_keeps_name_and_language(client: Client) -> None:
    sign_up(client)
    person = User.objects.get(email="lin@example.org")
    assert (person.name, person.language) == ("Lin", "en")
    assert person.joined_at is not None


@pytest.mark.parametrize(
    ("language", "said"), [("en", "You are signed in as Lin."), ("zh-hant", "Lin，你已經登入了。")]
)
def test_a_new_person_who_is_signed_in_is_not_welcomed_back(
    client: Client, settings: Settings, language: str, said: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    asked = {"name": "Lin", "email": "lin@example.org", "password1": PASSWORD}
    sent = asked | {"language": language}
    headers = {"accept-language": language}
    answer = client.post("/accounts/signup/", sent, headers=headers, follow=True)
    assert said in answer.content.decode()


def test_a_name_is_asked_first_and_must_be_given(client: Client) -> None:
    html = client.get("/accounts/signup/").content.decode()
    assert html.index('id="id_name"') < html.index('id="id_email"') < html.index('id="id_language"')
    sign_up(client, name="")
    assert not User.objects.exists()


def test_a_mistake_is_shown_beside_its_field_and_keeps_the_rest(client: Client) -> None:
    response = client.post(
        "/accounts/signup/",
        {"name": "Lin", "email": "no address", "password1": PASSWORD, "language": "en"},
        headers={"accept-language": "en"},
    )
    html = response.content.decode()
    assert 'id="id_email_error"' in html
    assert 'value="Lin"' in html


def test_choosing_a_language_is_remembered_for_mail(client: Client) -> None:
    person = User.objects.create_user("lin@example.org", PASSWORD, language="en")
    client.force_login(person)
    client.post("/language", {"language": "zh-hant", "next": "/"})
    person.refresh_from_db()
    assert person.language == "zh-hant"


def test_the_account_menu_names_the_person(client: Client) -> None:
    person = User.objects.create_user("lin@example.org", PASSWORD, name="Lin <3")
    client.force_login(person)
    html = client.get("/").content.decode()
    assert "Lin &lt;3" in html
    assert "/accounts/logout/" in html
    assert client.get("/accounts/2fa/").status_code in {200, 302}


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/password/change/"])
def test_account_pages_wear_our_clothes(client: Client, path: str) -> None:
    client.force_login(User.objects.create_user("lin@example.org", PASSWORD))
    assert 'class="brand"' in client.get(path).content.decode()
