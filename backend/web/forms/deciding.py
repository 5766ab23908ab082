"""Forms of coordinators: decisions about organizations, drivers, incidents; runs of solvers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.common.choices import StorageClass
from backend.organizations.models import Location
from backend.organizations.models.organization import DecisionReason
from backend.web.components import Text
from backend.web.forms.fields import DayField, KilogramsField, one_of
from matching.domain.weights import Weights
from matching.domain.what_if import HIGHEST, Changes, Room

R = DecisionReason
#: Which reasons go with which decision.
VERIFY_REASONS = (R.PAPERS_CHECKED, R.KNOWN_TO_US, R.CLEARED_UP)
REJECT_REASONS = (R.PAPERS_MISSING, R.PAPERS_NOT_VALID, R.NOT_ELIGIBLE, R.DUPLICATE)
SUSPEND_REASONS = (R.FOOD_SAFETY, R.MISUSE, R.PAPERS_EXPIRED, R.ASKED_FOR)
REINSTATE_REASONS = (R.CLEARED_UP, R.PAPERS_CHECKED, R.ASKED_FOR)
END_WORDS: dict[str, Text] = {
    "no_training": _("No food-safety training"),
    "not_suitable": _("Vehicle or area do not suit"),
    "duplicate": _("Registered twice"),
    "misuse": _("Misuse"),
}


class NoteForm(forms.Form):
    """A reason, which is the person's to choose, and words of one's own."""

    reason = one_of((), label=_("Reason"))
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The organization reads this."),
    )
    reasons: tuple[DecisionReason, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(reason.value, reason.label) for reason in self.reasons]


class VerifyForm(NoteForm):
    reasons = VERIFY_REASONS
    until_date = DayField(
        label=_("Valid until"), required=False, help_text=_("Empty means: for one year.")
    )


class RejectForm(NoteForm):
    reasons = REJECT_REASONS


class SuspendForm(NoteForm):
    reasons = SUSPEND_REASONS


class ReinstateForm(NoteForm):
    reasons = REINSTATE_REASONS


class EndDriverForm(forms.Form):
    reason = one_of(list(END_WORDS.items()), label=_("Reason"))


class IncidentForm(forms.Form):
    """Whether mass that was handed over against a rule counts."""

    counts = one_of(
        [
            ("yes", _("It counts: the food was good and reached people")),
            ("no", _("It does not count")),
        ],
        label=_("Your decision"),
    )
    note = forms.CharField(
        label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AreaForm(forms.Form):
    """For which roads the solver is asked."""

    area = forms.ChoiceField(label=_("Area"))

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = areas


WEIGHT_WORDS: dict[str, Any] = {
    "km": _("One kilometre costs so many kilograms"),
    "recipient_need": _("Need of a charity that got nothing yet"),
    "county_need": _("Need of a county that got nothing yet"),
    "urgency": _("Food with no time left"),
    "preference": _("Food that was asked for"),
    "no_show": _("A charity that never comes"),
}


class WhatIfForm(AreaForm):
    """What a round shall be tried with: a place closed, more room at one, other weights."""

    closed = forms.ChoiceField(label=_("Close this place"), required=False)
    place = forms.ChoiceField(label=_("Other room at this place"), required=False)
    storage = forms.ChoiceField(
        label=_("For food kept"), choices=StorageClass.choices, required=False
    )
    room_g = KilogramsField(label=_("Room on that day, in kilograms"), required=False)

    def __init__(self, *args: Any, places: Iterable[Location], **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(str(each.pk), f"{each.name} · {each.organization.name}") for each in places]
        for name in ("closed", "place"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = [("", _("None")), *named]
        usual = Weights()
        for name, label in WEIGHT_WORDS.items():
            self.fields[name] = forms.FloatField(
                label=label,
                min_value=0,
                max_value=HIGHEST,
                initial=getattr(usual, name),
                required=False,
                widget=forms.NumberInput(
                    attrs={"class": "input-number", "inputmode": "decimal", "step": "any"}
                ),
            )

    @property
    def weights(self) -> list[Any]:
        """The fields of the weights, to be shown together."""
        return [self[name] for name in WEIGHT_WORDS]

    @property
    def a_weight_is_wrong(self) -> bool:
        """Whether they must be seen."""
        return not self.errors.keys().isdisjoint(WEIGHT_WORDS)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("place") and found.get("room_g") is None and "room_g" not in self.errors:
            self.add_error("room_g", _("Please say how much room there would be."))
        return found

    def changes(self) -> Changes:
        """What differs from how it is; call it once the form is valid."""
        found, usual = self.cleaned_data, Weights()
        return Changes(
            closed=(found["closed"],) if found["closed"] else (),
            room=(Room(found["place"], found["storage"], found["room_g"]),)
            if found["place"]
            else (),
            weights={
                name: found[name]
                for name in WEIGHT_WORDS
                if found[name] is not None and found[name] != getattr(usual, name)
            },
        )
