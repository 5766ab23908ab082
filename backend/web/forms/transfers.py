"""Forms of transfers between counties: what is agreed, and what is sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.regions.packs import pack
from backend.web import regional, wording
from backend.web.components import Text
from backend.web.forms.fields import DayField, KilogramsField, LocalMomentField, one_of, some_of
from matching.domain.transfers import Carriage
from matching.models import TransferMode
from matching.selectors.transfers import Taker

#: Which side one proposes for.
GIVE, TAKE = "give", "take"


class AgreementForm(forms.Form):
    """What one's county would give to another, or take from it."""

    way = one_of(
        [(GIVE, _("We would send food there")), (TAKE, _("We would take food from there"))],
        label=_("Which way?"),
    )
    own = forms.ChoiceField(label=_("Our county"))
    other = forms.ChoiceField(label=_("The other county"))
    quota_g = KilogramsField(label=_("At most a week, in kilograms"))
    until_date = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("Without a date: until somebody ends it."),
    )

    def __init__(self, *args: Any, own: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        counties = pack().counties
        mine = sorted(own)
        for name, codes in (("own", mine), ("other", list(counties))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = [(code, regional.county(code)) for code in codes]
        self.fields["category_groups"] = some_of(
            regional.choices(pack().category_groups),
            label=_("Only this food"),
            help_text=_("None chosen means any food."),
        )

    def counties(self) -> tuple[str, str]:
        """From which to which; call it once the form is valid."""
        own, other = self.cleaned_data["own"], self.cleaned_data["other"]
        return (own, other) if self.cleaned_data["way"] == GIVE else (other, own)


class SendForm(forms.Form):
    """How much goes to whom, and on which leg."""

    taker = forms.ChoiceField(
        label=_("To"), help_text=_("Beside each charity: what it got so far for each person.")
    )
    mass_g = KilogramsField(label=_("How much, in kilograms"))
    mode = one_of(TransferMode.choices, label=_("How"))
    departs_at = LocalMomentField(label=_("Leaves the donor"))
    arrives_at = LocalMomentField(label=_("Arrives at the charity"))
    keeps_cold = forms.BooleanField(label=_("It keeps its temperature on the way"), required=False)
    waybill = forms.CharField(label=_("Number of the waybill"), max_length=40, required=False)

    def __init__(self, *args: Any, takers: Iterable[Taker], **options: Any) -> None:
        super().__init__(*args, **options)
        self._takers = {str(each.programme.pk): each for each in takers}
        field = self.fields["taker"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = _by_county(self._takers)

    def chosen(self) -> Taker:
        return self._takers[self.cleaned_data["taker"]]

    def carriage(self) -> Carriage:
        found = self.cleaned_data
        return Carriage(found["departs_at"], found["arrives_at"], found["keeps_cold"])


def _by_county(takers: Mapping[str, Taker]) -> list[tuple[str, list[tuple[str, Text]]]]:
    """The choices under the names of their counties, in the order in which they come."""
    groups: dict[str, list[tuple[str, Text]]] = {}
    for key, each in takers.items():
        code = each.programme.location.county_code
        groups.setdefault(regional.county(code), []).append((key, _named(each)))
    return list(groups.items())


def _named(taker: Taker) -> Text:
    """Short enough for a phone: what it got so far for each person, then whom."""
    return _("%(mass)s · %(charity)s") % {
        "charity": taker.programme.location.organization.name,
        "mass": wording.mass(round(taker.got_g_per_person)),
    }
