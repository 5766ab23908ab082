"""Records what happened to an agreement between counties, for both of them."""

from datetime import datetime

from backend.common.actor import Actor
from backend.events import audiences
from backend.events.models import Event
from backend.events.record import record
from matching.models import TransferAgreement


def tell_agreement(type_: str, *, agreement: TransferAgreement, by: Actor, now: datetime) -> Event:
    """Within the caller's transaction, after its rows are written."""
    return record(
        type_,
        subject=agreement,
        by=by,
        now=now,
        audiences=both_counties(agreement),
        payload={
            "from_county": agreement.from_county,
            "to_county": agreement.to_county,
            "category_groups": agreement.category_groups,
            "quota_g": agreement.quota_g,
            "status": str(agreement.status),
        },
    )


def both_counties(agreement: TransferAgreement) -> list[str]:
    """Who hears what becomes of an agreement."""
    return [audiences.county(agreement.from_county), audiences.county(agreement.to_county)]
