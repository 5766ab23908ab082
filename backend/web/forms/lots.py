"""The food of an offer as forms ask for it: a row of fields for each lot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.common.mass import grams
from backend.listings.domain.checks import MOST_LOTS
from backend.listings.domain.draft import LotDraft
from backend.regions.packs import pack
from backend.web import regional
from backend.web.components import Text
from backend.web.forms.fields import STORAGE_CHOICES, WholeNumberField, some_of

KILOGRAMS, UNITS = "kg", "units"
#: What one portion usually weighs.
USUAL_UNIT_G = 400
#: Names of the hidden numbers of further rows, and of the buttons that add one or take one away.
NUMBER, ADD, DROP = "lot", "add_lot", "drop_lot"
#: The number of a row that a script copies.
BLANK = "__n__"
#: Which field of a row stands for which of a draft's lot.
FIELD_OF = {
    **dict.fromkeys(("declared_g", "volume_ml", "step_g", "unit_count"), "amount"),
    **{name: name for name in ("category", "storage_class", "packaging", "allergens")},
    "diet_flags": "diet_flags",
}
#: A row in which none of these is filled in was added in vain.
_SAYS_SOMETHING = ("category", "description", "amount")


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot's fields of a form. The first has no number; the names of further ones begin with
    theirs.
    """

    form: forms.Form
    number: str = ""

    @property
    def prefix(self) -> str:
        return f"{NUMBER}{self.number}_" if self.number else ""

    def __getitem__(self, name: str) -> BoundField:
        return self.form[self.prefix + name]

    def value(self, name: str) -> Any:
        return self.form.cleaned_data.get(self.prefix + name)

    def refuse_bad_amount(self) -> None:
        """Adds one error to the amount where it is nothing, or no whole number of pieces."""
        amount: Decimal | None = self.value("amount")
        if amount is None:
            return
        if self.value("measure") == UNITS:
            if amount < 1:
                self._refuse(_("The number must be at least one."))
            elif amount != int(amount):
                self._refuse(_("Please count whole pieces or portions."))
        elif amount <= 0:
            self._refuse(_("Please say how much it weighs: more than nothing."))

    def _refuse(self, words: Text) -> None:
        self.form.add_error(f"{self.prefix}amount", str(words))

    def lot(self) -> LotDraft:
        """The food without its dates."""
        amount: Decimal = self.value("amount")
        is_counted = self.value("measure") == UNITS
        mass_g = amount * (self.value("unit_g") or USUAL_UNIT_G) if is_counted else grams(amount)
        return LotDraft(
            category=self.value("category"),
            declared_g=int(mass_g),
            description=self.value("description"),
            unit_label=self.value("unit_label") if is_counted else "",
            unit_count=int(amount) if is_counted else None,
            storage_class=self.value("storage_class"),
            packaging=self.value("packaging"),
            allergens=tuple(self.value("allergens")),
            diet_flags=tuple(self.value("diet_flags")),
        )

    def title(self) -> str:
        return self.value("description") or regional.category(self.value("category"))


class KindSelect(forms.Select):
    """A list of kinds of food; each says which dates the region asks for."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-asks"] = regional.asked_dates(str(value))
        return option


def lot_fields(*, is_first: bool) -> dict[str, forms.Field]:
    """Fresh fields of one row, without its dates; the first one's kinds are shown as tiles."""
    kind: Any = forms.RadioSelect if is_first else KindSelect
    choices = regional.choices(pack().categories) if is_first else _grouped_kinds()
    return {
        "category": forms.ChoiceField(label=_("What is it?"), widget=kind, choices=choices),
        "description": forms.CharField(
            label=_("What exactly?"),
            max_length=120,
            required=False,
            widget=forms.TextInput(attrs={"placeholder": _("for example chicken lunch boxes")}),
        ),
        **_amount_fields(),
        **_keeping_fields(),
    }


def _grouped_kinds() -> list[Any]:
    """All kinds of food under the names of their groups."""
    region = pack()
    groups = [
        (
            regional.name_of(group),
            [
                (kind, regional.name_of(category))
                for kind, category in region.categories.items()
                if category.group == code
            ],
        )
        for code, group in region.category_groups.items()
    ]
    return [("", _("Please choose")), *groups]


def _amount_fields() -> dict[str, forms.Field]:
    number = forms.NumberInput(
        attrs={"class": "input-number", "inputmode": "decimal", "step": "any", "min": "0"}
    )
    return {
        "amount": forms.DecimalField(
            label=_("How much?"), max_digits=8, decimal_places=3, widget=number
        ),
        "measure": forms.ChoiceField(
            label=_("Counted in"),
            choices=[(KILOGRAMS, _("kilograms")), (UNITS, _("pieces or portions"))],
            widget=forms.RadioSelect,
            initial=KILOGRAMS,
        ),
        "unit_label": forms.CharField(
            label=_("They are called"),
            max_length=20,
            required=False,
            widget=forms.TextInput(attrs={"placeholder": _("portions")}),
        ),
        "unit_g": WholeNumberField(
            label=_("One weighs about, in grams"),
            required=False,
            min_value=1,
            initial=USUAL_UNIT_G,
        ),
    }


def _keeping_fields() -> dict[str, forms.Field]:
    region = pack()
    return {
        "storage_class": forms.ChoiceField(
            label=_("Kept"),
            choices=[("", pgettext_lazy("storage", "As usual")), *STORAGE_CHOICES],
            widget=forms.RadioSelect,
            required=False,
            initial="",
        ),
        "allergens": some_of(regional.choices(region.allergens), label=_("Contains")),
        "diet_flags": some_of(
            regional.choices(region.diets),
            label=_("Suits"),
            help_text=_("Only what you are sure of: charities rely on it."),
        ),
        "packaging": forms.ChoiceField(
            label=_("Packed in"),
            choices=[("", _("not said")), *regional.choices(region.packagings)],
            required=False,
        ),
    }


def lot_initial(lot: LotDraft) -> dict[str, Any]:
    """A row filled in with a lot, without its dates."""
    names = ("category", "description", "storage_class", "packaging", "unit_label")
    lists = {"allergens": list(lot.allergens), "diet_flags": list(lot.diet_flags)}
    return {name: getattr(lot, name) for name in names} | lists | _amount_initial(lot)


def _amount_initial(lot: LotDraft) -> dict[str, Any]:
    if lot.unit_count:
        each_g = round(lot.declared_g / lot.unit_count)
        return {"amount": lot.unit_count, "measure": UNITS, "unit_g": each_g}
    return {"amount": f"{lot.declared_g / 1_000:g}", "measure": KILOGRAMS}


def row_names(row: int) -> str:
    """What the names of the fields of a draft's lot begin with, by its place in the draft."""
    return f"{NUMBER}{row}_" if row else ""


def further_rows(lots: Sequence[object]) -> list[str]:
    """Numbers of the rows after the first for so many lots."""
    return [str(place) for place in range(1, len(lots))]


def sent_rows(data: QueryDict) -> list[str]:
    """Numbers of the further rows that were sent, each once."""
    numbers = (int(each) for each in data.getlist(NUMBER) if each.isdecimal())
    return [str(each) for each in dict.fromkeys(numbers) if 0 < each <= 10 * MOST_LOTS]


def filled_rows(data: QueryDict) -> list[str]:
    """Of the rows that were sent those in which something was filled in."""
    return [row for row in sent_rows(data) if any(_says(data, row, n) for n in _SAYS_SOMETHING)]


def _says(data: Mapping[str, Any], row: str, name: str) -> bool:
    return bool(str(data.get(f"{NUMBER}{row}_{name}", "")).strip())


def rows_asked_for(data: QueryDict) -> list[str] | None:
    """The rows to show after the button that adds or takes away one; None when it was another."""
    rows = sent_rows(data)
    if ADD in data:
        return [*rows, str(max(map(int, rows), default=0) + 1)]
    if DROP in data:
        return [row for row in rows if row != data[DROP]]
    return None
