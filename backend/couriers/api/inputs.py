"""What the REST interface takes about couriers, vehicles and shifts."""

from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer
from backend.couriers.actions import cancel_shift, end_courier
from backend.couriers.actions.add_vehicle import HEAVIEST_G, LARGEST_ML
from backend.couriers.actions.plan_shift import LONGEST_ROUTE_M
from backend.couriers.domain.shift_window import LONGEST_BREAK_S, ShiftTimes
from backend.couriers.models import VehicleKind
from backend.geo.rest import PointInput


class CourierInput(InputSerializer):
    """Who wants to drive, and from where."""

    home = PointInput(help_text="Seen by nobody but you.")
    training_expires_date = serializers.DateField(required=False)


class CourierChange(CourierInput):
    """What couriers change about themselves."""


class EndInput(InputSerializer):
    """Why somebody stops driving."""

    reason = serializers.ChoiceField(choices=end_courier.REASONS)


class VehicleInput(InputSerializer):
    """A vehicle; each space is what fits in kept so: open, cold, frozen, hot."""

    kind = serializers.ChoiceField(choices=VehicleKind.choices)
    max_mass_g = serializers.IntegerField(min_value=1, max_value=HEAVIEST_G)
    ambient_ml = serializers.IntegerField(min_value=0, max_value=LARGEST_ML, default=0)
    chilled_ml = serializers.IntegerField(min_value=0, max_value=LARGEST_ML, default=0)
    frozen_ml = serializers.IntegerField(min_value=0, max_value=LARGEST_ML, default=0)
    hot_ml = serializers.IntegerField(min_value=0, max_value=LARGEST_ML, default=0)


class TimesInput(InputSerializer):
    """When somebody drives; of a break, from when until when it begins."""

    into = ShiftTimes

    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    break_s = serializers.IntegerField(min_value=0, max_value=LONGEST_BREAK_S, default=0)
    break_from_at = serializers.DateTimeField(required=False, allow_null=True)
    break_until_at = serializers.DateTimeField(required=False, allow_null=True)

    def to_internal_value(self, data: Any) -> ShiftTimes:
        return ShiftTimes(**super().to_internal_value(data))


class ShiftChange(InputSerializer):
    """What is changed of a planned shift."""

    times = TimesInput(required=False)
    vehicle_id = serializers.UUIDField(required=False)
    start = PointInput(required=False)
    end = PointInput(required=False)
    longest_route_m = serializers.IntegerField(
        min_value=1, max_value=LONGEST_ROUTE_M, required=False
    )


class ShiftInput(ShiftChange):
    """A new shift; it starts at home unless told otherwise."""

    times = TimesInput()
    vehicle_id = serializers.UUIDField()


class ShiftCancellation(InputSerializer):
    """Why a shift is cancelled."""

    reason = serializers.ChoiceField(choices=cancel_shift.REASONS)
