"""Forms of offers that come again every week: setting one up, changing it, leaving out a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from backend.listings.domain.draft import LotDraft
from backend.listings.domain.template import Template, UsualLot
from backend.listings.models import ListingSchedule
from backend.web.forms.donor import FoodForm
from backend.web.forms.fields import ClockField, DayField, WholeNumberField, some_of
from backend.web.forms.lots import LotRow, lot_initial, row_names
from backend.web.forms.onboarding import minutes
from backend.web.once import OnceField

RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_MINUTES = 24 * 60


class ScheduleForm(FoodForm):
    """The same offer on chosen days of the week."""

    opens = ClockField(label=_("Can be fetched from"))
    closes = ClockField(label=_("Until"))
    starts_date = DayField(label=_("First on or after"))
    ends_date = DayField(label=_("Last on"), required=False)
    once = OnceField()

    NAMES: ClassVar = {
        "rule": "days",
        "opens_minute": "closes",
        "closes_minute": "closes",
        "title": "description",
    }
    DATE_OF: ClassVar = {
        **dict.fromkeys(("use_by_date", "use_by_in_days"), "use_by_in_days"),
        **dict.fromkeys(("best_before_date", "best_before_in_days"), "best_before_in_days"),
        "cooked_at": "cooked",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(RRULE_DAYS[day], name) for day, name in WEEKDAYS_ABBR.items()]
        self.fields["days"] = some_of(days, label=_("On which days?"), required=True)

    def date_fields(self) -> dict[str, forms.Field]:
        return {
            "use_by_in_days": _days_field(_("Good for so many more days")),
            "best_before_in_days": _days_field(_("Best before so many days later")),
            "cooked": ClockField(label=_("Cooked at"), required=False),
        }

    def names(self) -> dict[str, str]:
        return super().names() | self.NAMES

    def rule(self) -> str:
        return f"FREQ=WEEKLY;BYDAY={','.join(self.cleaned_data['days'])}"

    def minutes(self) -> tuple[int, int]:
        return minutes(self.cleaned_data["opens"], self.cleaned_data["closes"])

    def template(self, earlier: Sequence[UsualLot] = ()) -> Template:
        """What is usually offered; what no field asks for is kept of the `earlier` lots."""
        before = {str(place or ""): usual.lot for place, usual in enumerate(earlier)}
        lots = tuple(_usual(row, before.get(row.number)) for row in self.rows)
        return Template(lots=lots, **self.ways())


class SkipForm(forms.Form):
    """A day on which the usual offer is left out."""

    local_date = DayField(label=_("Leave out on"))


def schedule_initial(schedule: ListingSchedule, *, today: date) -> dict[str, Any]:
    """The form as it was filled in for the schedule, from today on."""
    template = Template.from_json(schedule.template)
    names = ("note", "allows_self_collect", "allows_courier", "donor_delivers")
    rows = {
        f"{row_names(place)}{name}": value
        for place, usual in enumerate(template.lots)
        for name, value in _usual_initial(usual).items()
    }
    return rows | {
        **{name: getattr(template, name) for name in names},
        "location": str(schedule.location_id),
        "days": days_of(schedule.rule),
        "opens": _clock(schedule.opens_minute),
        "closes": _clock(schedule.closes_minute),
        "starts_date": max(today, schedule.starts_date),
        "ends_date": schedule.ends_date,
    }


def days_of(rule: str) -> list[str]:
    """The days of the week of a rule that our form wrote; none for another one."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    codes = parts.pop("BYDAY", "").split(",")
    return codes if parts == {"FREQ": "WEEKLY"} and set(codes) <= set(RRULE_DAYS) else []


def _days_field(label: Any) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("0 means only on the day itself."),
    )


def _usual(row: LotRow, earlier: LotDraft | None) -> UsualLot:
    cooked: time | None = row.value("cooked")
    return UsualLot(
        lot=_with_what_is_not_asked(row.lot(), earlier),
        use_by_in_days=row.value("use_by_in_days"),
        best_before_in_days=row.value("best_before_in_days"),
        cooked_minute=cooked.hour * 60 + cooked.minute if cooked else None,
    )


def _with_what_is_not_asked(lot: LotDraft, earlier: LotDraft | None) -> LotDraft:
    """Barcode and volume stay while it is the same food, and as much of it."""
    if earlier is None or earlier.category != lot.category:
        return lot
    kept = replace(lot, gtin=earlier.gtin, batch=earlier.batch)
    if earlier.declared_g != lot.declared_g:
        return kept
    return replace(kept, volume_ml=earlier.volume_ml, step_g=earlier.step_g)


def _usual_initial(usual: UsualLot) -> dict[str, Any]:
    return lot_initial(usual.lot) | {
        "use_by_in_days": usual.use_by_in_days,
        "best_before_in_days": usual.best_before_in_days,
        "cooked": None if usual.cooked_minute is None else _clock(usual.cooked_minute),
    }


def _clock(minute: int) -> time:
    return time(*divmod(minute % DAY_MINUTES, 60))
