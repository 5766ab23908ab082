"""Where hand-overs, attempts and incidents are served, under /api/v1/."""

from django.urls import path

from backend.custody.api import views

INCIDENT = "incidents/<uuid:incident_id>"

urlpatterns = [
    path("hand-overs", views.HandOvers.as_view(), name="hand_overs"),
    path("hand-overs/<uuid:hand_over_id>", views.OneHandOver.as_view(), name="hand_over"),
    path("attempts", views.Attempts.as_view(), name="attempts"),
    path("incidents", views.Incidents.as_view(), name="incidents"),
    path(INCIDENT, views.OneIncident.as_view(), name="incident"),
    path(f"{INCIDENT}/decision", views.Decision.as_view(), name="incident_decision"),
    path("claims/<uuid:claim_id>/timeline", views.Timeline.as_view(), name="claim_timeline"),
]
