"""When a place is open: the usual week, and single dates that differ."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.common import clock
from backend.common.actor import Actor
from backend.common.refusals import NotAllowed, NotFound, Refusal
from backend.organizations.actions.remove_hours_exception import remove_hours_exception
from backend.organizations.actions.set_hours_exception import set_hours_exception
from backend.organizations.actions.set_opening_hours import set_opening_hours
from backend.organizations.domain.hours import DAYS_IN_WEEK, WeeklyHours
from backend.organizations.models import HoursException, Location, OpeningHours
from backend.web import regional
from backend.web.acting import actor
from backend.web.components import Text
from backend.web.forms.onboarding import DAY_MINUTES, DayForm, ExceptionForm
from backend.web.forms.refusals import show_refusal
from backend.web.views.onboarding.places import own_place

TEMPLATE = "web/onboarding/hours.html"
WeekForm = formset_factory(
    DayForm, extra=0, min_num=DAYS_IN_WEEK, max_num=DAYS_IN_WEEK, absolute_max=DAYS_IN_WEEK
)


@require_http_methods(["GET", "POST"])
@login_required
def hours(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """The usual week; what is saved replaces it as a whole."""
    by = actor(request)
    place = own_place(by, location_id)
    week = WeekForm(request.POST or None, initial=_usual(place))
    refused: list[Text] = []
    status = 200
    if request.method == "POST":
        status = 400
        if week.is_valid():
            refused = _save(request, by, place, week)
            if not refused:
                return redirect("web:hours", place.pk)
    return _show(request, place, week=week, refused=refused, status=status)


def _save(
    request: HttpRequest, by: Actor, place: Location, week: "BaseFormSet[DayForm]"
) -> list[Text]:
    """What was refused of the week; nothing when it is saved."""
    wanted = [
        WeeklyHours(weekday, *span) for weekday, form in enumerate(week) for span in form.spans()
    ]
    try:
        set_opening_hours(location_id=place.pk, hours=wanted, by=by, now=clock.now())
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        said = [each.message for errors in refusal.fields.values() for each in errors]
        return said or [refusal.detail]
    messages.success(request, _("The hours are kept."))
    return []


@require_POST
@login_required
def set_exception(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Other hours, or none, on one date."""
    by = actor(request)
    place = own_place(by, location_id)
    form = ExceptionForm(request.POST)
    if form.is_valid():
        try:
            set_hours_exception(
                location_id=place.pk,
                local_date=form.cleaned_data["local_date"],
                spans=form.spans(),
                by=by,
                now=clock.now(),
            )
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("That day is kept."))
            return redirect("web:hours", place.pk)
    return _show(request, place, exception=form, status=400)


@require_POST
@login_required
def remove_exception(request: HttpRequest, location_id: UUID, on: str) -> HttpResponse:
    """The date has the usual hours again."""
    by = actor(request)
    place = own_place(by, location_id)
    day = parse_date(on)
    if day is None:
        raise NotFound()
    remove_hours_exception(location_id=place.pk, local_date=day, by=by, now=clock.now())
    messages.success(request, _("That day has the usual hours again."))
    return redirect("web:hours", place.pk)


def _show(
    request: HttpRequest,
    place: Location,
    *,
    week: "BaseFormSet[DayForm] | None" = None,
    exception: ExceptionForm | None = None,
    refused: list[Text] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    shown = week or WeekForm(initial=_usual(place))
    ahead = place.hours_exceptions.filter(local_date__gte=regional.today(now))
    context = {
        "place": place,
        "week": shown,
        "days": list(zip(WEEKDAYS.values(), shown, strict=True)),
        "exception": exception or ExceptionForm(),
        "exceptions": [
            (row.local_date, regional.day(row.local_date, now), _said(row)) for row in ahead
        ],
        "refused": refused,
    }
    return render(request, TEMPLATE, context, status=status)


def _usual(place: Location) -> list[dict[str, str]]:
    """The first two openings of each weekday, as times of day."""
    rows = list(place.opening_hours.all())
    return [_of_day([row for row in rows if row.weekday == day]) for day in range(DAYS_IN_WEEK)]


def _of_day(rows: list[OpeningHours]) -> dict[str, str]:
    names = (("opens", "closes"), ("opens_again", "closes_again"))
    found: dict[str, str] = {}
    for row, (opens, closes) in zip(rows, names, strict=False):
        found |= {opens: _clock(row.opens_minute), closes: _clock(row.closes_minute)}
    return found


def _said(row: HoursException) -> str:
    if row.opens_minute is None or row.closes_minute is None:
        return _("closed")
    return f"{_clock(row.opens_minute)}–{_clock(row.closes_minute)}"


def _clock(minute: int) -> str:
    of_day = minute % DAY_MINUTES
    return f"{of_day // 60:02}:{of_day % 60:02}"
