"""Accepts an offer for a recipient that consented beforehand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from backend.claims.models import Claim, ClaimLine, ClaimSource
from backend.common.actor import Actor
from backend.common.refusals import Refusal
from backend.geo.domain.points import distance_m
from backend.needs.models import StandingConsent
from backend.needs.selectors import consents_in_force
from backend.regions.packs import pack
from matching.actions.accept_offer import accept_offer
from matching.models import Offer


class NotConsented(Refusal):
    """No standing consent covers the offer: a person is asked."""

    code = "not_consented"
    message = _("No standing consent covers this.")


@transaction.atomic
def accept_by_consent(*, offer_id: UUID, by: Actor, now: datetime) -> Claim:
    """Takes all that is offered if the consent of the day of receipt covers it, with what it took
    for that day before.

    The consent is locked: it cannot be withdrawn meanwhile, and another round waits and counts
    what this one took. Raises NotConsented, and what `accept_offer` refuses.
    """
    offer = Offer.objects.select_related("listing", "location").get(pk=offer_id)
    consents = consents_in_force(on=offer.receive_date).filter(programme=offer.programme_id)
    consent = consents.select_for_update(of=("self",)).first()
    if consent is None or not _covers(consent, offer):
        raise NotConsented()
    return accept_offer(offer_id=offer_id, by=by, now=now, source=ClaimSource.CONSENT)


def _covers(consent: StandingConsent, offer: Offer) -> bool:
    return (
        _covers_food(consent, offer)
        and _near_enough(consent, offer)
        and _taken_g(offer) + _offered_g(offer) <= consent.max_g_per_day
    )


def _covers_food(consent: StandingConsent, offer: Offer) -> bool:
    if not consent.category_groups:
        return True
    categories = pack().categories
    lots = offer.proposals.values_list("lot__category", flat=True)
    return {categories[category].group for category in lots} <= set(consent.category_groups)


def _near_enough(consent: StandingConsent, offer: Offer) -> bool:
    if consent.max_distance_m is None:
        return True
    return distance_m(offer.listing.point, offer.location.point) <= consent.max_distance_m


def _offered_g(offer: Offer) -> int:
    return int(offer.proposals.aggregate(total=Sum("held_g", default=0))["total"])


def _taken_g(offer: Offer) -> int:
    """Grams that consent took for the programme on the day on which this would be received."""
    lines = ClaimLine.objects.filter(
        claim__programme=offer.programme_id,
        claim__source=ClaimSource.CONSENT,
        claim__receive_date=offer.receive_date,
    )
    return int(lines.aggregate(total=Sum(F("mass_g") - F("released_g"), default=0))["total"])
