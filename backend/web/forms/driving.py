"""Forms of drivers: the application, vehicles, shifts, answers to routes."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.couriers.actions.cancel_shift import REASONS as CANCEL_REASONS
from backend.couriers.domain.shift_window import ShiftTimes
from backend.couriers.models import Courier, Shift, Vehicle, VehicleKind
from backend.custody.models import AttemptReason
from backend.geo.domain.points import Point
from backend.web.forms.fields import (
    ClockField,
    DayField,
    KilogramsField,
    WholeNumberField,
    one_of,
)
from backend.web.once import OnceField
from logistics.models import AbandonReason

ML_PER_LITRE = 1_000
METRES_PER_KM = 1_000
MINUTE_S = 60
#: What such a vehicle usually takes: kilograms, and litres of open space.
USUAL = {
    VehicleKind.ON_FOOT: (10, 30),
    VehicleKind.BICYCLE: (15, 50),
    VehicleKind.SCOOTER: (30, 90),
    VehicleKind.CAR: (200, 400),
    VehicleKind.VAN: (600, 3_000),
    VehicleKind.TRUCK: (2_000, 12_000),
}
CANCEL_WORDS = {
    "unavailable": _("I cannot make it"),
    "vehicle_broken": _("The vehicle is broken"),
    "weather": _("The weather"),
    "not_needed": _("It is not needed"),
}
ABANDON_WORDS = {
    AbandonReason.VEHICLE: _("The vehicle broke down"),
    AbandonReason.HEALTH: _("Illness or accident"),
    AbandonReason.TIME: _("Not enough time"),
    AbandonReason.WEATHER: _("Weather or road"),
    AbandonReason.OTHER: _("Another reason"),
}
DECLINE_WORDS = {
    "": _("I would rather not say"),
    "no_time": _("No time then"),
    "too_far": _("Too far"),
    "too_heavy": _("Too much to carry"),
    "vehicle": _("The vehicle does not suit"),
}
FAIL_WORDS = {
    AttemptReason.CLOSED: _("Nobody is there"),
    AttemptReason.NO_ACCESS: _("I cannot get to the place"),
    AttemptReason.NOT_READY: _("The food is not ready"),
    AttemptReason.GONE: _("The food is gone"),
    AttemptReason.NOT_EDIBLE: _("The food is no longer good"),
    AttemptReason.REFUSED: _("They do not want any of it"),
    AttemptReason.OTHER: _("Another reason"),
}
ONLY_PICKUP = (AttemptReason.NOT_READY, AttemptReason.GONE, AttemptReason.NOT_EDIBLE)


class PinForm(forms.Form):
    """A point that is moved on a map."""

    lon = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)

    def point(self) -> Point:
        return Point(self.cleaned_data["lon"], self.cleaned_data["lat"])


class HomeForm(PinForm):
    """Where the driver usually starts, and until when their training holds."""

    training_expires_date = DayField(
        label=_("Food-safety training valid until"),
        required=False,
        help_text=_("Leave it empty if you have had none yet."),
    )


class VehicleForm(forms.Form):
    """What somebody drives; what is left empty is taken as usual for such a vehicle."""

    kind = one_of(VehicleKind.choices, label=_("What do you drive?"))
    max_mass_g = KilogramsField(
        label=_("How many kilograms may it carry?"),
        required=False,
        help_text=_("Empty means: as usual for such a vehicle."),
    )
    ambient_litres = WholeNumberField(
        label=_("Open space, litres"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=_("A large shopping bag holds about 30 litres."),
    )
    chilled_litres = WholeNumberField(
        label=_("Cold box, litres"), required=False, min_value=0, max_value=100_000
    )
    frozen_litres = WholeNumberField(
        label=_("Freezer box, litres"), required=False, min_value=0, max_value=100_000
    )
    hot_litres = WholeNumberField(
        label=_("Hot box, litres"), required=False, min_value=0, max_value=100_000
    )

    def vehicle(self) -> dict[str, Any]:
        """What `add_vehicle` takes."""
        typed = self.cleaned_data
        usual_kg, usual_litres = USUAL[VehicleKind(typed["kind"])]
        given_mass_g, open_litres = typed["max_mass_g"], typed["ambient_litres"]
        litres = {
            "ambient": usual_litres if open_litres is None else open_litres,
            **{name: typed[f"{name}_litres"] or 0 for name in ("chilled", "frozen", "hot")},
        }
        return {
            "kind": typed["kind"],
            "max_mass_g": usual_kg * 1_000 if given_mass_g is None else given_mass_g,
            **{f"{name}_ml": amount * ML_PER_LITRE for name, amount in litres.items()},
        }


class NewVehicleForm(VehicleForm):
    """A further vehicle."""

    once = OnceField()


class ApplyForm(VehicleForm, HomeForm):
    """Everything that a coordinator needs to approve a driver."""

    once = OnceField()


class ShiftForm(forms.Form):
    """When somebody drives, and with what; an end before the beginning is on the next day."""

    date = DayField(label=_("Day"))
    from_time = ClockField(label=_("From"))
    until_time = ClockField(label=_("Until"))
    vehicle = forms.ModelChoiceField(
        Vehicle.objects.none(), label=_("Vehicle"), empty_label=None, widget=forms.RadioSelect
    )
    ends_at_home = forms.BooleanField(
        label=_("Bring me back to where I start"), required=False, initial=True
    )
    longest_route_km = WholeNumberField(
        label=_("Longest route, kilometres"), required=False, min_value=1, max_value=1_000
    )
    break_minutes = WholeNumberField(
        label=_("Break, minutes"), required=False, min_value=0, max_value=240
    )
    once = OnceField()

    def __init__(self, *args: Any, courier: Courier, zone: tzinfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        vehicles = courier.vehicles.filter(retired_at__isnull=True)
        field = self.fields["vehicle"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = vehicles
        field.initial = field.initial or vehicles.first()

    @staticmethod
    def initial_of(shift: Shift, zone: tzinfo) -> dict[str, Any]:
        """The form as it was filled in for the shift."""
        begins, ends = shift.from_at.astimezone(zone), shift.until_at.astimezone(zone)
        longest_m = shift.longest_route_m
        return {
            "date": begins.date(),
            "from_time": begins.time(),
            "until_time": ends.time(),
            "vehicle": shift.vehicle_id,
            "ends_at_home": shift.end_lon is not None,
            "longest_route_km": longest_m // METRES_PER_KM if longest_m else None,
            "break_minutes": shift.break_s // MINUTE_S or None,
        }

    def times(self) -> ShiftTimes:
        """The shift's instants; a break may begin from a quarter of the shift on."""
        typed = self.cleaned_data
        begins = datetime.combine(typed["date"], typed["from_time"], self.zone)
        ends = datetime.combine(typed["date"], typed["until_time"], self.zone)
        if ends <= begins:
            ends = datetime.combine(
                typed["date"] + timedelta(days=1), typed["until_time"], self.zone
            )
        return with_break(begins, ends, (typed["break_minutes"] or 0) * MINUTE_S)

    def longest_route_m(self) -> int | None:
        kilometres: int | None = self.cleaned_data["longest_route_km"]
        return None if kilometres is None else kilometres * METRES_PER_KM


def with_break(from_at: datetime, until_at: datetime, break_s: int) -> ShiftTimes:
    """A shift; its break, if any, begins between the first quarter and the last possible moment."""
    if not break_s:
        return ShiftTimes(from_at, until_at)
    latest = until_at - timedelta(seconds=break_s)
    return ShiftTimes(from_at, until_at, break_s, from_at + (latest - from_at) / 4, latest)


class CancelShiftForm(forms.Form):
    reason = one_of(
        [(code, CANCEL_WORDS[code]) for code in CANCEL_REASONS if code in CANCEL_WORDS],
        label=_("Why?"),
    )


class DeclineForm(forms.Form):
    reason = one_of(
        list(DECLINE_WORDS.items()), label=_("Why not? It helps the next plan."), required=False
    )


class AbandonForm(forms.Form):
    reason = one_of(list(ABANDON_WORDS.items()), label=_("What happened?"))


class FailForm(forms.Form):
    """Why nothing could be handed over at a stop."""

    client_id = OnceField()
    reason = one_of((), label=_("What is the matter?"))

    def __init__(self, *args: Any, is_pickup: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        skipped = () if is_pickup else ONLY_PICKUP
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [
            (code, word)
            for code, word in FAIL_WORDS.items()
            if code not in skipped and (code != AttemptReason.REFUSED or not is_pickup)
        ]
