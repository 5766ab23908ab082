"""Filters of lists that refuse what they do not know, so that hidden fields cannot be probed."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from backend.common.refusals import FieldError, Invalid
from backend.common.rest.pagination import CursorPages

if TYPE_CHECKING:
    # That module reads the settings that name this one.
    from rest_framework.views import APIView

#: Parameters of lists that are no filters.
OF_PAGES = frozenset({CursorPages.cursor_query_param, CursorPages.page_size_query_param})


class StrictFilters(DjangoFilterBackend):
    """The view's `filterset_class`, and 400 for every other parameter of the query string."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: "APIView"
    ) -> QuerySet[Any]:
        filterset = self.get_filterset_class(view, queryset)
        known = OF_PAGES | set(filterset.base_filters if filterset else ())
        if unknown := set(request.query_params) - known:
            wrong = FieldError("unknown_parameter", _("There is no such filter."))
            raise Invalid(fields={name: [wrong] for name in sorted(unknown)})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
