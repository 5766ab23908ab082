"""Surplus that comes again and again: the same offer on chosen days of the week."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.common import clock
from backend.common.actor import Actor
from backend.common.found import found
from backend.listings.actions.change_schedule import change_schedule
from backend.listings.actions.check_schedule import SchedulePlan
from backend.listings.actions.create_schedule import create_schedule
from backend.listings.actions.end_schedule import end_schedule
from backend.listings.actions.skip_date import skip_date
from backend.listings.domain.recurrence import dates_between
from backend.listings.domain.template import Template
from backend.listings.models import ListingSchedule
from backend.listings.selectors import kept_schedules
from backend.organizations.models import Location
from backend.organizations.selectors import visible_locations
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import Audience, actor
from backend.web.components import Confirm
from backend.web.form_pages import Act, form_page, press
from backend.web.forms.donor import title_of, unsent
from backend.web.forms.lots import BLANK, LotRow, filled_rows, further_rows, rows_asked_for
from backend.web.forms.schedules import (
    DAY_MINUTES,
    RRULE_DAYS,
    ScheduleForm,
    SkipForm,
    days_of,
    schedule_initial,
)
from backend.web.guards import for_audience
from backend.web.tenancy import acting_as
from backend.web.views.donor.post import places_of
from backend.web.views.donor.tiles import tiles

AHEAD = timedelta(days=28)
SHOWN_DATES = 8


@require_safe
@for_audience(Audience.DONOR)
def schedules(request: HttpRequest) -> HttpResponse:
    by, now = actor(request), clock.now()
    acting = acting_as(request, Audience.DONOR)
    rows = kept_schedules(by).filter(organization=acting.organization, ended_at__isnull=True)
    context = {"acting": acting, "rows": [_row(each, now) for each in rows.order_by("title", "pk")]}
    return render(request, "web/donor/schedules.html", context)


@require_http_methods(["GET", "POST"])
@for_audience(Audience.DONOR)
def schedule_new(request: HttpRequest) -> HttpResponse:
    acting = acting_as(request, Audience.DONOR)
    places = places_of(actor(request), acting.organization)
    if not places:
        return redirect("web:place_new", acting.organization.pk)
    initial = {"starts_date": regional.today(clock.now())}
    form = _form(request, places, initial, ())
    return _page(request, form, places, partial(_create, request, form), {"acting": acting})


@require_http_methods(["GET", "POST"])
@for_audience(Audience.DONOR)
def schedule_change(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """From a day on; what is on the board already stays as it is."""
    shown = _own(actor(request), schedule_id)
    lots = Template.from_json(shown.template).lots
    initial = schedule_initial(shown, today=regional.today(clock.now()))
    form = _form(request, [shown.location], initial, further_rows(lots))
    form.fields["starts_date"].label = _("From which day on?")
    act = partial(_change, request, shown, form)
    return _page(request, form, [shown.location], act, {"schedule": shown})


def _form(
    request: HttpRequest,
    places: list[Location],
    initial: dict[str, Any],
    further: Sequence[str],
) -> ScheduleForm:
    """The form as it was sent; not judged yet when only a row was added or taken away."""
    if request.method != "POST":
        return ScheduleForm(places=places, initial=initial, further=further)
    rows = rows_asked_for(request.POST)
    if rows is not None:
        return unsent(ScheduleForm(places=places, further=rows), request)
    return ScheduleForm(request.POST, places=places, further=filled_rows(request.POST))


def _page(
    request: HttpRequest,
    form: ScheduleForm,
    places: list[Location],
    act: Act,
    beside: dict[str, Any],
) -> HttpResponse:
    context = beside | {
        "tiles": tiles(form["category"], ()),
        "places": places,
        "blank": LotRow(ScheduleForm(places=places, further=[BLANK]), BLANK),
    }
    template = "web/donor/schedule_form.html"
    if not form.is_bound:
        return render(request, template, {"form": form, **context})
    return form_page(request, template, form, act=act, context=context, names=form.names())


def _create(request: HttpRequest, form: ScheduleForm, wanted: dict[str, Any]) -> HttpResponse:
    by = actor(request)
    place = found(visible_locations(by), UUID(wanted["location"]))
    plan = _plan(form, title=form.title(), template=form.template())
    made = create_schedule(location_id=place.pk, plan=plan, by=by, now=clock.now())
    messages.success(request, _("Kept. It is posted by itself on these days."))
    return redirect("web:donor_schedule", made.pk)


def _change(
    request: HttpRequest, shown: ListingSchedule, form: ScheduleForm, wanted: dict[str, Any]
) -> HttpResponse:
    earlier = Template.from_json(shown.template)
    template = form.template(earlier.lots)
    changed = change_schedule(
        schedule_id=shown.pk,
        plan=_plan(form, title=_title(shown, earlier, form), template=template),
        from_date=wanted["starts_date"],
        by=actor(request),
        now=clock.now(),
    )
    messages.success(request, _("Changed. What is on the board stays there."))
    return redirect("web:donor_schedule", changed.pk)


def _plan(form: ScheduleForm, *, title: str, template: Template) -> SchedulePlan:
    opens_minute, closes_minute = form.minutes()
    return SchedulePlan(
        title=title,
        rule=form.rule(),
        starts_date=form.cleaned_data["starts_date"],
        ends_date=form.cleaned_data["ends_date"],
        opens_minute=opens_minute,
        closes_minute=closes_minute,
        template=template,
    )


def _title(shown: ListingSchedule, earlier: Template, form: ScheduleForm) -> str:
    """A name that somebody gave it stays; one that said what is in it follows what is in it."""
    names = [each.lot.description or regional.category(each.lot.category) for each in earlier.lots]
    return form.title() if shown.title == title_of(names) else shown.title


@require_safe
@for_audience(Audience.DONOR)
def schedule(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    now = clock.now()
    shown = _own(actor(request), schedule_id)
    context = {
        **_row(shown, now),
        "skip": SkipForm(),
        "skipped": [date.fromisoformat(day) for day in shown.skipped_dates],
        "end": _end_question(shown),
    }
    return render(request, "web/donor/schedule.html", context)


@require_POST
@for_audience(Audience.DONOR)
def schedule_skip(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """No offer on that day."""
    by = actor(request)
    shown = _own(by, schedule_id)
    form = SkipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose a day."))
        return redirect("web:donor_schedule", shown.pk)
    day = form.cleaned_data["local_date"]
    act = partial(skip_date, schedule_id=shown.pk, local_date=day, by=by, now=clock.now())
    press(request, act, done=_("Left out on that day."))
    return redirect("web:donor_schedule", shown.pk)


@require_POST
@for_audience(Audience.DONOR)
def schedule_end(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    by = actor(request)
    shown = _own(by, schedule_id)
    end_schedule(schedule_id=shown.pk, by=by, now=clock.now())
    messages.success(request, _("Ended. What is on the board stays there."))
    return redirect("web:donor_schedules")


def _own(viewer: Actor, schedule_id: UUID) -> ListingSchedule:
    return found(kept_schedules(viewer).filter(ended_at__isnull=True), schedule_id)


def _row(each: ListingSchedule, now: datetime) -> dict[str, Any]:
    template = Template.from_json(each.template)
    today = regional.today(now)
    coming = dates_between(
        each.rule,
        starts_date=each.starts_date,
        ends_date=each.ends_date,
        skipped={date.fromisoformat(day) for day in each.skipped_dates},
        first=today,
        last=today + AHEAD,
    )
    return {
        "schedule": each,
        "days": _days(each.rule),
        "window": f"{_clock(each.opens_minute)}–{_clock(each.closes_minute)}",
        "mass_g": sum(usual.lot.declared_g for usual in template.lots),
        "storage": _storage(template),
        "coming": [(day, regional.day(day, now)) for day in coming[:SHOWN_DATES]],
    }


def _storage(template: Template) -> str:
    lot = template.lots[0].lot if template.lots else None
    if lot is None:
        return "ambient"
    return lot.storage_class or pack().categories[lot.category].storage_class


def _days(rule: str) -> str:
    """The weekdays of a rule of ours, in words; the rule itself for one that we did not write."""
    codes = days_of(rule)
    return _(", ").join(str(WEEKDAYS_ABBR[RRULE_DAYS.index(code)]) for code in codes) or rule


def _clock(minute: int) -> str:
    of_day = minute % DAY_MINUTES
    return f"{of_day // 60:02}:{of_day % 60:02}"


def _end_question(shown: ListingSchedule) -> Confirm:
    return Confirm(
        id="end-schedule",
        button=_("End this"),
        title=_("No longer every week?"),
        text=_("Nothing more is posted by itself. What is on the board stays there."),
        yes=_("End it"),
        url=reverse("web:donor_schedule_end", args=[shown.pk]),
    )
