"""The front page: what moved today, who needs what, and the way in."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.impact.selectors.figures import Figures, delivered, delivered_today
from backend.needs.selectors import public_requests
from backend.organizations.models import Location
from backend.regions.packs import pack
from backend.web import regional, wording
from backend.web.components import Empty, Figure, TimeBar

MOST_REQUESTS = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "today": _shown(delivered_today(now=now)),
        "ever": delivered(),
        "requests": _requests(now),
        "no_request": Empty(
            _("Nobody is asking for anything right now"),
            _("What charities need appears here, with the day until which they need it."),
            "utensils",
        ),
    }
    return render(request, "web/public/home.html", context)


def _shown(today: Figures) -> list[Figure]:
    """The day's figures; none before the first hand-over."""
    if not today.mass_g:
        return []
    return [
        Figure(
            wording.mass(today.mass_g), _("brought to people today"), regional.meals(today.mass_g)
        ),
        Figure(wording.mass(today.co2e_g), _("less CO2e, by world average")),
        Figure(str(today.hand_overs), _("hand-overs, each weighed and signed")),
    ]


def _place(location: Location) -> str:
    return f"{location.organization.name} · {regional.township(location.township_code)}"


def _requests(now: datetime) -> list[dict[str, Any]]:
    """The need board: whose, what, how much, until when; the area, not the door."""
    return [
        {
            "mass_g": each.mass_g,
            "what": regional.group(each.category_group),
            "place": _place(each.programme.location),
            "note": each.note,
            "bar": TimeBar(
                each.created_at, each.needed_until_at, now, _("Needed until"), pack().zone
            ),
        }
        for each in public_requests(now=now).order_by("needed_until_at", "pk")[:MOST_REQUESTS]
    ]
