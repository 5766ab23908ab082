"""URLs of accounts, sign-ins and keys."""

from django.urls import path

from backend.accounts.api.views import (
    ApiKeyItem,
    ApiKeys,
    CurrentSession,
    Deactivation,
    Me,
    Registrations,
    Sessions,
)

urlpatterns = [
    path("registrations", Registrations.as_view(), name="registrations"),
    path("sessions", Sessions.as_view(), name="sessions"),
    path("sessions/current", CurrentSession.as_view(), name="current_session"),
    path("me", Me.as_view(), name="me"),
    path("me/deactivation", Deactivation.as_view(), name="deactivation"),
    path("api-keys", ApiKeys.as_view(), name="api_keys"),
    path("api-keys/<uuid:key_id>", ApiKeyItem.as_view(), name="api_key"),
]
