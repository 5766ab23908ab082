"""Who is told of what happened."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Sum

from backend.claims.models import Claim, ClaimSource
from backend.common import clock
from backend.couriers.models import Courier
from backend.custody.models import HandOver
from backend.events.handlers import on
from backend.events.models import Event
from backend.listings.models import Listing
from backend.organizations.models import Organization
from logistics.models import Route, RouteOfferStatus
from matching.models import Offer
from notifications.actions.tell_people import tell_people
from notifications.domain.kinds import Kind
from notifications.selectors import members_of, offer_facts


@on("offer.offered")
def tell_recipient_of_offer(event: Event) -> None:
    """The recipient's people, before the offer's time is over."""
    offer = Offer.objects.select_related("listing", "location").get(pk=event.subject_id)
    facts = offer_facts(offer)
    _tell(Kind.OFFER_MADE, event, members_of(offer.location.organization_id), facts)


@on("claim.reserved")
def tell_donor_of_claim(event: Event) -> None:
    """The donor's people; and the recipient's, when their standing consent accepted for them."""
    claim = _claim(event.subject_id)
    told = members_of(claim.listing.organization_id)
    if claim.source == ClaimSource.CONSENT:
        told |= members_of(claim.organization_id)
    _tell(Kind.CLAIM_MADE, event, told, _claim_facts(claim))


@on("claim.cancelled", "claim.lapsed")
def tell_of_cancelled_claim(event: Event) -> None:
    """Both sides, but not whoever cancelled it."""
    claim = _claim(event.subject_id)
    told = members_of(claim.listing.organization_id, claim.organization_id)
    _tell(Kind.CLAIM_CANCELLED, event, told, _claim_facts(claim))


@on("claim.cut")
def tell_recipient_of_cut(event: Event) -> None:
    """The recipient gets less because somebody holds the food already."""
    claim = _claim(event.subject_id)
    facts = _claim_facts(claim) | {"mass_g": int(event.payload["cut_g"])}
    _tell(Kind.CLAIM_CUT, event, members_of(claim.organization_id), facts)


@on("route.offered")
def tell_courier_of_route(event: Event) -> None:
    """Every courier who is asked; an answer that came meanwhile leaves nothing to tell."""
    route = Route.objects.get(pk=event.subject_id)
    asked = route.offers.filter(status=RouteOfferStatus.OFFERED).select_related("courier")
    for offer in asked:
        facts = {
            "offer_id": str(offer.pk),
            "starts_at": route.starts_at.isoformat(),
            "time_at": offer.answer_by_at.isoformat(),
        }
        _tell(Kind.ROUTE_OFFERED, event, {offer.courier.user_id}, facts)


@on("custody.collected")
def tell_of_collection(event: Event) -> None:
    """The donor knows that it is off their hands, the recipient that it is coming."""
    claim = _claim_of(event)
    if claim is not None:
        told = members_of(claim.listing.organization_id, claim.organization_id)
        _tell(Kind.COLLECTED, event, told, _moved_facts(claim, event))


@on("custody.delivered")
def tell_donor_of_delivery(event: Event) -> None:
    """The donor hears where the food arrived."""
    claim = _claim_of(event)
    if claim is not None and int(event.payload["accepted_g"]):
        told = members_of(claim.listing.organization_id)
        _tell(Kind.DELIVERED, event, told, _moved_facts(claim, event))


@on("organization.verified", "organization.rejected", "organization.suspended")
def tell_of_decision(event: Event) -> None:
    """The organization's people hear how a coordinator decided about it."""
    organization = Organization.objects.get(pk=event.subject_id)
    kind = Kind(event.type.replace(".", "_"))
    _tell(kind, event, members_of(organization.pk), {"place": organization.name})


@on("courier.approved")
def tell_courier_of_approval(event: Event) -> None:
    courier = Courier.objects.get(pk=event.subject_id)
    _tell(Kind.COURIER_APPROVED, event, {courier.user_id}, {})


def _tell(kind: Kind, event: Event, told: Iterable[UUID], facts: Mapping[str, Any]) -> None:
    """Everybody but the one who did it."""
    others = {one for one in told if str(one) != event.actor_id}
    tell_people(
        user_ids=others,
        kind=kind,
        cause_id=event.pk,
        facts=facts,
        now=clock.now(),
    )


def _claim(claim_id: UUID) -> Claim:
    return Claim.objects.select_related("listing", "organization", "location").get(pk=claim_id)


def _claim_of(event: Event) -> Claim | None:
    hand_over = HandOver.objects.get(pk=event.subject_id)
    return _claim(hand_over.claim_id) if hand_over.claim_id else None


def _claim_facts(claim: Claim) -> dict[str, Any]:
    listing: Listing = claim.listing
    return {
        "claim_id": str(claim.pk),
        "listing_id": str(listing.pk),
        "title": listing.title,
        "place": claim.location.name,
        "mass_g": claim.lines.aggregate(total=Sum("mass_g", default=0))["total"],
    }


def _moved_facts(claim: Claim, event: Event) -> dict[str, Any]:
    return _claim_facts(claim) | {"mass_g": int(event.payload["accepted_g"])}
