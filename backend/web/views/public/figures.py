"""How what moved is counted: day by day, with the factors and where they come from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.impact.selectors.figures import by_day, delivered
from backend.regions.domain.pack import ImpactFactor
from backend.regions.packs import pack
from backend.web import regional
from backend.web.components import Text

DAYS = 14


@dataclass(frozen=True, slots=True)
class Words:
    """A factor's figure with its unit, and what it covers."""

    figure: Text
    meaning: Text


WORDS = {
    "meal_g": Words(
        _("%(figure)s g per meal"),
        _("An average meal of an adult; for illustration only and no claim of balanced meals."),
    ),
    "co2e_avoided": Words(
        _("%(figure)s kg CO2e per kg of food"),
        _("Food produced and not eaten; from farm to shop and disposal; world average."),
    ),
}


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "days": [(regional.day(day, now), day, each) for day, each in by_day(now=now, days=DAYS)],
        "ever": delivered(),
        "factors": [_said(code, factor) for code, factor in pack().impact_factors.items()],
    }
    return render(request, "web/public/figures.html", context)


def _said(code: str, factor: ImpactFactor) -> dict[str, Any]:
    """A factor in the reader's language where we have words for it; its source as published."""
    words = WORDS.get(code)
    figure = number_format(Decimal(f"{factor.value:g}"))
    return {
        "factor": factor,
        "figure": str(words.figure) % {"figure": figure} if words else f"{figure} {factor.unit}",
        "meaning": words.meaning if words else "",
    }
