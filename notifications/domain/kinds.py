"""What people are told: the kinds of message, an English sentence for each, and where to look.

Codes and sentences only; callers pass the sentences through gettext in the reader's language.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backend.common.translatable import gettext_noop


class Kind(StrEnum):
    """What a message is about; the code is part of the API."""

    OFFER_MADE = "offer_made"
    OFFER_LAPSING = "offer_lapsing"
    CLAIM_MADE = "claim_made"
    CLAIM_CANCELLED = "claim_cancelled"
    CLAIM_CUT = "claim_cut"
    ROUTE_OFFERED = "route_offered"
    COLLECTED = "collected"
    DELIVERED = "delivered"
    LISTING_UNCOVERED = "listing_uncovered"
    ORGANIZATION_VERIFIED = "organization_verified"
    ORGANIZATION_REJECTED = "organization_rejected"
    ORGANIZATION_SUSPENDED = "organization_suspended"
    COURIER_APPROVED = "courier_approved"


@dataclass(frozen=True, slots=True)
class Message:
    """One kind's sentence, its icon (a Lucide name) and the page that it leads to.

    The sentence's places are `mass`, `title`, `place`, `time` and `starts`, made from its facts.
    The page is a URL name and the fact that fills its address, if it needs one.
    """

    sentence: str
    icon: str
    page: str
    page_fact: str = ""


MESSAGES: Final[dict[Kind, Message]] = {
    Kind.OFFER_MADE: Message(
        gettext_noop("%(mass)s for you: %(title)s. Please answer by %(time)s."),
        "hand-helping",
        "web:charity_offer",
        "offer_id",
    ),
    Kind.OFFER_LAPSING: Message(
        gettext_noop("Still free until %(time)s: %(mass)s, %(title)s. Then others are asked."),
        "hourglass",
        "web:charity_offer",
        "offer_id",
    ),
    Kind.CLAIM_MADE: Message(
        gettext_noop("%(place)s takes %(mass)s of %(title)s."),
        "handshake",
        "web:donor_listing",
        "listing_id",
    ),
    Kind.CLAIM_CANCELLED: Message(
        gettext_noop("Cancelled: %(mass)s of %(title)s for %(place)s."),
        "circle-x",
        "",
    ),
    Kind.CLAIM_CUT: Message(
        gettext_noop("%(mass)s less of %(title)s: somebody else holds it already."),
        "minus",
        "web:charity_claim",
        "claim_id",
    ),
    Kind.ROUTE_OFFERED: Message(
        gettext_noop("A route for you at %(starts)s. Please answer by %(time)s."),
        "route",
        "web:driver_offer",
        "offer_id",
    ),
    Kind.COLLECTED: Message(gettext_noop("Picked up: %(mass)s of %(title)s."), "truck", ""),
    Kind.DELIVERED: Message(
        gettext_noop("%(mass)s of %(title)s arrived at %(place)s."),
        "package-check",
        "web:donor_listing",
        "listing_id",
    ),
    Kind.LISTING_UNCOVERED: Message(
        gettext_noop(
            "Nobody has taken %(mass)s of %(title)s yet, and it ends at %(time)s. There is"
            " still time to find another way."
        ),
        "triangle-alert",
        "web:donor_listing",
        "listing_id",
    ),
    Kind.ORGANIZATION_VERIFIED: Message(
        gettext_noop("%(place)s is verified. You can begin."), "shield-check", "web:home"
    ),
    Kind.ORGANIZATION_REJECTED: Message(
        gettext_noop("%(place)s could not be verified. Please look at what is missing."),
        "circle-alert",
        "web:home",
    ),
    Kind.ORGANIZATION_SUSPENDED: Message(
        gettext_noop("%(place)s is suspended for now. Nothing new can be given or received."),
        "circle-alert",
        "web:home",
    ),
    Kind.COURIER_APPROVED: Message(
        gettext_noop("You can drive now. Plan your first shift."), "car", "web:driver_shifts"
    ),
}
