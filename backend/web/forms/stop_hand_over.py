"""The form of a hand-over at a stop: one row of fields for each lot of a claim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from backend.claims.models import ClaimLine
from backend.custody.domain.replay import Kind, Remainder
from backend.custody.domain.submission import SubmittedLine
from backend.web.forms.fields import DegreesField, KilogramsField, code_field
from backend.web.once import OnceField

#: Food of these classes is measured, where there is a thermometer.
MEASURED = ("chilled", "frozen", "hot")
REFUSAL_WORDS = {
    "": _("Please choose"),
    "damaged": _("Damaged or dirty"),
    "wrong_temperature": _("Too warm or too cold"),
    "spoilt": _("No longer good"),
    "too_much": _("More than they can use"),
    "not_agreed": _("Not what was agreed"),
    "other": _("Another reason"),
}
PICKUP_REMAINDERS = {
    "": _("Please choose"),
    Remainder.NEVER_THERE: _("There was less than promised"),
    Remainder.LEFT_BEHIND: _("The rest did not fit; it stays here for others"),
    Remainder.COMES_LATER: _("The rest follows with another trip"),
}
DROP_REMAINDERS = {
    "": _("Please choose"),
    Remainder.COMES_LATER: _("The rest is still in the vehicle"),
    Remainder.NEVER_THERE: _("The rest got lost on the way"),
}
MISSING_REST = _("That is less than expected. What about the rest?")
MISSING_REASON = _("Say why it was refused.")
NOBODY = _("Type their code, or the name of who was there.")


@dataclass(frozen=True, slots=True)
class Expected:
    """One claim line at a stop: what should pass there."""

    line: ClaimLine
    title: str
    storage: str
    mass_g: int


@dataclass(frozen=True, slots=True)
class LineFields:
    """The fields of one lot, as a template shows them."""

    expected: Expected
    mass: BoundField
    temperature: BoundField | None
    remainder: BoundField | None
    refused: BoundField | None
    refusal: BoundField | None


class StopHandOverForm(forms.Form):
    """What passed at a stop; masses are prefilled with what is expected."""

    client_id = OnceField()
    claim = forms.UUIDField(widget=forms.HiddenInput)
    code = code_field()
    signer_name = forms.CharField(
        label=_("Or the name of who was there"),
        max_length=80,
        required=False,
        help_text=_("If they cannot show their code."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Anything to add?"), max_length=300, required=False)

    def __init__(
        self, *args: Any, kind: Kind, expected: Sequence[Expected], claim_id: UUID, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kind, self.expected = kind, expected
        self.fields["claim"].initial = claim_id
        for each in expected:
            self._add(each)
        self.order_fields([name for name in self.fields if name not in ("signer_name", "note")])

    def _add(self, each: Expected) -> None:
        key = each.line.pk.hex
        at_pickup = self.kind is Kind.COLLECTED
        label = _("Kilograms picked up") if at_pickup else _("Kilograms handed over")
        self.fields[f"mass-{key}"] = KilogramsField(label=label, initial=each.mass_g)
        if self.kind is Kind.DELIVERED:
            self.fields[f"refused-{key}"] = KilogramsField(
                label=_("Kilograms refused"), required=False
            )
            self.fields[f"refusal-{key}"] = _choice(_("Why refused?"), REFUSAL_WORDS)
        if each.storage in MEASURED:
            self.fields[f"temperature-{key}"] = DegreesField(
                label=_("Temperature in °C"),
                required=False,
                help_text=_("As your thermometer shows it."),
            )
        rests = PICKUP_REMAINDERS if at_pickup else DROP_REMAINDERS
        self.fields[f"rest-{key}"] = _choice(_("If it is less: what about the rest?"), rests)

    def rows(self) -> Iterator[LineFields]:
        """The fields lot by lot."""
        for each in self.expected:
            key = each.line.pk.hex
            yield LineFields(
                each,
                self[f"mass-{key}"],
                self._bound(f"temperature-{key}"),
                self._bound(f"rest-{key}"),
                self._bound(f"refused-{key}"),
                self._bound(f"refusal-{key}"),
            )

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for each in self.expected:
            self._check(each.line.pk.hex, each.mass_g, typed)
        if not typed.get("code") and not typed.get("signer_name") and "code" not in self.errors:
            self.add_error("code", forms.ValidationError(NOBODY, "nobody"))
        return typed

    def _check(self, key: str, expected_g: int, typed: dict[str, Any]) -> None:
        mass_g, refused_g = typed.get(f"mass-{key}"), typed.get(f"refused-{key}") or 0
        if refused_g and not typed.get(f"refusal-{key}"):
            self.add_error(f"refusal-{key}", forms.ValidationError(MISSING_REASON, "required"))
        is_short = mass_g is not None and mass_g + refused_g < expected_g
        if is_short and not typed.get(f"rest-{key}"):
            self.add_error(f"rest-{key}", forms.ValidationError(MISSING_REST, "required"))

    def lines(self) -> tuple[SubmittedLine, ...]:
        """What the action takes."""
        typed = self.cleaned_data
        return tuple(self._line(each, typed) for each in self.expected)

    def _line(self, each: Expected, typed: dict[str, Any]) -> SubmittedLine:
        key = each.line.pk.hex
        refused_g = typed.get(f"refused-{key}") or 0
        is_short = typed[f"mass-{key}"] + refused_g < each.mass_g
        rest = typed[f"rest-{key}"] if is_short else ""
        return SubmittedLine(
            claim_line_id=each.line.pk,
            accepted_g=typed[f"mass-{key}"],
            refused_g=refused_g,
            reason=typed.get(f"refusal-{key}") or "" if refused_g else "",
            remainder=Remainder(rest),
            temperature_dc=typed.get(f"temperature-{key}"),
        )


class GiveBackForm(forms.Form):
    """What becomes of food that nobody took: back to the donor, or disposed of."""

    client_id = OnceField()
    what = forms.ChoiceField(
        choices=[
            (Kind.RETURNED.value, _("I brought it back to the donor")),
            (Kind.DISPOSED.value, _("I disposed of it: nobody should eat it")),
        ],
        label=_("What became of it?"),
        widget=forms.RadioSelect,
    )
    signer_name = forms.CharField(
        label=_("Who took it?"),
        max_length=80,
        required=False,
        help_text=_("The name of who took it back."),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("what") == Kind.RETURNED and not typed.get("signer_name"):
            self.add_error("signer_name", forms.ValidationError(_("Say who took it."), "required"))
        return typed


def _choice(label: Any, words: dict[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(words.items()), label=label, required=False)
