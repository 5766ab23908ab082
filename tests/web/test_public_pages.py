"""Anyone can read the public pages, in both languages, under the strict content policy."""

import json
import re

import pytest
from django.test import Client
from django.test.utils import override_settings

from backend.accounts.models import User

PUBLIC = ["/", "/about", "/privacy", "/licences", "/accounts/login/", "/accounts/signup/"]
pytestmark = pytest.mark.django_db


def page(client: Client, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_speak_both_languages(client: Client, path: str) -> None:
    assert '<html lang="en">' in page(client, path)
    chinese = page(client, path, "zh-Hant")
    assert '<html lang="zh-Hant">' in chinese
    assert "惜食接力" in chinese


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_keep_to_the_content_policy(client: Client, path: str) -> None:
    response = client.get(path)
    html = response.content.decode()
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    assert nonce is not None
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<style", html)
    scripts = re.findall(r"<script(?![^>]*application/json)([^>]*)>", html)
    assert scripts
    assert all(f'nonce="{nonce[1]}"' in script and "src=" in script for script in scripts)


def test_a_visitor_hears_only_what_is_public(client: Client) -> None:
    assert 'data-events-url="/ws/events?feed=public"' in page(client, "/")


def test_a_person_hears_their_own_feed(client: Client) -> None:
    client.force_login(User.objects.create_user("lin@example.org"))
    html = page(client, "/")
    assert re.search(r'data-events-url="/ws/events" data-events-after="\d+"', html)


def test_a_part_fetched_again_takes_no_message_away(client: Client) -> None:
    client.force_login(User.objects.create_user("lin@example.org"))
    client.post("/accounts/logout/")
    client.get("/", headers={"x-live": "1"})
    assert 'class="message' in page(client, "/")


def test_the_language_switch_remembers(client: Client) -> None:
    answer = client.post("/language", {"language": "en", "next": "/about"})
    assert answer.status_code == 302
    assert answer["Location"] == "/about"
    assert '<html lang="en">' in client.get("/about").content.decode()


def test_the_language_switch_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/language", {"language": "en", "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.post("/language", {"language": "xx", "next": "/"})
    assert '<html lang="zh-Hant">' in client.get("/").content.decode()


def test_the_gallery_is_for_debugging_and_demonstrations(client: Client) -> None:
    assert client.get("/styleguide").status_code == 404
    with override_settings(DEMO=True):
        assert client.get("/styleguide").status_code == 200


def test_the_manifest_makes_it_installable(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert {"any", "maskable"} <= {icon.get("purpose", "") for icon in manifest["icons"]}


def test_what_is_not_there_is_said_kindly(client: Client) -> None:
    response = client.get("/nothing-here", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "Nothing of yours was changed." in response.content.decode()
    assert 'id="content"' in response.content.decode()


def test_the_licence_page_names_what_ships(client: Client) -> None:
    html = page(client, "/licences")
    for name in ("leaflet", "Django", "OFL-1.1"):
        assert name in html
