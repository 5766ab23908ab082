"""What the REST interface tells about couriers, vehicles and shifts, by who asks.

Where somebody lives is told to nobody but themselves.
"""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.couriers.models import Courier, Shift, Vehicle
from backend.geo.rest import PointView

PUBLIC_COURIER = [
    "id",
    "version",
    "status",
    "county_code",
    "road_group",
    "training_expires_date",
    "created_at",
]


class CourierView(serializers.ModelSerializer[Courier]):
    """A courier in lists: no name, no home."""

    class Meta:
        model = Courier
        fields = PUBLIC_COURIER


class CourierForCoordinator(serializers.ModelSerializer[Courier]):
    """A courier for the coordinator who approves or calls them: how to reach them, no home."""

    name = serializers.CharField(source="user.name")
    phone = serializers.CharField(source="user.phone")

    class Meta:
        model = Courier
        fields = [*PUBLIC_COURIER, "name", "phone"]


class OwnCourier(serializers.ModelSerializer[Courier]):
    """The courier who asks."""

    home = PointView(source="point")

    class Meta:
        model = Courier
        fields = [*PUBLIC_COURIER, "home"]


class VehicleView(serializers.ModelSerializer[Vehicle]):
    """A vehicle and what it holds."""

    courier_id = serializers.UUIDField()

    class Meta:
        model = Vehicle
        fields = [
            "id",
            "version",
            "courier_id",
            "kind",
            "max_mass_g",
            "ambient_ml",
            "chilled_ml",
            "frozen_ml",
            "hot_ml",
            "retired_at",
        ]


PUBLIC_SHIFT = [
    "id",
    "version",
    "courier_id",
    "vehicle_id",
    "status",
    "from_at",
    "until_at",
    "break_s",
    "break_from_at",
    "break_until_at",
    "longest_route_m",
    "county_code",
    "road_group",
]


class ShiftView(serializers.ModelSerializer[Shift]):
    """A shift for coordinators: not where it starts, since that is mostly somebody's home."""

    courier_id = serializers.UUIDField()
    vehicle_id = serializers.UUIDField()

    class Meta:
        model = Shift
        fields = PUBLIC_SHIFT


class OwnShift(ShiftView):
    """A shift for the courier who drives it."""

    start = serializers.SerializerMethodField()
    end = serializers.SerializerMethodField()

    class Meta(ShiftView.Meta):
        fields = [*PUBLIC_SHIFT, "start", "end"]

    @extend_schema_field(PointView)
    def get_start(self, shift: Shift) -> dict[str, float]:
        return {"lon": shift.start_lon, "lat": shift.start_lat}

    @extend_schema_field(PointView(allow_null=True))
    def get_end(self, shift: Shift) -> dict[str, float] | None:
        if shift.end_lon is None or shift.end_lat is None:
            return None
        return {"lon": shift.end_lon, "lat": shift.end_lat}
