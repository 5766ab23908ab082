"""Forms for joining: the organization, its places and hours, papers, people."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from backend.organizations.domain.hours import WeeklyHours
from backend.organizations.models.organization import DocumentKind
from backend.organizations.models.people import MembershipRole
from backend.regions.packs import pack
from backend.web import regional
from backend.web.forms.fields import ClockField, DayField, PhoneField, one_of, some_of
from backend.web.once import OnceField

ROLE_CHOICES = [
    ("donor", _("We give food: shop, kitchen, farm, market")),
    ("recipient", _("We serve people: kitchen, pantry, shelter")),
    ("hub", _("We store food for others")),
    ("carrier", _("We carry food for others")),
]
DAY_MINUTES = 24 * 60


class OrganizationForm(forms.Form):
    """Who the organization is and how it can be reached."""

    name = forms.CharField(
        label=_("Name of the organization"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    roles = some_of(ROLE_CHOICES, label=_("What do you do?"), required=True)
    legal_id = forms.CharField(
        label=_("Registration number"),
        max_length=20,
        required=False,
        help_text=_("The number on your registration or permit, if you have one."),
    )
    contact_email = forms.EmailField(
        label=_("E-mail for questions"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    contact_phone = PhoneField(label=_("Phone for questions"), required=False)


class RegisterForm(OrganizationForm):
    """A new organization, with the county whose coordinators decide about it."""

    county_code = forms.ChoiceField(label=_("County or city"))
    once = OnceField()
    field_order = ("name", "roles", "county_code", "legal_id", "contact_email", "contact_phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = [("", _("Please choose")), *regional.choices(pack().counties)]
        self.fields["county_code"].choices = counties  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """A place: where it is and how to find the door. Longitude and latitude come from the pin."""

    name = forms.CharField(
        label=_("What you call this place"),
        max_length=120,
        help_text=_("For example “Yongkang branch” or “kitchen”."),
    )
    address = forms.CharField(label=_("Address"), max_length=200)
    lon = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    access_notes = forms.CharField(
        label=_("How to find the door"),
        max_length=300,
        required=False,
        help_text=_("For example “ring at the back, beside the car park”."),
    )
    phone = PhoneField(label=_("Phone at the door"), required=False)


class NewPlaceForm(PlaceForm):
    """A new place, open at the same hours on the chosen days; single days are set later."""

    open_days = some_of(
        [(str(day), name) for day, name in WEEKDAYS.items()],
        label=_("Open on"),
        required=True,
    )
    opens = ClockField(label=_("From"), initial=time(9))
    closes = ClockField(label=_("Until"), initial=time(21), help_text=_("00:00 means midnight."))
    once = OnceField()

    def hours(self) -> list[WeeklyHours]:
        span = minutes(self.cleaned_data["opens"], self.cleaned_data["closes"])
        return [WeeklyHours(int(day), *span) for day in self.cleaned_data["open_days"]]


class DayForm(forms.Form):
    """The hours of one weekday: up to two openings; nothing means closed."""

    opens = ClockField(label=_("From"), required=False)
    closes = ClockField(label=_("Until"), required=False)
    opens_again = ClockField(label=_("And from"), required=False)
    closes_again = ClockField(label=_("Until"), required=False)

    PAIRS: ClassVar = (("opens", "closes"), ("opens_again", "closes_again"))

    def clean(self) -> dict[str, Any]:
        for first, last in self.PAIRS:
            if first in self.fields and _is_half(self.cleaned_data, first, last):
                empty = first if self.cleaned_data.get(first) is None else last
                self.add_error(empty, _("Please say both, or neither."))
        return self.cleaned_data

    def spans(self) -> list[tuple[int, int]]:
        """Minutes after midnight of each opening."""
        times = [(self.cleaned_data.get(a), self.cleaned_data.get(b)) for a, b in self.PAIRS]
        return [minutes(opens, closes) for opens, closes in times if opens and closes]


class ExceptionForm(DayForm):
    """Other hours on one date; without times the place is closed."""

    local_date = DayField(label=_("Date"))
    opens_again = None  # type: ignore[assignment]
    closes_again = None  # type: ignore[assignment]
    field_order = ("local_date", "opens", "closes")


class PaperForm(forms.Form):
    """A paper that shows who the organization is."""

    kind = one_of(DocumentKind.choices, label=_("What does it show?"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF or a photo (JPEG, PNG), at most 5 MB. Only coordinators read it."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )


class TermsForm(forms.Form):
    """A yes to the terms."""

    agree = forms.BooleanField(label=_("We agree, and I may say so for the organization."))


class InviteForm(forms.Form):
    """Whom to ask to join, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = one_of(
        [
            (MembershipRole.STAFF, _("Runs the day: posts, claims, hands over")),
            (MembershipRole.MANAGER, _("Also changes settings and people")),
        ],
        label=_("May do"),
    )


def minutes(opens: time, closes: time) -> tuple[int, int]:
    """Minutes after midnight; a close not after the opening is on the next day."""
    first, last = _minute(opens), _minute(closes)
    return first, last if last > first else last + DAY_MINUTES


def _is_half(found: dict[str, Any], first: str, last: str) -> bool:
    return (found.get(first) is None) != (found.get(last) is None)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
