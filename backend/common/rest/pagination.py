"""Pages of lists: an opaque cursor, a capped size."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from backend.common.refusals import Invalid

if TYPE_CHECKING:
    # That module reads the settings that name this one.
    from rest_framework.views import APIView

M = TypeVar("M", bound=Model)
DEFAULT_SIZE, LARGEST_SIZE = 25, 100


class CursorPages(CursorPagination):
    """Newest first, unless a view sets `ordering` to another unique, indexed field that is never
    null.

    Cursors are signed, because their content goes into a query. A foreign or spoilt cursor and a
    size out of bounds are refused (400) rather than quietly replaced.
    """

    ordering = "-id"
    page_size = DEFAULT_SIZE
    max_page_size = LARGEST_SIZE
    page_size_query_param = "page_size"
    template = None
    _signer = Signer(salt="cursor")

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdecimal()) or not 1 <= int(asked[:9]) <= LARGEST_SIZE:
            raise Invalid.field(
                self.page_size_query_param, "out_of_range", _("Between 1 and 100, please.")
            )
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        try:
            offset, reverse, position = self._signer.unsign_object(encoded)
        except (BadSignature, ValueError, TypeError) as error:
            raise Invalid.field(
                self.cursor_query_param, "bad_cursor", _("This page link is not valid any more.")
            ) from error
        return Cursor(offset, reverse, position)

    def encode_cursor(self, cursor: Cursor) -> str:
        signed = self._signer.sign_object([cursor.offset, cursor.reverse, cursor.position])
        assert self.base_url is not None, "set with the page"  # noqa: S101 - narrows the type
        return replace_query_param(self.base_url, self.cursor_query_param, signed)

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": LARGEST_SIZE}
        return parameters


class Page(serializers.Serializer[Any]):
    """A page of a list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


def paged(request: Request, rows: "QuerySet[M]", view: "APIView") -> tuple[CursorPages, list[M]]:
    """One page of `rows` for a plain view; answer with `pages.get_paginated_response(data)`."""
    pages = CursorPages()
    return pages, list(pages.paginate_queryset(rows, request, view) or [])
