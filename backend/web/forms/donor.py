"""Forms of those who give: food in under a minute, changes, corrections."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.models import Audience
from backend.organizations.models import Location
from backend.web.components import Text
from backend.web.forms.fields import DayField, KilogramsField, LocalMomentField, one_of, some_of
from backend.web.forms.lots import FIELD_OF, LotRow, lot_fields
from backend.web.once import OnceField

OTHER_TIME = "other"
F = TypeVar("F", bound=forms.Form)
LONGEST_TITLE = 120
#: Codes of charities with their names.
Charities = Sequence[tuple[str, str]]


class FoodForm(forms.Form):
    """What, how much, kept how; and by whom it may be fetched. `further` numbers the lots after the
    first one.
    """

    location = forms.ChoiceField(label=_("Where"))
    note = forms.CharField(label=_("Note for whoever fetches it"), max_length=300, required=False)
    allows_self_collect = forms.BooleanField(
        label=_("Charities may fetch it"), required=False, initial=True
    )
    allows_courier = forms.BooleanField(
        label=_("A driver may fetch it"), required=False, initial=True
    )
    donor_delivers = forms.BooleanField(label=_("We can bring it"), required=False)

    #: Which field of a row stands for which date of a draft's lot.
    DATE_OF: ClassVar[dict[str, str]] = {}

    def __init__(
        self, *args: Any, places: Sequence[Location], further: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [LotRow(self), *(LotRow(self, number) for number in further)]
        first: dict[str, None] = {"location": None}
        for row in self.rows:
            made = lot_fields(is_first=not row.number) | self.date_fields()
            named = {f"{row.prefix}{name}": field for name, field in made.items()}
            self.fields |= named
            first |= dict.fromkeys(named)
        self.order_fields(list(first))
        where: Any = self.fields["location"]
        where.choices = [(str(place.pk), place.name) for place in places]
        if len(places) == 1:
            where.widget = forms.HiddenInput()
            where.initial = str(places[0].pk)

    def date_fields(self) -> dict[str, forms.Field]:
        """The dates that each row asks for: none, unless a kind of form does."""
        return {}

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            row.refuse_bad_amount()
        return self.cleaned_data

    def title(self) -> str:
        """What it is, all of it, as far as a title has room."""
        return title_of(row.title() for row in self.rows)

    def ways(self) -> dict[str, Any]:
        names = ("note", "allows_self_collect", "allows_courier", "donor_delivers")
        return {name: self.cleaned_data[name] for name in names}

    def names(self) -> dict[str, str]:
        """Which field stands for which of the action's, as refusals name them."""
        return {
            f"{before}lots.{place}.{theirs}": f"{row.prefix}{ours}"
            for place, row in enumerate(self.rows)
            for theirs, ours in (FIELD_OF | self.DATE_OF).items()
            for before in ("", "template.")
        }


def unsent(form: F, request: HttpRequest) -> F:
    """A form that is not bound, filled in with what was typed so far, so that nothing is judged."""
    sent, files = request.POST, request.FILES
    for name, field in form.fields.items():
        if not field.widget.value_omitted_from_data(sent, files, name):
            form.initial[name] = field.widget.value_from_datadict(sent, files, name)
    return form


class PostForm(FoodForm):
    """One listing from now until a quick choice of time, for any charity or for chosen ones."""

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

    DATE_OF: ClassVar = {name: name for name in ("use_by_date", "best_before_date", "cooked_at")}

    def __init__(
        self,
        *args: Any,
        now: datetime,
        until_choices: Iterable[tuple[str, Text]] = (),
        charities: Charities = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        choices = [*until_choices, (OTHER_TIME, _("another time"))]
        self.fields["until"] = one_of(choices, label=_("Until when can it be fetched?"))
        if charities:
            self.fields["charities"] = charities_field(charities)

    def date_fields(self) -> dict[str, forms.Field]:
        return {
            "use_by_date": DayField(label=_("Use by"), required=False),
            "best_before_date": DayField(label=_("Best before"), required=False),
            "cooked_at": LocalMomentField(label=_("Cooked at"), required=False),
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("until") == OTHER_TIME:
            self._check_until(found.get("until_at"))
        return found

    def _check_until(self, until_at: datetime | None) -> None:
        if until_at is None:
            if "until_at" not in self.errors:
                self.add_error("until_at", _("Please say until when."))
        elif until_at <= self.now:
            self.add_error("until_at", _("This time is already over."))

    def draft(self) -> ListingDraft:
        found = self.cleaned_data
        return ListingDraft(
            title=self.title(),
            pickup_from_at=found["from_at"] or self.now,
            pickup_until_at=until(found["until"], found["until_at"], now=self.now),
            lots=tuple(self._dated(row) for row in self.rows),
            **audience_of(found),
            **self.ways(),
        )

    def _dated(self, row: LotRow) -> LotDraft:
        return replace(row.lot(), **{name: row.value(name) for name in self.DATE_OF})


class ChangeForm(forms.Form):
    """What may change of a listing that is open."""

    title = forms.CharField(label=_("What exactly?"), max_length=LONGEST_TITLE)
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

    def __init__(self, *args: Any, charities: Charities = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if charities:
            self.fields["charities"] = charities_field(charities)


class CorrectForm(forms.Form):
    """How much of a lot is really there and not promised yet."""

    free_g = KilogramsField(
        label=_("Really there and still free, in kilograms"),
        help_text=_("What is promised stays promised."),
    )


def title_of(names: Iterable[str]) -> str:
    """The title of an offer of foods with these names."""
    return gettext(", ").join(dict.fromkeys(names))[:LONGEST_TITLE]


def charities_field(charities: Charities) -> forms.MultipleChoiceField:
    """Who may take it."""
    return some_of(
        charities,
        label=_("Only for these charities"),
        help_text=_("These took food of yours before. None chosen means any charity."),
    )


def audience_of(found: dict[str, Any]) -> dict[str, Any]:
    """Chosen charities as a draft has them; any charity where none was chosen."""
    chosen = tuple(UUID(each) for each in found.get("charities") or ())
    audience = Audience.CHOSEN if chosen else Audience.RECIPIENTS
    return {"audience": audience.value, "chosen_recipient_ids": chosen}


def until(choice: str, typed: datetime | None, *, now: datetime) -> datetime:
    """The instant of a quick choice: hours from now, an instant, or what was typed."""
    if choice == OTHER_TIME and typed is not None:
        return typed
    if choice.isdecimal():
        return now + timedelta(hours=int(choice))
    return datetime.fromisoformat(choice)
