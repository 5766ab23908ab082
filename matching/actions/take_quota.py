"""Promises part of a week's quota of an agreement, or gives it back."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.common.refusals import Refusal
from matching.models import TransferAgreement, TransferUse


class QuotaUsed(Refusal):
    """The counties agreed on less for this week."""

    code = "quota_used"
    message = _("That is more than the counties agreed on for this week.")


@transaction.atomic
def take_quota(*, agreement_id: UUID, week: date, mass_g: int) -> None:
    """A conditional UPDATE; the week's row is made when it is missing. Raises QuotaUsed."""
    fresh = TransferUse(agreement_id=agreement_id, week=week)
    TransferUse.objects.bulk_create([fresh], ignore_conflicts=True)
    quota_g = TransferAgreement.objects.values_list("quota_g", flat=True).get(pk=agreement_id)
    uses = TransferUse.objects.filter(agreement=agreement_id, week=week)
    if not uses.filter(used_g__lte=quota_g - mass_g).update(used_g=F("used_g") + mass_g):
        raise QuotaUsed()


def give_quota_back(*, agreement_id: UUID, week: date, mass_g: int) -> None:
    """The inverse, within the caller's transaction."""
    uses = TransferUse.objects.filter(agreement=agreement_id, week=week)
    uses.update(used_g=F("used_g") - mass_g)
