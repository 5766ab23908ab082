"""Brings a quota to what of its transfers still stands."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backend.common.actor import Actor
from backend.events.record import record
from matching.actions.take_quota import give_quota_back
from matching.actions.tell_agreement import both_counties
from matching.models import Offer, Transfer
from matching.selectors.transfers import counted_now_g


@transaction.atomic
def settle_transfer(*, offer_id: UUID, by: Actor, now: datetime) -> Transfer | None:
    """Gives back what was not taken, or was given back. None when nothing changed: a repetition
    does nothing.
    """
    transfers = Transfer.objects.select_for_update(of=("self",)).select_related("agreement")
    transfer = transfers.filter(offer=offer_id).first()
    if transfer is None:
        return None
    counted_g = counted_now_g(Offer.objects.get(pk=offer_id))
    less_g = transfer.counted_g - counted_g
    if less_g <= 0:
        return None
    Transfer.objects.filter(pk=transfer.pk).update(counted_g=counted_g)
    give_quota_back(agreement_id=transfer.agreement_id, week=transfer.week, mass_g=less_g)
    transfer.refresh_from_db(fields=["counted_g"])
    record(
        "transfer.reduced",
        subject=transfer,
        by=by,
        now=now,
        audiences=both_counties(transfer.agreement),
        payload={"counted_g": counted_g, "less_g": less_g},
    )
    return transfer
