"""Forms of those who receive: programmes, consent, room, needs, requests, answers, claims."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.common.ids import new_id
from backend.custody.domain.replay import Remainder
from backend.custody.domain.submission import SubmittedLine
from backend.organizations.models import Programme
from backend.regions.packs import pack
from backend.web import regional
from backend.web.components import STORAGE_CLASSES, Text
from backend.web.forms.fields import (
    STORAGE_CHOICES,
    DayField,
    DegreesField,
    KilogramsField,
    LocalMomentField,
    WholeNumberField,
    code_field,
    one_of,
    some_of,
)
from backend.web.forms.stop_hand_over import MISSING_REASON, NOBODY, REFUSAL_WORDS
from backend.web.once import OnceField
from matching.models import DeclineReason

KILOMETRE_M = 1_000
FETCHED_REMAINDERS = [
    (Remainder.LEFT_BEHIND, _("It stayed there; others may have it")),
    (Remainder.NEVER_THERE, _("There was less than promised")),
    (Remainder.COMES_LATER, _("We fetch it later")),
]
BROUGHT_REMAINDERS = [
    (Remainder.NEVER_THERE, _("It got lost on the way")),
    (Remainder.COMES_LATER, _("It follows with another trip")),
]


@dataclass(frozen=True, slots=True)
class ReceiveLine:
    """One line of a claim that is being received: what it is and how much should be there."""

    id: UUID
    title: str
    storage_class: str
    expected_g: int

    @property
    def is_kept_cold_or_hot(self) -> bool:
        return self.storage_class != "ambient"


class KilometresField(WholeNumberField):
    """Typed in whole kilometres, cleaned to metres; an initial value is in metres."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return None if typed is None else typed * KILOMETRE_M

    def prepare_value(self, value: Any) -> Any:
        return value // KILOMETRE_M if isinstance(value, int) else value


class ProgrammeForm(forms.Form):
    """Whom a programme serves, under which rules, and what it does not take."""

    name = forms.CharField(
        label=_("What you call it"),
        max_length=120,
        help_text=_("For example “Lunch for elders” or “Friday pantry”."),
    )
    people_per_week = WholeNumberField(
        label=_("People you serve in a week"),
        min_value=1,
        help_text=_("A fair share is counted by this number."),
    )
    collects_itself = forms.BooleanField(label=_("We can fetch food ourselves"), required=False)
    max_distance_m = KilometresField(
        label=_("Farthest we go to fetch it, in kilometres"), min_value=0, max_value=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = pack()
        self.fields["diet_rules"] = some_of(
            regional.choices(region.diets),
            label=_("Rules that everything must keep"),
            help_text=_("Only food that the donor says is suitable is offered."),
        )
        self.fields["categories_not_taken"] = some_of(
            regional.choices(region.categories), label=_("Food you do not take")
        )
        self.fields["allergens_not_taken"] = some_of(
            regional.choices(region.allergens), label=_("Allergens you cannot take")
        )


class ConsentForm(forms.Form):
    """The limits within which we accept for a programme."""

    max_g_per_day = KilogramsField(
        label=_("At most a day, in kilograms"),
        help_text=_("All offers of a day together."),
    )
    max_distance_m = KilometresField(
        label=_("At most so many kilometres away"), required=False, min_value=1, max_value=100
    )
    until_date = DayField(
        label=_("Until"), required=False, help_text=_("Without a date: until you take it back.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category_groups"] = some_of(
            regional.choices(pack().category_groups),
            label=_("Only this food"),
            help_text=_("None chosen means any food that you take."),
        )


class CapacityForm(forms.Form):
    """Kilograms a day for each way of keeping food; empty means that nothing is kept so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, storage in STORAGE_CLASSES.items():
            self.fields[code] = KilogramsField(label=storage.word, required=False)


class NeedsForm(forms.Form):
    """Kilograms a week for each group of food; empty means no wish."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in regional.choices(pack().category_groups):
            self.fields[code] = KilogramsField(label=name, required=False)


class ProgrammeChoice(forms.Form):
    """Chooses among the programmes of the charity; a single one is not asked for."""

    programme = forms.ChoiceField(label=_("For"))

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = {str(each.pk): each for each in programmes}
        field = self.fields["programme"]
        field.choices = [(pk, each.name) for pk, each in self.programmes.items()]  # type: ignore[attr-defined]
        if len(self.programmes) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(self.programmes))

    def chosen(self) -> Programme:
        return self.programmes[self.cleaned_data["programme"]]


class RequestForm(ProgrammeChoice):
    """A one-off wish."""

    category_group = forms.ChoiceField(label=_("What do you need?"))
    mass_g = KilogramsField(label=_("How much, in kilograms"))
    needed_until_at = LocalMomentField(label=_("Needed until"))
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("No names of people, please."),
    )
    is_public = forms.BooleanField(
        label=_("Show it on the public need board"),
        required=False,
        initial=True,
        help_text=_("With the name of your organization, so that donors can help."),
    )
    once = OnceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = regional.choices(pack().category_groups)
        self.fields["category_group"].choices = groups  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Takes an offer, whole or in part: kilograms of each lot."""

    once = OnceField()

    def __init__(self, *args: Any, offered: Mapping[str, tuple[str, int]], **kwargs: Any) -> None:
        """`offered` names each field with its label and the grams that can be taken."""
        super().__init__(*args, **kwargs)
        self.names = tuple(offered)
        for name, (label, mass_g) in offered.items():
            self.fields[name] = KilogramsField(
                label=label, initial=mass_g, required=len(offered) == 1
            )

    def shares(self) -> dict[UUID, int]:
        """Grams by lot, of those that are taken at all."""
        taken = {name: self.cleaned_data.get(name) for name in self.names}
        return {UUID(name.removeprefix("lot_")): grams for name, grams in taken.items() if grams}


class ClaimForm(AnswerForm):
    """Claims by hand: how much of which lot, how it comes, and when if one fetches it."""

    def __init__(self, *args: Any, transports: Iterable[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["transport"] = one_of(transports, label=_("How does it get to you?"))
        self.fields["booked_from_at"] = LocalMomentField(
            label=_("When do you come?"),
            required=False,
            help_text=_("Only if you fetch it yourselves. Without a time: any time until the end."),
        )


class DeclineForm(forms.Form):
    """Why not, in a word; it helps to ask better next time."""

    reason = one_of(DeclineReason.choices, label=_("Why not?"), required=False)


class BoardFilter(forms.Form):
    """What of the board to show; every part may be left out."""

    km = forms.ChoiceField(label=_("Within"), required=False)
    kind = forms.ChoiceField(label=_("Kind of food"), required=False)
    storage = forms.ChoiceField(label=_("Storage"), required=False)
    takeable = forms.BooleanField(label=_("Only what we can take"), required=False)

    RADII: ClassVar = (2, 5, 10, 20, 50)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_ = [("", _("any"))]
        kilometres = [(str(km), _("%(km)d km") % {"km": km}) for km in self.RADII]
        groups = regional.choices(pack().category_groups)
        for name, found in (("km", kilometres), ("kind", groups), ("storage", STORAGE_CHOICES)):
            self.fields[name].choices = [*any_, *found]  # type: ignore[attr-defined]


class ReceiveForm(forms.Form):
    """What arrived of a claim: mass of each line, temperature, what became of the rest."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    code = code_field()
    refusal = forms.ChoiceField(
        label=_("If you refuse some: why?"), choices=list(REFUSAL_WORDS.items()), required=False
    )
    signer_name = forms.CharField(label=_("Who handed it over?"), max_length=80, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, *args: Any, lines: Sequence[ReceiveLine], asks_code: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.asks_code = asks_code
        self.fields["remainder"] = one_of(
            FETCHED_REMAINDERS if asks_code else BROUGHT_REMAINDERS,
            label=_("If it was less: where is the rest?"),
            required=False,
        )
        del self.fields["refusal" if asks_code else "code"]
        for line in lines:
            self.fields[f"mass_{line.id}"] = KilogramsField(
                label=_("Weighed, in kilograms"), initial=line.expected_g
            )
            if not asks_code:
                self.fields[f"refused_{line.id}"] = KilogramsField(
                    label=_("Refused, in kilograms"), required=False
                )
            if line.is_kept_cold_or_hot:
                self.fields[f"degrees_{line.id}"] = DegreesField(label=_("Temperature, °C"))

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if self._is_short(found) and not found.get("remainder"):
            self.add_error("remainder", _("Please say where the rest is."))
        if any(self._refused_g(found, line) for line in self.lines) and not found.get("refusal"):
            self.add_error("refusal", MISSING_REASON)
        if self.asks_code and not (found.get("code") or found.get("signer_name")):
            self.add_error("code", NOBODY)
        return found

    def submitted(self) -> tuple[SubmittedLine, ...]:
        """The lines as custody takes them."""
        found = self.cleaned_data
        return tuple(
            SubmittedLine(
                claim_line_id=line.id,
                accepted_g=found[f"mass_{line.id}"],
                refused_g=self._refused_g(found, line),
                reason=found["refusal"] if self._refused_g(found, line) else "",
                remainder=self._remainder(found, line),
                temperature_dc=found.get(f"degrees_{line.id}"),
            )
            for line in self.lines
        )

    def rows(self) -> list[tuple[ReceiveLine, list[forms.BoundField]]]:
        """Each line with its fields, for the template."""
        names = ("mass", "degrees", "refused")
        return [
            (
                line,
                [self[f"{name}_{line.id}"] for name in names if f"{name}_{line.id}" in self.fields],
            )
            for line in self.lines
        ]

    def _refused_g(self, found: dict[str, Any], line: ReceiveLine) -> int:
        return int(found.get(f"refused_{line.id}") or 0)

    def _remainder(self, found: dict[str, Any], line: ReceiveLine) -> Remainder:
        is_short = _named_g(found, line) < line.expected_g
        return Remainder(found.get("remainder") or "") if is_short else Remainder.NONE

    def _is_short(self, found: dict[str, Any]) -> bool:
        return any(_named_g(found, line) < line.expected_g for line in self.lines)


def _named_g(found: dict[str, Any], line: ReceiveLine) -> int:
    """What was weighed and refused together; a field with an error of its own asks no more."""
    mass_g = found.get(f"mass_{line.id}")
    if mass_g is None:
        return line.expected_g
    return int(mass_g) + int(found.get(f"refused_{line.id}") or 0)
