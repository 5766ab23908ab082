"""Recording that the donor brought the food to the charity's door."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.claims.models import Claim, Transport
from backend.claims.selectors import claims_given
from backend.common import clock
from backend.common.found import found
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission
from backend.web import donations
from backend.web.acting import Audience, actor
from backend.web.form_pages import form_page
from backend.web.forms.brought import BroughtForm
from backend.web.forms.charity import ReceiveLine
from backend.web.guards import for_audience


@require_http_methods(["GET", "POST"])
@for_audience(Audience.DONOR)
def brought(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """What was weighed at the charity's; its code says that both sides were there."""
    rows = claims_given(actor(request)).filter(transport=Transport.DONOR_DELIVERS)
    claim = found(rows, claim_id)
    lines = [
        ReceiveLine(line.pk, donations.lot_title(line.lot), line.lot.storage_class, line.reserved_g)
        for line in claim.lines.all()
        if line.reserved_g
    ]
    if not lines:
        messages.info(request, _("There is nothing to bring any more."))
        return redirect("web:donor_listing", claim.listing_id)
    form = BroughtForm(
        request.POST or None, lines=lines, initial={"code": request.GET.get("code", "")}
    )
    first = lines[0].id
    return form_page(
        request,
        "web/donor/brought.html",
        form,
        act=partial(_record, request, claim, form),
        context={"claim": claim, "rows": form.rows()},
        names={"mass_g": f"mass_{first}", "temperature_dc": f"degrees_{first}"},
    )


def _record(
    request: HttpRequest, claim: Claim, form: BroughtForm, wanted: dict[str, Any]
) -> HttpResponse:
    now = clock.now()
    submission = Submission(
        client_id=wanted["client_id"],
        kind=Kind.DELIVERED,
        claim_id=claim.pk,
        at=now,
        lines=form.submitted(),
        code=wanted["code"],
        signer_name=wanted["signer_name"],
        note=wanted["note"],
    )
    record_hand_over(submission=submission, by=actor(request), now=now)
    messages.success(request, _("Recorded. Thank you."))
    return redirect("web:donor_listing", claim.listing_id)
