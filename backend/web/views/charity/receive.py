"""Recording what arrived: at the donor's for those who fetch, at one's own door for others."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.claims.domain.lifecycle import BEFORE_COLLECTION
from backend.claims.models import Claim, ClaimLine, ClaimStatus, Transport
from backend.claims.selectors import claims_received
from backend.common import clock
from backend.common.found import found
from backend.custody.actions.record_hand_over import record_hand_over
from backend.custody.domain.replay import Kind
from backend.custody.domain.submission import Submission
from backend.custody.selectors.positions import carrying_courier_id
from backend.web import donations
from backend.web.acting import Audience, actor
from backend.web.form_pages import form_page
from backend.web.forms.charity import ReceiveForm, ReceiveLine
from backend.web.guards import for_audience

WITHOUT_COURIER = (Transport.SELF_COLLECT, Transport.DONOR_DELIVERS)


@require_http_methods(["GET", "POST"])
@for_audience(Audience.CHARITY)
def receive(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """What was weighed and measured; the donor's code says that both sides were there."""
    rows = claims_received(actor(request)).prefetch_related(donations.HAND_OVERS)
    claim = found(rows, claim_id)
    lines = _expected(claim)
    if not lines:
        messages.info(request, _why_nothing(claim))
        return redirect("web:charity_claim", claim.pk)
    asks_code = claim.transport == Transport.SELF_COLLECT
    initial = {"code": request.GET.get("code", "")}
    form = ReceiveForm(request.POST or None, lines=lines, asks_code=asks_code, initial=initial)
    context = {"claim": claim, "rows": form.rows(), "asks_code": asks_code}
    return form_page(
        request,
        "web/charity/receive.html",
        form,
        act=partial(_record, request, claim, form),
        context=context,
        names=_field_names(lines),
    )


def _expected(claim: Claim) -> list[ReceiveLine]:
    """Lines of which something can arrive now: from the donor's hands, or a driver's."""
    if claim.transport in WITHOUT_COURIER:
        waiting = {line: line.reserved_g for line in claim.lines.all()}
    else:
        known = carrying_courier_id(claim) is not None
        waiting = {line: line.on_board_g if known else 0 for line in claim.lines.all()}
    return [_line(line, mass_g) for line, mass_g in waiting.items() if mass_g]


def _line(line: ClaimLine, mass_g: int) -> ReceiveLine:
    return ReceiveLine(line.pk, donations.lot_title(line.lot), line.lot.storage_class, mass_g)


def _why_nothing(claim: Claim) -> str:
    if claim.status in BEFORE_COLLECTION:
        return _("The driver has not fetched it yet. It can be received after that.")
    if claim.status == ClaimStatus.SETTLED:
        return _("It was received already.")
    return _("There is nothing to receive any more.")


def _record(
    request: HttpRequest, claim: Claim, form: ReceiveForm, wanted: dict[str, Any]
) -> HttpResponse:
    now = clock.now()
    submission = Submission(
        client_id=wanted["client_id"],
        kind=Kind.DELIVERED,
        claim_id=claim.pk,
        at=now,
        lines=form.submitted(),
        courier_id=None if claim.transport in WITHOUT_COURIER else carrying_courier_id(claim),
        code=wanted.get("code") or "",
        signer_name=wanted["signer_name"],
        note=wanted["note"],
    )
    record_hand_over(submission=submission, by=actor(request), now=now)
    messages.success(request, _("Recorded. Thank you."))
    return redirect("web:charity_claim", claim.pk)


def _field_names(lines: list[ReceiveLine]) -> dict[str, str]:
    """Where custody's complaints belong on a form with several lines: beside the first."""
    first = lines[0].id
    return {"mass_g": f"mass_{first}", "temperature_dc": f"degrees_{first}"}
