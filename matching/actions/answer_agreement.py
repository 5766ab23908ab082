"""The other county answers a proposed agreement, or either side ends it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from backend.common.actor import Actor
from backend.common.permissions import may, require
from backend.common.refusals import IllegalTransition, NotFound
from matching.actions.tell_agreement import tell_agreement
from matching.domain.lifecycle import AgreementStatus, advance_agreement
from matching.models import TransferAgreement

EVENT = {
    AgreementStatus.ACTIVE: "agreement.agreed",
    AgreementStatus.DECLINED: "agreement.declined",
    AgreementStatus.ENDED: "agreement.ended",
}


@transaction.atomic
def answer_agreement(
    *, agreement_id: UUID, to: AgreementStatus, by: Actor, now: datetime
) -> TransferAgreement:
    """Agreeing and declining are the other side's; both may end it. What is on its way goes on.

    Raises NotFound, NotAllowed, IllegalTransition when somebody answered before.
    """
    agreement = TransferAgreement.objects.filter(pk=agreement_id).first()
    if agreement is None or not may(by, "matching.see_agreement", agreement):
        raise NotFound()
    if to is not AgreementStatus.ENDED:
        require(by, "matching.answer_agreement", agreement)
    here = AgreementStatus(agreement.status)
    advance_agreement(here, to)
    waiting = TransferAgreement.objects.filter(pk=agreement_id, status=here)
    stepped = waiting.update(
        status=to, answered_by_id=by.user_id, answered_at=now, version=F("version") + 1
    )
    if not stepped:
        raise IllegalTransition(here, to)
    agreement.refresh_from_db()
    tell_agreement(EVENT[to], agreement=agreement, by=by, now=now)
    return agreement
