"""A round as it could be: try it, compare it, and make it real."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.common import clock
from backend.common.choices import StorageClass
from backend.common.found import found
from backend.organizations.models import Location
from backend.web import regional, wording
from backend.web.acting import Audience, actor
from backend.web.components import Text
from backend.web.form_pages import form_page, press
from backend.web.forms.deciding import WEIGHT_WORDS, WhatIfForm
from backend.web.guards import for_audience
from backend.web.views.coordinator.areas import named_areas
from matching.actions.ask_what_if import ask_what_if
from matching.actions.commit_what_if import GOOD_FOR, commit_what_if
from matching.domain.what_if import Changes, Measured
from matching.models import Round, RoundStatus
from matching.selectors.round_inputs import first_day_with_food
from matching.selectors.rounds import TrialDetail, receiving_places, rounds_of

KILOMETRE_M = 1_000


@require_http_methods(["GET", "POST"])
@for_audience(Audience.COORDINATOR)
def what_if(request: HttpRequest) -> HttpResponse:
    """Asks what shall be different; sent, a trial is worked out beside this request."""
    viewer = actor(request)
    form = WhatIfForm(
        request.POST or None, areas=named_areas(viewer), places=receiving_places(viewer)
    )
    act = partial(_try, request, form)
    names = {"changes": "closed"}
    return form_page(request, "web/coordinator/what_if.html", form, act=act, names=names)


def _try(request: HttpRequest, form: WhatIfForm, wanted: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    trial = ask_what_if(
        area=wanted["area"],
        pickup_date=first_day_with_food(wanted["area"], now),
        changes=form.changes(),
        by=actor(request),
        now=now,
    )
    return redirect("web:desk_round", trial.pk)


@require_POST
@for_audience(Audience.COORDINATOR)
def commit(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Offers what the trial proposed, as far as it is still true."""
    by = actor(request)
    seen = found(rounds_of(by), round_id)
    act = partial(commit_what_if, round_id=seen.pk, by=by, now=clock.now())
    press(request, act, done=_("It is being offered now."))
    return redirect("web:desk_round", round_id)


def trial_context(round_: Round, trial: TrialDetail | None) -> dict[str, Any]:
    """What the page of a round shows of a trial; nothing for any other."""
    if trial is None:
        return {}
    ready = round_.status == RoundStatus.TRIED and trial.after.assigned_g > 0
    return {
        "trial": trial,
        "changed": _changed(trial.changes),
        "figures": list(_figures(trial.before, trial.after)),
        "can_commit": ready and clock.now() <= round_.started_at + GOOD_FOR,
        "is_old": ready and clock.now() > round_.started_at + GOOD_FOR,
    }


def _changed(changes: Changes) -> list[str]:
    """What was tried, in sentences."""
    ids = [*changes.closed, *(each.location_id for each in changes.room)]
    names = {str(pk): name for pk, name in _names(ids)}
    storages = dict(StorageClass.choices)
    return [
        *(_("Closed: %(place)s") % {"place": names.get(each, each)} for each in changes.closed),
        *(
            _("Room at %(place)s (%(storage)s): %(mass)s")
            % {
                "place": names.get(each.location_id, each.location_id),
                "storage": storages[each.storage_class],
                "mass": wording.mass(each.room_g),
            }
            for each in changes.room
        ),
        *(
            _("%(weight)s: %(value)s") % {"weight": WEIGHT_WORDS[name], "value": f"{value:g}"}
            for name, value in changes.weights.items()
        ),
    ]


def _names(ids: list[str]) -> list[tuple[UUID, str]]:
    places = Location.objects.filter(pk__in=[UUID(each) for each in ids])
    return list(places.values_list("pk", "name"))


def _figures(before: Measured, after: Measured) -> list[tuple[Text, str, str, str]]:
    """Rows of the comparison: what, as it is, as it would be, and whether that is better."""
    return [
        (
            _("Food that finds somebody"),
            wording.mass(before.assigned_g),
            wording.mass(after.assigned_g),
            _better(after.assigned_g - before.assigned_g),
        ),
        (
            _("Driven"),
            _km(before.driven_m),
            _km(after.driven_m),
            _better(before.driven_m - after.driven_m),
        ),
        (
            _("Charities that get something"),
            str(before.recipients),
            str(after.recipients),
            _better(after.recipients - before.recipients),
        ),
        (
            _("Inequality, 0 (all alike) to 1"),
            f"{before.gini:.3f}",
            f"{after.gini:.3f}",
            _better(before.gini - after.gini),
        ),
        (
            _("County with least a person"),
            _county(before),
            _county(after),
            _better(after.worst_g_per_person - before.worst_g_per_person),
        ),
    ]


def _km(metres: int) -> str:
    return _("%(km)s km") % {"km": f"{metres / KILOMETRE_M:.1f}"}


def _county(told: Measured) -> str:
    if not told.worst_county:
        return "–"
    mass = wording.mass(round(told.worst_g_per_person))
    return _("%(county)s, %(mass)s") % {"county": regional.county(told.worst_county), "mass": mass}


def _better(gain: float) -> str:
    """The class of the cell: a gain, a loss, or neither."""
    if gain == 0:
        return ""
    return "is-better" if gain > 0 else "is-worse"
