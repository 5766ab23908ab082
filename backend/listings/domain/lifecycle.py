"""The life of a listing: draft, open, closed."""

from collections.abc import Mapping, Set
from enum import StrEnum


class ListingStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ClosedReason(StrEnum):
    COMPLETED = "completed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


NEXT: Mapping[ListingStatus, Set[ListingStatus]] = {
    ListingStatus.DRAFT: {ListingStatus.OPEN, ListingStatus.CLOSED},
    ListingStatus.OPEN: {ListingStatus.CLOSED},
    ListingStatus.CLOSED: set(),
}
