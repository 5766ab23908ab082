"""How what moved is counted: day by day, with the factors and where they come from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.impact.selectors.figures import by_day, delivered
from backend.regions.packs import pack
from backend.web import regional

DAYS = 14


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "days": [(regional.day(day, now), day, each) for day, each in by_day(now=now, days=DAYS)],
        "ever": delivered(),
        "factors": list(pack().impact_factors.values()),
    }
    return render(request, "web/public/figures.html", context)
