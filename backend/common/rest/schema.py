"""How operations are described in OpenAPI: with every problem that they may answer with."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from backend.common.rest.idempotency import HEADER, IdempotentPost
from backend.common.rest.problems import MEDIA_TYPE

#: Statuses of problems that any operation may answer with, and those of operations that change.
OF_ALL = {
    400: "The input is wrong; `errors` says where.",
    401: "Nobody is signed in.",
    403: "Not allowed.",
    404: "It does not exist, or is not yours to see.",
    406: "Only JSON is offered.",
    429: "Too many requests; see `Retry-After`.",
    500: "Unexpected; quote the `reference`.",
    503: "Not available for a moment; see `Retry-After`.",
}
OF_CHANGES = {
    409: "Refused; `code` says why.",
    412: "Somebody changed it since it was read.",
    413: "The request is too large.",
    415: "Not a media type that is read here.",
    422: "The idempotency key was used for another request.",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


class FieldProblem(serializers.Serializer[Any]):
    """What is wrong with one field."""

    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For people, in their language.")


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people, in their language.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=FieldProblem()),
        required=False,
        help_text="By the field's name; nested ones with dots.",
    )
    reference = serializers.CharField(required=False, help_text="Names this failure in our logs.")


class ApiSchema(AutoSchema):
    """Adds the problems, and the header that makes POST repeatable."""

    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.method == "POST" and isinstance(self.view, IdempotentPost):
            parameters.append(
                OpenApiParameter(
                    HEADER,
                    str,
                    OpenApiParameter.HEADER,
                    description="Carries the request out once, however often it is sent (48 h).",
                )
            )
        return parameters

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problems = OF_ALL if self.method in SAFE else OF_ALL | OF_CHANGES
        for status, description in problems.items():
            if str(status) not in bodies:
                body = self._problem_body(status, direction)
                bodies[str(status)] = body | {"description": description}
        return dict(sorted(bodies.items()))

    def _problem_body(self, status: int, direction: Any) -> dict[str, Any]:
        body: dict[str, Any] = self._get_response_for_code(  # type: ignore[no-untyped-call]
            Problem, str(status), [MEDIA_TYPE], direction
        )
        return body
