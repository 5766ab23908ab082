"""Entity tags of rows that people race for, and the condition that one is still as it was read."""

from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.request import Request

from backend.common.models import Versioned
from backend.common.refusals import Stale


def etag(row: Versioned) -> str:
    """The strong entity tag of a row, for the header `ETag`."""
    return f'"{row.version}"'


def require_match(request: Request | HttpRequest, row: Versioned) -> int | None:
    """The version that the client wants to change, or None when it sent no `If-Match`.

    Raises Stale (412) when the row has another version by now. Between this and the change somebody
    may still be faster: actions on contended rows compare the version again, under their lock.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    tags = parse_etags(header)
    if "*" not in tags and etag(row) not in tags:
        raise Stale
    return row.version
