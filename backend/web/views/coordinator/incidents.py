"""One incident: what was recorded, which rule it broke, and whether it counts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from backend.common import clock
from backend.common.found import found
from backend.custody.actions.decide_incident import decide_incident
from backend.custody.models import Incident, IncidentStatus
from backend.custody.selectors.visible import visible_incidents
from backend.organizations.selectors import counties_of
from backend.regions.packs import pack
from backend.web.acting import Audience, actor
from backend.web.donations import lot_title
from backend.web.form_pages import form_page
from backend.web.forms.deciding import IncidentForm
from backend.web.guards import for_audience
from backend.web.views.coordinator.words import BREACHES, said

TENTHS = 10


@for_audience(Audience.COORDINATOR)
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The facts and, while it is open, the decision with its note."""
    viewer = actor(request)
    watched = visible_incidents(viewer).filter(county_code__in=counties_of(viewer))
    chosen = found(
        watched.select_related(
            "hand_over__claim__listing__organization",
            "hand_over__claim__organization",
            "hand_over__from_courier__user",
        ).prefetch_related("hand_over__lines__lot"),
        incident_id,
    )
    form = IncidentForm(request.POST or None)

    def act(typed: dict[str, Any]) -> HttpResponse:
        decide_incident(
            incident_id=chosen.pk,
            counts=typed["counts"] == "yes",
            note=typed["note"],
            by=viewer,
            now=clock.now(),
        )
        messages.success(request, _("Decided. They are told."))
        return redirect("web:desk")

    context = {
        "incident": chosen,
        "rule": said(BREACHES, chosen.code),
        "lines": _lines(chosen),
        "is_open": chosen.status == IncidentStatus.OPEN,
        "zone": pack().zone,
    }
    return form_page(request, "web/coordinator/incident.html", form, act=act, context=context)


def _lines(chosen: Incident) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "title": lot_title(line.lot),
            "degrees": None if line.temperature_dc is None else line.temperature_dc / TENTHS,
        }
        for line in chosen.hand_over.lines.all()
    ]
