"""Who can be tried out is told with their county in the reader's language."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from backend.demo import views
from tests.builders.organizations import make_coordinator, make_member, make_organization


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "county"), [("en", "Taipei City"), ("zh-hant", "臺北市")])
def test_people_are_shown_with_their_county(
    monkeypatch: pytest.MonkeyPatch, language: str, county: str
) -> None:
    shown: dict[str, Any] = {}

    def render(request: object, template: str, context: dict[str, Any]) -> HttpResponse:
        shown.update(context)
        return HttpResponse()

    monkeypatch.setattr(views, "render", render)
    donor = make_member(make_organization(name="龍井區超市 1"))
    coordinator = make_coordinator()
    with translation.override(language):
        views.accounts(RequestFactory().get("/demo"))
    donors, *_others, coordinators = shown["groups"]
    assert donors.people == [(donor, county)]
    assert coordinators.people == [(coordinator, county)]
