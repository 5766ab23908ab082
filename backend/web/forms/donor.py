"""Forms of those who give: food in under a minute, the same every week, changes, corrections."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.common.mass import grams
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.domain.template import Template, UsualLot
from backend.organizations.models import Location
from backend.regions.packs import pack
from backend.web import regional
from backend.web.components import Text
from backend.web.forms.fields import (
    STORAGE_CHOICES,
    ClockField,
    DayField,
    KilogramsField,
    LocalMomentField,
    WholeNumberField,
    one_of,
    some_of,
)
from backend.web.forms.onboarding import minutes
from backend.web.once import OnceField

KILOGRAMS, UNITS = "kg", "units"
#: What one portion usually weighs.
USUAL_UNIT_G = 400
OTHER_TIME = "other"
RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Which field of a form stands for which of a draft.
LOT_FIELDS = {
    f"lots.0.{theirs}": ours
    for theirs, ours in {
        **dict.fromkeys(("declared_g", "volume_ml", "step_g", "unit_count"), "amount"),
        **{name: name for name in ("category", "storage_class", "packaging", "allergens")},
        **{name: name for name in ("use_by_date", "best_before_date", "cooked_at", "diet_flags")},
    }.items()
}


class FoodForm(forms.Form):
    """What, how much, kept how; and by whom it may be fetched."""

    location = forms.ChoiceField(label=_("Where"))
    category = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("What exactly?"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("for example chicken lunch boxes")}),
    )
    amount = forms.DecimalField(
        label=_("How much?"),
        max_digits=8,
        decimal_places=3,
        widget=forms.NumberInput(
            attrs={"class": "input-number", "inputmode": "decimal", "step": "any", "min": "0"}
        ),
    )
    measure = forms.ChoiceField(
        label=_("Counted in"),
        choices=[(KILOGRAMS, _("kilograms")), (UNITS, _("pieces or portions"))],
        widget=forms.RadioSelect,
        initial=KILOGRAMS,
    )
    unit_label = forms.CharField(
        label=_("They are called"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("portions")}),
    )
    unit_g = WholeNumberField(
        label=_("One weighs about, in grams"),
        required=False,
        min_value=1,
        initial=USUAL_UNIT_G,
    )
    storage_class = forms.ChoiceField(
        label=_("Kept"),
        choices=[("", pgettext_lazy("storage", "As usual")), *STORAGE_CHOICES],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    note = forms.CharField(label=_("Note for whoever fetches it"), max_length=300, required=False)
    allows_self_collect = forms.BooleanField(
        label=_("Charities may fetch it"), required=False, initial=True
    )
    allows_courier = forms.BooleanField(
        label=_("A driver may fetch it"), required=False, initial=True
    )
    donor_delivers = forms.BooleanField(label=_("We can bring it"), required=False)

    def __init__(self, *args: Any, places: Sequence[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = pack()
        where: Any = self.fields["location"]
        where.choices = [(str(place.pk), place.name) for place in places]
        if len(places) == 1:
            where.widget = forms.HiddenInput()
            where.initial = str(places[0].pk)
        what: Any = self.fields["category"]
        what.choices = regional.choices(region.categories)
        self.fields["allergens"] = some_of(regional.choices(region.allergens), label=_("Contains"))
        self.fields["diet_flags"] = some_of(
            regional.choices(region.diets),
            label=_("Suits"),
            help_text=_("Only what you are sure of: charities rely on it."),
        )
        packagings = [("", _("not said")), *regional.choices(region.packagings)]
        self.fields["packaging"] = forms.ChoiceField(
            label=_("Packed in"), choices=packagings, required=False
        )

    def lot(self) -> LotDraft:
        """The food without its dates."""
        found = self.cleaned_data
        counted = found["measure"] == UNITS
        amount: Decimal = found["amount"]
        return LotDraft(
            category=found["category"],
            declared_g=int(amount * (found["unit_g"] or USUAL_UNIT_G))
            if counted
            else grams(amount),
            description=found["description"],
            unit_label=found["unit_label"] if counted else "",
            unit_count=int(amount) if counted else None,
            storage_class=found["storage_class"],
            packaging=found["packaging"],
            allergens=tuple(found["allergens"]),
            diet_flags=tuple(found["diet_flags"]),
        )

    def title(self) -> str:
        found = self.cleaned_data
        return found["description"] or regional.category(found["category"])

    def ways(self) -> dict[str, Any]:
        names = ("note", "allows_self_collect", "allows_courier", "donor_delivers")
        return {name: self.cleaned_data[name] for name in names}


class PostForm(FoodForm):
    """One listing with one lot, from now until a quick choice of time."""

    use_by_date = DayField(label=_("Use by"), required=False)
    best_before_date = DayField(label=_("Best before"), required=False)
    cooked_at = LocalMomentField(label=_("Cooked at"), required=False)
    until_at = LocalMomentField(label=_("Until"), required=False)
    from_at = LocalMomentField(
        label=_("Not before"), required=False, help_text=_("Empty means from now on.")
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    once = OnceField()

    def __init__(
        self, *args: Any, until_choices: Iterable[tuple[str, Text]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [*until_choices, (OTHER_TIME, _("another time"))]
        self.fields["until"] = one_of(choices, label=_("Until when can it be fetched?"))

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("until") == OTHER_TIME and not found.get("until_at"):
            self.add_error("until_at", _("Please say until when."))
        return found

    def draft(self, *, now: datetime) -> ListingDraft:
        found = self.cleaned_data
        dates = {n: found[n] for n in ("use_by_date", "best_before_date", "cooked_at")}
        return ListingDraft(
            title=self.title(),
            pickup_from_at=found["from_at"] or now,
            pickup_until_at=until(found["until"], found["until_at"], now=now),
            lots=(replace(self.lot(), **dates),),
            **self.ways(),
        )


class ScheduleForm(FoodForm):
    """The same offer on chosen days of the week."""

    opens = ClockField(label=_("Can be fetched from"))
    closes = ClockField(label=_("Until"))
    starts_date = DayField(label=_("First on or after"))
    ends_date = DayField(label=_("Last on"), required=False)
    use_by_in_days = WholeNumberField(
        label=_("Good for so many more days"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("0 means only on the day itself."),
    )
    cooked = ClockField(label=_("Cooked at"), required=False)
    once = OnceField()

    NAMES: ClassVar = {
        "rule": "days",
        "opens_minute": "closes",
        "closes_minute": "closes",
        "title": "description",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(RRULE_DAYS[day], name) for day, name in WEEKDAYS_ABBR.items()]
        self.fields["days"] = some_of(days, label=_("On which days?"), required=True)

    def rule(self) -> str:
        return f"FREQ=WEEKLY;BYDAY={','.join(self.cleaned_data['days'])}"

    def minutes(self) -> tuple[int, int]:
        return minutes(self.cleaned_data["opens"], self.cleaned_data["closes"])

    def template(self) -> Template:
        found = self.cleaned_data
        cooked = found["cooked"]
        usual = UsualLot(
            lot=self.lot(),
            use_by_in_days=found["use_by_in_days"],
            cooked_minute=cooked.hour * 60 + cooked.minute if cooked else None,
        )
        return Template(lots=(usual,), **self.ways())


class ChangeForm(forms.Form):
    """What may change of a listing that is open."""

    title = forms.CharField(label=_("What exactly?"), max_length=120)
    note = forms.CharField(label=_("Note for whoever fetches it"), max_length=300, required=False)
    pickup_from_at = LocalMomentField(label=_("Can be fetched from"))
    pickup_until_at = LocalMomentField(label=_("Until"))
    allows_self_collect = forms.BooleanField(label=_("Charities may fetch it"), required=False)
    allows_courier = forms.BooleanField(label=_("A driver may fetch it"), required=False)
    donor_delivers = forms.BooleanField(label=_("We can bring it"), required=False)
    photo = forms.FileField(
        label=_("Another photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class CorrectForm(forms.Form):
    """How much of a lot is really there and not promised yet."""

    free_g = KilogramsField(
        label=_("Really there and still free, in kilograms"),
        help_text=_("What is promised stays promised."),
    )


class SkipForm(forms.Form):
    """A day on which the usual offer is left out."""

    local_date = DayField(label=_("Leave out on"))


def until(choice: str, typed: datetime | None, *, now: datetime) -> datetime:
    """The instant of a quick choice: hours from now, an instant, or what was typed."""
    if choice == OTHER_TIME and typed is not None:
        return typed
    if choice.isdecimal():
        return now + timedelta(hours=int(choice))
    return datetime.fromisoformat(choice)
