"""Receipts of what was given: a list, and one for printing."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.claims.models import ClaimStatus
from backend.claims.selectors import claims_given
from backend.common.refusals import NotFound
from backend.regions.packs import pack
from backend.web import donations
from backend.web.acting import Audience, actor
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as

PAGE_SIZE = 30


@require_safe
@for_audience(Audience.DONOR)
def receipts(request: HttpRequest) -> HttpResponse:
    acting = acting_as(request, Audience.DONOR)
    given = claims_given(actor(request)).filter(
        listing__organization=acting.organization, status=ClaimStatus.SETTLED
    )
    page = Paginator(given.order_by("-ended_at", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = [(claim, donations.arrived_g(claim)) for claim in page]
    context = {"acting": acting, "rows": rows, "page": page, "zone": pack().zone}
    return render(request, "web/donor/receipts.html", context)


@require_safe
@for_audience(Audience.DONOR)
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who gave what to whom, and when; for the donor's books."""
    given = claims_given(actor(request)).filter(status=ClaimStatus.SETTLED)
    claim = given.filter(public_id=public_id).first()
    if claim is None:
        raise NotFound()
    lines = [
        (donations.lot_title(line.lot), line.lot, line.delivered_g + line.in_stock_g)
        for line in claim.lines.all()
    ]
    context = {
        "claim": claim,
        "lines": [each for each in lines if each[2]],
        "total_g": donations.arrived_g(claim),
        "zone": pack().zone,
    }
    return render(request, "web/donor/receipt.html", context)
