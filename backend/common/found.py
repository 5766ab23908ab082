"""One row among those that somebody may see."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from backend.common.refusals import NotFound

M = TypeVar("M", bound=Model)


def found(rows: QuerySet[M], pk: UUID) -> M:
    """The row, or NotFound: what somebody may not see does not exist for them."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row
