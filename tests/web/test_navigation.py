"""The navigation shows what is for this person and where they are."""

import pytest
from django.utils.translation import gettext_lazy as _

from backend.web import navigation
from backend.web.acting import Audience
from backend.web.navigation import NavItem, links


@pytest.fixture(autouse=True)
def _two_audiences(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        Audience.DONOR: (NavItem(_("Home"), "house", "web:home"),),
        Audience.DRIVER: (
            NavItem(_("About"), "info", "web:about"),
            NavItem(_("Nowhere"), "ban", "web:not_served"),
        ),
    }
    monkeypatch.setattr(navigation, "NAVIGATION", table)


def test_each_audience_finds_its_own() -> None:
    assert [link.url for link in links({Audience.DONOR}, "/x")] == ["/"]
    assert links(set(), "/") == ()


def test_what_is_not_served_is_not_offered() -> None:
    assert [link.url for link in links({Audience.DRIVER}, "/")] == ["/about"]


def test_the_closest_entry_is_the_current_one() -> None:
    found = links({Audience.DONOR, Audience.DRIVER}, "/about/more")
    assert [(link.url, link.is_current) for link in found] == [("/", False), ("/about", True)]
