"""Every error of the REST interface in one shape: problem details (RFC 9457) with a stable code."""

import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from backend.common import correlation
from backend.common.refusals import Invalid, NotAllowed, NotFound, Refusal, Text

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
WHOLE_INPUT = "non_field_errors"
API_PREFIX = "/api/"

Errors = dict[str, list[dict[str, str]]]

#: Code and message for what the framework refuses. Our own words: its are only partly translated.
REFUSED: Mapping[type[exceptions.APIException], tuple[str, Text]] = {
    exceptions.NotAuthenticated: ("not_authenticated", _("Please sign in first.")),
    exceptions.AuthenticationFailed: ("authentication_failed", _("This key is not valid.")),
    exceptions.PermissionDenied: ("not_allowed", NotAllowed.message),
    exceptions.NotFound: ("not_found", NotFound.message),
    exceptions.MethodNotAllowed: ("method_not_allowed", _("This cannot be done here.")),
    exceptions.NotAcceptable: ("not_acceptable", _("Only JSON is offered here.")),
    exceptions.UnsupportedMediaType: (
        "unsupported_media_type",
        _("This kind of content is not read here."),
    ),
    exceptions.Throttled: ("too_many_requests", _("Too many requests. Please wait a moment.")),
    exceptions.ParseError: ("malformed", _("The request is malformed.")),
}


def problem(
    status: int, code: str, detail: Text, *, errors: Errors | None = None, reference: str = ""
) -> dict[str, Any]:
    """The body of a problem: `code` is for programs and stable, `detail` for people."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail),
    }
    if errors:
        body["errors"] = errors
    if reference:
        body["reference"] = reference
    return body


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """The response to whatever a REST view raised. What nobody expected says only its reference."""
    set_rollback()
    if isinstance(error, Refusal):
        return _respond_to_refusal(error)
    expected = _as_api_exception(error)
    if expected is not None:
        return _respond_to_api_exception(expected)
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database_unavailable", exc_info=error)
        return _respond(_unavailable(), {"Retry-After": str(RETRY_AFTER_S)})
    request = context.get("request")
    got_request_exception.send(sender=type(context.get("view")), request=request)
    return _respond(_unexpected(error))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: malformed below the views, such as a host that is not ours."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    return _answer(problem(400, "malformed", _("The request is malformed.")))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return _answer(problem(403, NotAllowed.code, NotAllowed.message))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return _answer(problem(404, "not_found", _("There is nothing at this address.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: what failed outside the REST views, such as a middleware."""
    if not _is_api(request):
        return defaults.server_error(request)
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _answer(_unavailable(), {"Retry-After": str(RETRY_AFTER_S)})
    return _answer(_unexpected(error))


def _respond_to_refusal(refusal: Refusal) -> Response:
    errors = {
        name: [{"code": one.code, "message": str(one.message)} for one in found]
        for name, found in refusal.fields.items()
    }
    wait_s = refusal.facts.get("retry_after_s")
    headers = {"Retry-After": str(wait_s)} if wait_s is not None else {}
    body = problem(refusal.status, refusal.code, refusal.detail, errors=errors)
    return _respond(body, headers)


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, DjangoValidationError):
        return exceptions.ValidationError(error.messages)
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    return None


class TooLarge(exceptions.APIException):
    """The body is larger than any command needs."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("The request is too large.")


def _respond_to_api_exception(error: exceptions.APIException) -> Response:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    if isinstance(error, exceptions.ValidationError):
        errors = flatten(error.detail)
        body = problem(error.status_code, Invalid.code, Invalid.message, errors=errors)
        return _respond(body, headers)
    known = (REFUSED[one] for one in type(error).__mro__ if one in REFUSED)
    code, detail = next(known, (error.default_code, str(error.detail)))
    return _respond(problem(error.status_code, str(code), detail), headers)


def flatten(detail: Any, path: str = "") -> Errors:
    """The framework's nested errors by dotted path: `lots.0.mass_g`."""
    if isinstance(detail, Mapping):
        children = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        plain = [one for one in detail if isinstance(one, str)]
        if plain:
            return {path or WHOLE_INPUT: [_field_error(one) for one in plain]}
        children = [(str(index), value) for index, value in enumerate(detail)]
    else:
        return {path or WHOLE_INPUT: [_field_error(detail)]}
    flat: Errors = {}
    for name, value in children:
        own = WHOLE_INPUT if name == WHOLE_INPUT and not path else name
        flat |= flatten(value, f"{path}.{own}" if path else own)
    return flat


def _field_error(error: Any) -> dict[str, str]:
    return {"code": str(getattr(error, "code", "invalid")), "message": str(error)}


def _unavailable() -> dict[str, Any]:
    return problem(
        503, "unavailable", _("We cannot be reached for a moment. Please try again shortly.")
    )


def _unexpected(error: BaseException | None) -> dict[str, Any]:
    reference = str(correlation.current())
    log.error("unexpected_error", reference=reference, exc_info=error)
    detail = _("Something went wrong on our side. If it happens again, tell us the reference.")
    return problem(500, "internal", detail, reference=reference)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def _respond(body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _answer(body: dict[str, Any], headers: Mapping[str, str] | None = None) -> HttpResponse:
    return JsonResponse(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)
