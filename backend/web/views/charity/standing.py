"""Where a charity stands: what it got, of what, and how near that is to a fair share."""

from collections import Counter
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from backend.claims.models import Claim, ClaimStatus
from backend.claims.selectors import claims_received
from backend.common import clock
from backend.regions.packs import pack
from backend.web import donations, regional, wording
from backend.web.acting import Audience, actor
from backend.web.components import Figure
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as
from backend.web.views.charity.board import programmes_of
from matching.selectors.offers import Standing, standing_of

COUNTED = timedelta(days=28)
#: Within this of the average a programme is said to be about even.
ABOUT_EVEN = 0.1


@require_safe
@for_audience(Audience.CHARITY)
def standing(request: HttpRequest) -> HttpResponse:
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.CHARITY)
    received = list(
        claims_received(by).filter(
            organization=acting.organization,
            status=ClaimStatus.SETTLED,
            ended_at__gt=now - COUNTED,
        )
    )
    programmes = programmes_of(by, acting.organization)
    found = [(each, standing_of(by, each, now=now)) for each in programmes]
    positions = [(each, _said(stands), _kept(stands)) for each, stands in found]
    context = {
        "acting": acting,
        "figures": _figures(received),
        "groups": _groups(received),
        "positions": positions,
    }
    return render(request, "web/charity/standing.html", context)


def _figures(received: list[Claim]) -> list[Figure]:
    mass_g = sum(donations.arrived_g(claim) for claim in received)
    donors = {claim.listing.organization_id for claim in received}
    return [
        Figure(wording.mass(mass_g), _("received in four weeks"), regional.meals(mass_g)),
        Figure(str(len(received)), _("times something arrived")),
        Figure(str(len(donors)), _("donors gave it")),
    ]


def _groups(received: list[Claim]) -> list[tuple[str, int]]:
    """Grams by group of food, the most first."""
    categories = pack().categories
    grams: Counter[str] = Counter()
    for claim in received:
        for line in claim.lines.all():
            grams[categories[line.lot.category].group] += line.delivered_g + line.in_stock_g
    return [(regional.group(code), mass_g) for code, mass_g in grams.most_common() if mass_g]


def _said(found: Standing | None) -> str:
    """A programme's share in a sentence."""
    if found is None or found.county_g is None:
        return _("Too few charities here to compare without telling what a single one got.")
    if not found.county_g:
        return _("Nobody in your county has received anything yet.")
    ratio = found.own_g / found.county_g
    facts = {
        "own": wording.mass(round(found.own_g)),
        "county": wording.mass(round(found.county_g)),
    }
    if ratio > 1 + ABOUT_EVEN:
        return _("%(own)s a person, above the county's average of %(county)s.") % facts
    if ratio < 1 - ABOUT_EVEN:
        return (
            _(
                "%(own)s a person, below the county's average of %(county)s. "
                "You are asked earlier until that evens out."
            )
            % facts
        )
    return _("%(own)s a person, about the county's average of %(county)s.") % facts


def _kept(found: Standing | None) -> list[str]:
    """How what a programme accepted was kept, in a sentence or two; nothing without a past."""
    if found is None or not found.reliability.record.total:
        return []
    record = found.reliability.record
    said = ngettext(
        "%(kept)d of %(total)d acceptance kept in half a year.",
        "%(kept)d of %(total)d acceptances kept in half a year.",
        record.total,
    ) % {"kept": record.kept, "total": record.total}
    if found.reliability.chance >= found.reliability.mean:
        return [said]
    return [said, _("While others nearby keep more, they are asked a little earlier.")]
