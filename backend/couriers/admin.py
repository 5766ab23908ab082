"""Couriers, vehicles and shifts in the back office: to look at, without anybody's home."""

from django.contrib import admin

from backend.accounts.admin import LookOnly
from backend.couriers.models import Courier, Shift, Vehicle

HOME = ("lon", "lat", "h3_7", "h3_9")


@admin.register(Courier)
class CourierAdmin(LookOnly):
    """Couriers."""

    list_display = ("user", "status", "county_code", "training_expires_date")
    list_filter = ("status", "county_code")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    exclude = HOME


@admin.register(Vehicle)
class VehicleAdmin(LookOnly):
    """Vehicles."""

    list_display = ("kind", "courier", "max_mass_g", "chilled_ml", "frozen_ml", "retired_at")
    list_filter = ("kind",)
    list_select_related = ("courier",)


@admin.register(Shift)
class ShiftAdmin(LookOnly):
    """Shifts."""

    list_display = ("from_at", "until_at", "courier", "status", "county_code")
    list_filter = ("status", "county_code")
    list_select_related = ("courier",)
    exclude = ("start_lon", "start_lat", "end_lon", "end_lat")
