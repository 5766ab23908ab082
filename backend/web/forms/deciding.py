"""Forms of coordinators: decisions about organizations, drivers, incidents; runs of solvers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.organizations.models.organization import DecisionReason
from backend.web.components import Text
from backend.web.forms.fields import DayField, one_of

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
