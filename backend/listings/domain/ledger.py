"""The buckets a gram can be in, and which moves between them exist."""

from enum import StrEnum


class Bucket(StrEnum):
    """Where mass is; SOURCE is the world outside, so that every movement has two sides."""

    SOURCE = "source"
    AVAILABLE = "available"
    HELD = "held"
    RESERVED = "reserved"
    ON_BOARD = "on_board"
    IN_STOCK = "in_stock"
    DELIVERED = "delivered"
    RETURNED = "returned"
    DISPOSED = "disposed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


#: The buckets that a lot caches as columns `<bucket>_g`, all but the outside.
CACHED = tuple(bucket for bucket in Bucket if bucket is not Bucket.SOURCE)

#: Mass here is still with the donor, promised or not.
WITH_DONOR = (Bucket.AVAILABLE, Bucket.HELD, Bucket.RESERVED)

#: Mass here stays here unless a correction reverses it.
FINAL = (
    Bucket.DELIVERED,
    Bucket.RETURNED,
    Bucket.DISPOSED,
    Bucket.EXPIRED,
    Bucket.WITHDRAWN,
    Bucket.LOST,
)
