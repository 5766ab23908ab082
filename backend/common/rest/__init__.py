"""What every REST endpoint shares: problem details, pagination, idempotency, input, limits."""

from backend.common.rest.acting import actor, actor_or_none
from backend.common.rest.idempotency import IdempotentPost
from backend.common.rest.pagination import CursorPages, paged
from backend.common.rest.permissions import Public, ReadByAll, SignedIn
from backend.common.rest.preconditions import etag, require_match
from backend.common.rest.serializers import InputSerializer, PageQuery

__all__ = [
    "CursorPages",
    "IdempotentPost",
    "InputSerializer",
    "PageQuery",
    "Public",
    "ReadByAll",
    "SignedIn",
    "actor",
    "actor_or_none",
    "etag",
    "paged",
    "require_match",
]
