"""Listings, lots and claims as the components show them: tickets, lines of stations, codes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.claims.models import Claim, ClaimStatus
from backend.custody.models import HandOver, HandOverKind, HandOverStatus, LineOutcome
from backend.listings.domain.lifecycle import ClosedReason, ListingStatus
from backend.listings.models import Listing, Lot
from backend.regions.packs import pack
from backend.web import regional
from backend.web.components import (
    SHOW_CODE,
    Chip,
    Code,
    Line,
    Text,
    Ticket,
    TimeBar,
    donation_line,
)

#: What `claim_line` reads; pages prefetch it, so that lists cost the same however long they are.
HAND_OVERS = "hand_overs__lines"
Fact = tuple[datetime, int]

CLAIM_CHIPS = {
    ClaimStatus.RESERVED: Chip(_("Promised"), "good", "handshake"),
    ClaimStatus.SCHEDULED: Chip(_("Transport planned"), "good", "calendar"),
    ClaimStatus.COLLECTED: Chip(_("On the way"), "good", "truck"),
    ClaimStatus.SETTLED: Chip(_("Handed over"), "good", "check"),
    ClaimStatus.CANCELLED: Chip(_("Cancelled"), "bad", "x"),
    ClaimStatus.LAPSED: Chip(_("Not fetched in time"), "bad", "clock"),
    ClaimStatus.FAILED: Chip(_("Did not arrive"), "bad", "triangle-alert"),
}
ENDED_WORDS: dict[str, Text] = {
    ClaimStatus.CANCELLED: _("Cancelled"),
    ClaimStatus.LAPSED: _("Not fetched"),
    ClaimStatus.FAILED: _("Did not arrive"),
}
CLOSED_CHIPS = {
    ClosedReason.COMPLETED: Chip(_("All gone"), "good", "check"),
    ClosedReason.EXPIRED: Chip(_("Time was up"), "plain", "clock"),
    ClosedReason.WITHDRAWN: Chip(_("Withdrawn"), "bad", "undo-2"),
}
TRANSPORT_WORDS: dict[str, Text] = {
    "self_collect": _("The charity fetches it"),
    "courier": _("A driver brings it"),
    "donor_delivers": _("The donor brings it"),
    "carrier": _("A carrier brings it"),
}


def listing_chip(listing: Listing) -> Chip:
    """Where a listing stands, in a word."""
    if listing.status == ListingStatus.DRAFT:
        return Chip(_("Draft"), "plain", "pencil")
    if listing.status == ListingStatus.OPEN:
        return Chip(_("On the board"), "good", "radio")
    return CLOSED_CHIPS[ClosedReason(listing.closed_reason)]


def lot_title(lot: Lot) -> str:
    return lot.description or regional.category(lot.category)


def lot_ticket(
    lot: Lot,
    *,
    mass_g: int,
    now: datetime,
    listing: Listing | None = None,
    url: str = "",
    chips: Sequence[Chip] = (),
    place: Text = "",
    distance_m: float | None = None,
) -> Ticket:
    """One lot; the bar runs while its listing can be fetched from."""
    return Ticket(
        mass_g=mass_g,
        title=lot_title(lot),
        storage=lot.storage_class,
        url=url,
        quantity=lot_quantity(lot, mass_g),
        comparison=regional.meals(mass_g),
        time=pickup_bar(listing, now) if listing else None,
        place=place,
        distance_m=distance_m,
        chips=chips,
        print_lines=lot_print(lot, now),
    )


def listing_ticket(
    listing: Listing,
    *,
    lots: Sequence[Lot],
    mass_g: int,
    now: datetime,
    url: str = "",
    chips: Sequence[Chip] = (),
    place: Text = "",
    distance_m: float | None = None,
) -> Ticket:
    """A listing as one ticket: all of its mass, kept as its first lot is."""
    first = lots[0] if lots else None
    more = len(lots) - 1
    return Ticket(
        mass_g=mass_g,
        title=listing.title,
        storage=first.storage_class if first else "ambient",
        url=url,
        quantity=lot_quantity(first, mass_g) if first and not more else "",
        comparison=regional.meals(mass_g),
        time=pickup_bar(listing, now) if listing.status == ListingStatus.OPEN else None,
        place=place,
        distance_m=distance_m,
        chips=chips,
        print_lines=lot_print(first, now) if first and not more else lot_names(lots),
        photo_url=photo_url(listing),
        photo_alt=listing.title if listing.photo else "",
    )


def lot_names(lots: Iterable[Lot]) -> tuple[str, ...]:
    return tuple(lot_title(lot) for lot in lots)


def lot_quantity(lot: Lot, mass_g: int) -> str:
    """So many units of the lot weigh that; empty where that is no whole number of them."""
    units_g = (lot.unit_count or 0) * mass_g
    if not units_g or units_g % lot.declared_g:
        return ""
    return f"{units_g // lot.declared_g} {lot.unit_label}".strip()


def lot_print(lot: Lot, now: datetime) -> tuple[str, ...]:
    """The small print: allergens, dates, packaging, diets."""
    lines = []
    if lot.allergens:
        names = regional.words(lot.allergens, pack().allergens)
        lines.append(gettext("Contains: %(allergens)s") % {"allergens": names})
    if lot.use_by_date:
        lines.append(gettext("Use by %(day)s") % {"day": regional.day(lot.use_by_date, now)})
    if lot.best_before_date:
        when = regional.day(lot.best_before_date, now)
        lines.append(gettext("Best before %(day)s") % {"day": when})
    if lot.packaging:
        lines.append(regional.words([lot.packaging], pack().packagings))
    if lot.diet_flags:
        lines.append(regional.words(lot.diet_flags, pack().diets))
    return tuple(lines)


def pickup_bar(listing: Listing, now: datetime) -> TimeBar:
    """The time in which it can be fetched, as it runs out."""
    begins_at = min(listing.opened_at or listing.created_at, listing.pickup_from_at)
    return TimeBar(begins_at, listing.pickup_until_at, now, _("Fetch by"), pack().zone)


def ends_at(lot: Lot) -> datetime:
    """Until when the lot can be fetched and is safe."""
    return min(lot.safe_until_at, lot.listing.pickup_until_at)


def lot_bar(lot: Lot, now: datetime) -> TimeBar:
    """The time in which it can be fetched and is safe, as it runs out."""
    begins_at = lot.listing.opened_at or lot.listing.created_at
    return TimeBar(begins_at, ends_at(lot), now, _("Until"), pack().zone)


def photo_url(listing: Listing) -> str:
    return f"/api/v1/listings/{listing.pk}/photo" if listing.photo else ""


def claim_line(claim: Claim, *, now: datetime) -> Line:
    """A claim as a line of stations; reads HAND_OVERS and the claim's lines."""
    listing = claim.listing
    promised_g = sum(line.mass_g for line in claim.lines.all())
    return donation_line(
        now=now,
        zone=pack().zone,
        offered=(listing.opened_at or listing.created_at, _declared_g(claim)),
        promised=(claim.reserved_at, promised_g),
        picked_up=_passed(claim, (HandOverKind.COLLECTED,)) or _arrived(claim),
        handed_over=_arrived(claim),
        ended=ENDED_WORDS.get(claim.status, ""),
    )


def listing_line(listing: Listing, *, now: datetime) -> Line:
    """An open listing of which nobody was promised anything yet, as a line of stations."""
    mass_g = sum(lot.declared_g + lot.adjusted_g for lot in listing.lots.all())
    ended = listing_chip(listing).word if listing.status == ListingStatus.CLOSED else ""
    since_at = listing.opened_at or listing.created_at
    return donation_line(now=now, zone=pack().zone, offered=(since_at, mass_g), ended=ended)


def claimed_g(claim: Claim) -> int:
    """Grams that the claim is about now: promised, or what a scale said instead."""
    return sum(line.mass_g + line.adjusted_g - line.released_g for line in claim.lines.all())


def arrived_g(claim: Claim) -> int:
    return sum(line.delivered_g + line.in_stock_g for line in claim.lines.all())


def pickup_code(claim: Claim) -> Code:
    """What the donor shows to whoever comes."""
    return _code(claim, claim.pickup_code, SHOW_CODE)


def delivery_code(claim: Claim) -> Code:
    """What the charity shows to the driver."""
    return _code(claim, claim.delivery_code, _("Show this to whoever brings it."))


def _code(claim: Claim, figures: str, caption: Text) -> Code:
    path = reverse("web:hand_over", args=[claim.public_id])
    return Code(figures, f"{settings.PUBLIC_URL}{path}?code={figures}", caption)


def _declared_g(claim: Claim) -> int:
    return sum(line.lot.declared_g + line.lot.adjusted_g for line in claim.lines.all())


def _arrived(claim: Claim) -> Fact | None:
    return _passed(claim, (HandOverKind.DELIVERED, HandOverKind.STOCKED))


def _passed(claim: Claim, kinds: Sequence[HandOverKind]) -> Fact | None:
    """When the first hand-over of these kinds was, and the mass of all of them."""
    done: list[HandOver] = [
        each
        for each in claim.hand_overs.all()
        if each.kind in kinds and each.status == HandOverStatus.APPLIED
    ]
    mass_g = sum(
        line.mass_g
        for each in done
        for line in each.lines.all()
        if line.outcome == LineOutcome.ACCEPTED
    )
    return (min(each.at for each in done), mass_g) if mass_g else None
