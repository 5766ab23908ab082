"""Form fields that several pages share: kilograms, local moments, numbers, choices as tiles."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.common import phone
from backend.common.mass import grams, kilograms
from backend.web.components import STORAGE_CLASSES, Text

STORAGE_CHOICES = [(code, each.word) for code, each in STORAGE_CLASSES.items()]

NO_PHONE = _("Please type a phone number, for example 02-2345-6789 or +886 912 345 678.")


class KilogramsField(forms.DecimalField):
    """Typed in kilograms, cleaned to integer grams; an initial value is in grams."""

    def __init__(self, **options: Any) -> None:
        number = forms.NumberInput(
            attrs={"class": "input-number", "inputmode": "decimal", "step": "any", "min": "0"}
        )
        defaults: dict[str, Any] = {
            "max_digits": 9,
            "decimal_places": 3,
            "min_value": 0,
            "widget": number,
        }
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> Any:
        """Grams, or None where nothing was typed."""
        typed: Decimal | None = super().clean(value)
        return None if typed is None else grams(typed)

    def prepare_value(self, value: Any) -> Any:
        return f"{kilograms(value):f}" if isinstance(value, int) else value


class LocalMomentField(forms.DateTimeField):
    """A day and time where the place is; cleaned to an aware instant."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**({"widget": widget} | options))


class DayField(forms.DateField):
    """A calendar day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**({"widget": widget} | options))


class ClockField(forms.TimeField):
    """A time of day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**({"widget": widget} | options))


class WholeNumberField(forms.IntegerField):
    """A count, typed on the number keys."""

    def __init__(self, **options: Any) -> None:
        number = forms.NumberInput(attrs={"class": "input-number", "inputmode": "numeric"})
        super().__init__(**({"widget": number} | options))


class PhoneField(forms.CharField):
    """A phone number as people of any country write it, see `backend.common.phone`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        defaults: dict[str, Any] = {"widget": widget, "max_length": phone.LONGEST}
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> str:
        return str(super().clean(phone.tidy(value or "")))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not phone.is_phone(value):
            raise forms.ValidationError(NO_PHONE, "not_a_phone")


class DegreesField(forms.DecimalField):
    """Degrees Celsius with one decimal, cleaned to integer tenths."""

    def __init__(self, **options: Any) -> None:
        number = forms.NumberInput(
            attrs={"class": "input-number", "inputmode": "decimal", "step": "0.1"}
        )
        defaults: dict[str, Any] = {"max_digits": 5, "decimal_places": 1, "widget": number}
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> Any:
        typed: Decimal | None = super().clean(value)
        return None if typed is None else int(typed * 10)


def some_of(
    choices: Iterable[tuple[str, Text]],
    *,
    label: Any,
    help_text: Any = "",
    required: bool = False,
) -> forms.MultipleChoiceField:
    """Any number of check boxes."""
    return forms.MultipleChoiceField(
        choices=list(choices),
        widget=forms.CheckboxSelectMultiple,
        label=label,
        help_text=help_text,
        required=required,
    )


def one_of(
    choices: Iterable[tuple[str, Text]], *, label: Any, help_text: Any = "", required: bool = True
) -> forms.ChoiceField:
    """One radio button of several."""
    return forms.ChoiceField(
        choices=list(choices),
        widget=forms.RadioSelect,
        label=label,
        help_text=help_text,
        required=required,
    )


def code_field() -> forms.CharField:
    """The six figures of the other side; blanks between the groups do not matter."""
    return SixFiguresField(
        label=_("Their code"),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "input-number", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )


class SixFiguresField(forms.CharField):
    """A hand-over code as people type it."""

    def to_python(self, value: Any) -> str:
        return "".join(str(super().to_python(value)).split())
