"""Refuses a claim that a rule of eligibility forbids, with that rule's code and sentence."""

from django.utils.translation import gettext_lazy as _

from backend.claims.domain.reasons import SENTENCES, Reason
from backend.common.refusals import Refusal


class NotEligible(Refusal):
    """A hard rule about who may receive what; each rule has a kind of its own, by its code."""

    code = "not_eligible"
    message = _("This food cannot go there.")
    reason: Reason


_KINDS: dict[Reason, type[NotEligible]] = {
    reason: type(
        f"NotEligible_{reason.value}",
        (NotEligible,),
        {"code": reason.value, "message": _(sentence), "reason": reason},
    )
    for reason, sentence in SENTENCES.items()
}


def refuse_ineligible(reason: Reason | None) -> None:
    """Raises the refusal of the reason; does nothing without one."""
    if reason is not None:
        raise _KINDS[reason]()
