"""Where shipments, routes, stops and plans are served, under /api/v1/."""

from django.urls import path

from logistics.api import driving, views

ROUTE, OFFER = "routes/<uuid:route_id>", "route-offers/<uuid:offer_id>"
STOP = "stops/<uuid:stop_id>"

urlpatterns = [
    path("shipments", views.Shipments.as_view(), name="shipments"),
    path("shipments/<uuid:shipment_id>", views.OneShipment.as_view(), name="shipment"),
    path("plans", views.Plans.as_view(), name="plans"),
    path("plans/<uuid:plan_id>", views.OnePlan.as_view(), name="plan"),
    path("plans/<uuid:plan_id>/stop", views.StopPlan.as_view(), name="plan_stop"),
    path("plans/<uuid:plan_id>/cancel", views.CancelPlan.as_view(), name="plan_cancel"),
    path("routes", views.Routes.as_view(), name="routes"),
    path(ROUTE, views.OneRoute.as_view(), name="route"),
    path(f"{ROUTE}/start", driving.StartRoute.as_view(), name="route_start"),
    path(f"{ROUTE}/abandon", driving.AbandonRoute.as_view(), name="route_abandon"),
    path("route-offers", views.RouteOffers.as_view(), name="route_offers"),
    path(OFFER, views.OneRouteOffer.as_view(), name="route_offer"),
    path(f"{OFFER}/accept", driving.AcceptRouteOffer.as_view(), name="route_offer_accept"),
    path(f"{OFFER}/decline", driving.DeclineRouteOffer.as_view(), name="route_offer_decline"),
    path(f"{STOP}/arrive", driving.ArriveAtStop.as_view(), name="stop_arrive"),
    path(f"{STOP}/hand-overs", driving.HandOverAtStop.as_view(), name="stop_hand_overs"),
    path(f"{STOP}/fail", driving.FailStop.as_view(), name="stop_fail"),
]
