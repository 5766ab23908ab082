"""Reads an offer for an answer and moves it along its life cycle."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import may, require
from backend.common.refusals import NotFound, Refusal, Stale
from matching.domain.lifecycle import OfferStatus, advance
from matching.models import Offer


class OfferOver(Refusal):
    """The offer was answered, lapsed or withdrawn before."""

    code = "offer_over"
    message = _("This offer is no longer open.")


def offer_to_answer(offer_id: UUID, by: Actor) -> Offer:
    """The offer, for whoever may answer it. Raises NotFound when it is not theirs to see, and
    NotAllowed for those who only watch.
    """
    offers = Offer.objects.select_related("listing", "location__organization")
    offer = offers.filter(pk=offer_id).first()
    if offer is None or not may(by, "matching.see_offer", offer):
        raise NotFound()
    require(by, "matching.answer", offer)
    return offer


def step_offer(
    offer: Offer,
    there: OfferStatus,
    *,
    by: Actor,
    now: datetime,
    if_version: int | None = None,
    in_time: bool = False,
    here: OfferStatus = OfferStatus.OFFERED,
    **changes: Any,
) -> None:
    """Moves an offer on from `here` by compare-and-set; with `in_time` only while it can be
    answered.

    Raises Stale when the caller had read another version, OfferOver when somebody was quicker.
    """
    advance(here, there)
    waiting = Offer.objects.filter(pk=offer.pk, status=here)
    if in_time:
        waiting = waiting.filter(answer_by_at__gt=now)
    if if_version is not None and waiting.exclude(version=if_version).exists():
        raise Stale()
    if there is not OfferStatus.OFFERED:
        changes |= {"answered_at": now, "answered_by_id": by.user_id}
    if not waiting.update(status=there, version=F("version") + 1, **changes):
        raise OfferOver()
    offer.refresh_from_db(fields=["status", "version", *changes])
