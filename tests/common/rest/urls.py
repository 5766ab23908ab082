"""A tiny API that shows how the shared REST parts behave."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound, Stale
from backend.common.rest import (
    IdempotentPost,
    InputSerializer,
    Public,
    SignedIn,
    actor,
    etag,
    paged,
    require_match,
)
from backend.common.rest.limits import RoleThrottle, take
from tests.builders.accounts import make_user

handler400 = "backend.common.rest.problems.bad_request"
handler404 = "backend.common.rest.problems.page_not_found"
handler500 = "backend.common.rest.problems.server_error"

RAISED: dict[str, Callable[[], Exception]] = {
    "invalid": lambda: Invalid.field("mass_g", "too_heavy", "Too heavy."),
    "not_allowed": NotAllowed,
    "not_found": NotFound,
    "illegal_transition": lambda: IllegalTransition("open", "draft"),
    "stale": Stale,
    "http404": Http404,
    "denied": PermissionDenied,
    "malformed": lambda: exceptions.ParseError("bad"),
    "model_validation": lambda: DjangoValidationError("not a uuid"),
    "too_big": lambda: RequestDataTooBig("body"),
    "throttled": lambda: exceptions.Throttled(wait=7),
    "no_database": lambda: OperationalError("server closed the connection at /var/run/pg"),
    "no_connection": lambda: InterfaceError("connection already closed"),
    "bug": lambda: KeyError("SELECT secret FROM accounts_user"),
}


class Raises(APIView):
    permission_classes = [Public]

    def get(self, request: Request, what: str) -> Response:
        raise RAISED[what]()


class CrateLine(InputSerializer):
    mass_g = serializers.IntegerField(min_value=1)


class CrateInput(InputSerializer):
    label = serializers.CharField(max_length=10)
    lines = CrateLine(many=True, required=False)


class CrateOutput(serializers.Serializer[Any]):
    email = serializers.EmailField()
    made = serializers.IntegerField()


class Crates(IdempotentPost, APIView):
    """Each POST makes one row: a person named by the label."""

    permission_classes = [SignedIn]
    made: list[str] = []
    pause = threading.Event()
    pause.set()

    @extend_schema(request=CrateInput, responses={201: CrateOutput})
    def post(self, request: Request) -> Response:
        wanted = CrateInput.parse(request.data)
        user = make_user(email=f"{wanted.label}-{len(self.made)}@example.org")
        self.made.append(wanted.label)
        self.pause.wait(5)
        if wanted.label == "refused":
            raise IllegalTransition("open", "draft")
        if wanted.label == "returned":
            return Response({"code": "no"}, status=409)
        body = {"email": user.email, "made": len(self.made)}
        return Response(body, status=201, headers={"Location": f"/crates/{user.pk}"})


class People(APIView):
    permission_classes = [Public]

    def get(self, request: Request) -> Response:
        pages, rows = paged(request, User.objects.all(), self)
        return pages.get_paginated_response([user.email for user in rows])


class Whoami(APIView):
    throttle_classes = [RoleThrottle]

    def get(self, request: Request) -> Response:
        by = actor(request)
        scopes = None if by.scopes is None else sorted(by.scopes)
        return Response([by.kind, by.pseudonym, scopes, by.organization_id, by.is_staff])


class Versions(APIView):
    permission_classes = [Public]

    def patch(self, request: Request) -> Response:
        class Row:
            version = 3

        matched = require_match(request, Row())  # type: ignore[arg-type]
        return Response({"matched": matched}, headers={"ETag": etag(Row())})  # type: ignore[arg-type]


class Echo(APIView):
    permission_classes = [Public]

    def post(self, request: Request) -> Response:
        take("echo", "everybody", limit=20, per_s=60)
        return Response(request.data)


def page(request: HttpRequest) -> HttpResponse:
    raise OperationalError("gone")


urlpatterns = [
    path("api/v1/raises/<what>", Raises.as_view()),
    path("api/v1/crates", Crates.as_view()),
    path("api/v1/people", People.as_view()),
    path("api/v1/whoami", Whoami.as_view()),
    path("api/v1/versions", Versions.as_view()),
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/page", page),
]
