"""Where the pages for drivers are."""

from django.urls import path

from backend.web.views.driver import apply, history, home, offers, profile, routes, shifts, stops

ROUTE = "drive/routes/<uuid:route_id>"
STOP = f"{ROUTE}/stops/<uuid:stop_id>"
SHIFT = "drive/shifts/<uuid:shift_id>"
PATHS = [
    path("drive", home.home, name="driver_home"),
    path("drive/apply", apply.apply, name="driver_apply"),
    path("drive/you", profile.profile, name="driver_profile"),
    path("drive/you/start", profile.home_point, name="driver_home_point"),
    path("drive/you/end", profile.stop_driving, name="driver_end"),
    path("drive/you/<slug:what>", profile.step, name="driver_step"),
    path("drive/vehicles/new", profile.vehicle_new, name="driver_vehicle_new"),
    path(
        "drive/vehicles/<uuid:vehicle_id>/retire",
        profile.vehicle_retire,
        name="driver_vehicle_retire",
    ),
    path("drive/shifts", shifts.shifts, name="driver_shifts"),
    path("drive/shifts/new", shifts.shift_new, name="driver_shift_new"),
    path("drive/shifts/repeat", shifts.shifts_repeat, name="driver_shifts_repeat"),
    path(SHIFT, shifts.shift_change, name="driver_shift"),
    path(f"{SHIFT}/cancel", shifts.shift_cancel, name="driver_shift_cancel"),
    path("drive/offers/<uuid:offer_id>", offers.offer, name="driver_offer"),
    path("drive/offers/<uuid:offer_id>/accept", offers.accept, name="driver_accept"),
    path(ROUTE, routes.route, name="driver_route"),
    path(f"{ROUTE}/start", routes.start, name="driver_start"),
    path(f"{ROUTE}/abandon", routes.abandon, name="driver_abandon"),
    path(f"{ROUTE}/cargo", stops.cargo, name="driver_cargo"),
    path(f"{ROUTE}/cargo/<uuid:claim_id>", stops.give_back, name="driver_give_back"),
    path(STOP, stops.stop, name="driver_stop"),
    path(f"{STOP}/arrive", routes.arrive, name="driver_arrive"),
    path(f"{STOP}/fail", stops.fail, name="driver_fail"),
    path("drive/history", history.history, name="driver_history"),
]
