"""URLs of couriers, vehicles and shifts."""

from django.urls import path

from backend.couriers.api import views

COURIER = "couriers/<uuid:courier_id>"

urlpatterns = [
    path("couriers", views.Couriers.as_view(), name="couriers"),
    path(COURIER, views.CourierItem.as_view(), name="courier"),
    path(f"{COURIER}/approval", views.Approval.as_view(), name="courier_approval"),
    path(f"{COURIER}/pause", views.Pause.as_view(), name="courier_pause"),
    path(f"{COURIER}/resumption", views.Resumption.as_view(), name="courier_resumption"),
    path(f"{COURIER}/end", views.End.as_view(), name="courier_end"),
    path("vehicles", views.Vehicles.as_view(), name="vehicles"),
    path("vehicles/<uuid:vehicle_id>", views.VehicleItem.as_view(), name="vehicle"),
    path(
        "vehicles/<uuid:vehicle_id>/retirement",
        views.Retirement.as_view(),
        name="vehicle_retirement",
    ),
    path("shifts", views.Shifts.as_view(), name="shifts"),
    path("shifts/<uuid:shift_id>", views.ShiftItem.as_view(), name="shift"),
    path(
        "shifts/<uuid:shift_id>/cancellation",
        views.Cancellation.as_view(),
        name="shift_cancellation",
    ),
]
