"""What an API key may be narrowed to."""

from enum import StrEnum


class Scope(StrEnum):
    """The area that a key may change things in: the first part of a permission's name.

    Keys and people themselves ("accounts") are not among them, so that no key makes another key.
    """

    ORGANIZATIONS = "organizations"
    COURIERS = "couriers"
    LISTINGS = "listings"
    NEEDS = "needs"
    CLAIMS = "claims"
    CUSTODY = "custody"
    MATCHING = "matching"
    LOGISTICS = "logistics"
    NOTIFICATIONS = "notifications"
