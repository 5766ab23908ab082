"""Proposes that food goes from one county to another."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, Refusal
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack
from matching.actions.tell_agreement import tell_agreement
from matching.models import TransferAgreement


class AlreadyAgreed(Refusal):
    """The two counties have an agreement, or a proposal that waits for an answer."""

    code = "already_agreed"
    message = _("There is such an agreement already. End it before you propose another.")


@transaction.atomic
def propose_agreement(
    *,
    from_county: str,
    to_county: str,
    category_groups: Collection[str],
    quota_g: int,
    until_date: date | None,
    by: Actor,
    now: datetime,
) -> TransferAgreement:
    """It is in force once a coordinator of the other county agrees.

    Raises NotAllowed for somebody who watches over neither, Invalid naming the field,
    AlreadyAgreed.
    """
    _refuse_wrong(from_county, to_county, category_groups, quota_g)
    agreement = TransferAgreement(
        from_county=from_county,
        to_county=to_county,
        category_groups=sorted(set(category_groups)),
        quota_g=quota_g,
        until_date=until_date,
        proposed_by_id=by.user_id,
        proposed_at=now,
    )
    require(by, "matching.see_agreement", agreement)
    agreement.proposed_by_county = _own_side(agreement, by)
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAgreed() from error
    tell_agreement("agreement.proposed", agreement=agreement, by=by, now=now)
    return agreement


def _own_side(agreement: TransferAgreement, by: Actor) -> str:
    """Somebody who watches over both proposes for the county that gives."""
    own = counties_of(by)
    return agreement.from_county if agreement.from_county in own else agreement.to_county


def _refuse_wrong(
    from_county: str, to_county: str, category_groups: Collection[str], quota_g: int
) -> None:
    region = pack()
    for name, code in (("from_county", from_county), ("to_county", to_county)):
        if code not in region.counties:
            raise Invalid.field(name, "unknown_county", _("There is no such county."))
    if from_county == to_county:
        raise Invalid.field("to_county", "same_county", _("Please choose another county."))
    if not set(category_groups) <= set(region.category_groups):
        raise Invalid.field("category_groups", "unknown_group", _("There is no such food group."))
    if quota_g < 1:
        raise Invalid.field("quota_g", "too_small", _("Please say how much a week."))
