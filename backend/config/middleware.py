"""What every response carries and every request is held to: headers, a log line, limits."""

import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

Respond = Callable[[HttpRequest], HttpResponse]

#: What our own pages may ask the device for: its position, and the camera for hand-over codes.
PERMISSIONS_POLICY = (
    "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), accelerometer=(), "
    "gyroscope=(), magnetometer=(), browsing-topics=()"
)
#: How often a session in use is written, so that most requests only read it.
TOUCH_EVERY_S = 60


class SecurityHeaders:
    """Adds the headers that Django has no setting for, to every response, errors included."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise with whole answers: an asynchronous server would read its streams into memory too,
    and warn about it every time."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        with closing(found.file or BytesIO()) as file:
            content = file.read()
        return HttpResponse(content, status=int(found.status), headers=dict(found.headers))


class RequestLog(RequestMiddleware):
    """One log line per request, by route: paths and query strings can hold keys and names.

    The request's id goes back in X-Request-ID, so that a person can quote it.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        return f"{request.method} {match.route if match else '(no route)'}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers["X-Request-ID"] = structlog.contextvars.get_contextvars().get(
            "request_id", ""
        )
        super().handle_response(request, response)


class SessionLimits:
    """Ends a signed-in session at its absolute limit, or when it was idle for too long.

    Both count real seconds, also while a demonstration's time runs fast.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.user.is_authenticated:
            self._hold_to_limits(request)
        return self.get_response(request)

    @staticmethod
    def _hold_to_limits(request: HttpRequest) -> None:
        now_s = int(time.time())  # noqa: TID251 - real time by intention
        began_s = request.session.setdefault("began_s", now_s)
        idle_s = now_s - request.session.setdefault("seen_s", now_s)
        if now_s - began_s > settings.SESSION_ABSOLUTE_S or idle_s > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif idle_s > TOUCH_EVERY_S:
            request.session["seen_s"] = now_s
