"""Where needs, consents, capacities and requests are served, under /api/v1/."""

from django.urls import path

from backend.needs.api import views

urlpatterns = [
    path("standing-needs", views.StandingNeeds.as_view(), name="standing_needs"),
    path("consents", views.Consents.as_view(), name="consents"),
    path(
        "consents/<uuid:consent_id>/withdraw",
        views.WithdrawConsent.as_view(),
        name="consent_withdraw",
    ),
    path("capacities", views.Capacities.as_view(), name="capacities"),
    path("requests", views.Requests.as_view(), name="requests"),
    path("requests/<uuid:request_id>", views.OneRequest.as_view(), name="request"),
    path(
        "requests/<uuid:request_id>/withdraw",
        views.WithdrawRequest.as_view(),
        name="request_withdraw",
    ),
    path("requests/<uuid:request_id>/met", views.MeetRequest.as_view(), name="request_met"),
    path("need-board", views.NeedBoard.as_view(), name="need_board_api"),
]
