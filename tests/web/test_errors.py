"""When something cannot be done, the page says what happened and that nothing was changed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from backend.common.refusals import FieldError, Invalid, NotAllowed, NotFound, Refusal, Stale
from backend.web.forms.refusals import show_refusal
from backend.web.middleware import RefusalPages
from backend.web.views.public.styleguide import SampleForm


def answer(exception: Exception, path: str = "/board") -> HttpResponse | None:
    def never(request: HttpRequest) -> HttpResponse:
        raise AssertionError(request.path)

    request = RequestFactory().get(path, HTTP_REFERER="http://testserver/from")
    request.user = AnonymousUser()
    with translation.override("en"):
        return RefusalPages(never).process_exception(request, exception)


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_pages_for_our_own_faults_need_no_request(name: str) -> None:
    html = render_to_string(name)
    assert 'lang="zh-Hant"' in html
    assert 'lang="en"' in html


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [
        (NotFound(), 404, "There is nothing here"),
        (NotAllowed(), 403, "You may not do this"),
        (Stale(), 412, "Somebody changed this in the meantime."),
    ],
)
def test_a_refusal_becomes_a_page(refusal: Refusal, status: int, said: str) -> None:
    response = answer(refusal)
    assert response is not None
    assert response.status_code == status
    assert said in response.content.decode()


def test_the_way_back_is_offered() -> None:
    response = answer(Stale())
    assert response is not None
    assert 'href="http://testserver/from"' in response.content.decode()
    assert response["X-Refusal"] == "stale"


def test_faults_and_the_api_are_left_to_others() -> None:
    assert answer(RuntimeError("a bug")) is None
    assert answer(Stale(), "/api/v1/lots") is None


def bound() -> SampleForm:
    form = SampleForm({"title": "x"})
    form.is_valid()
    form.errors.clear()
    return form


def test_a_refusal_is_shown_beside_the_field_it_names() -> None:
    form = bound()
    show_refusal(form, Invalid.field("mass", "too_much", "That is too much."))
    assert form.errors["mass"] == ["That is too much."]


def test_what_names_no_field_is_shown_above_the_form() -> None:
    form = bound()
    show_refusal(form, Invalid(fields={"elsewhere": [FieldError("odd", "That is odd.")]}))
    assert form.non_field_errors() == ["That is odd."]
    form = bound()
    show_refusal(form, Stale())
    assert len(form.non_field_errors()) == 1
