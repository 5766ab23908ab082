"""Bulk import of places over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.refusals import FieldError, Invalid
from backend.common.rest.acting import actor
from backend.organizations.actions.import_places import (
    DEFAULT_SOURCE,
    ROW_MESSAGES,
    ImportReport,
    import_places,
)
from backend.organizations.api import inputs, serializers
from backend.organizations.domain.places_file import LARGEST_BYTES

SHOWN_OBJECTIONS = 200


class RowsRefused(Invalid):
    """Some rows of the file are wrong, so none was imported."""

    code: ClassVar[str] = "rows_refused"


class PlaceImports(APIView):
    """A county's list of places.

    Not in one transaction, so no idempotency key is kept: the import itself changes only what
    differs, however often it is sent.
    """

    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": inputs.ImportInput},
        responses={200: serializers.ImportView},
    )
    def post(self, request: Request) -> Response:
        """Imports a CSV file, by coordinators of the counties in it; `dry_run` only reports.

        When a row is wrong, nothing is imported: problem `rows_refused`, whose `errors` go by line
        and column (`5.lat`).
        """
        wanted = inputs.ImportInput.parse(request.data)
        report = import_places(
            content=wanted.file.read(LARGEST_BYTES + 1),
            source=wanted.get("source", DEFAULT_SOURCE),
            counties=wanted.get("county", ()),
            verified=wanted.verified,
            dry_run=wanted.dry_run,
            by=actor(request),
            now=clock.now(),
        )
        if report.is_refused and not report.dry_run:
            raise _refusal(report)
        return Response(serializers.ImportView(report).data)


def _refusal(report: ImportReport) -> RowsRefused:
    fields: dict[str, list[FieldError]] = {}
    for each in report.objections[:SHOWN_OBJECTIONS]:
        errors = fields.setdefault(f"{each.line}.{each.column or 'row'}", [])
        errors.append(FieldError(each.code, ROW_MESSAGES[each.code]))
    return RowsRefused(fields=fields)
