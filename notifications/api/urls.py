"""URLs of the inbox."""

from django.urls import path

from notifications.api import views

urlpatterns = [
    path("notifications", views.Notifications.as_view(), name="notifications"),
    path("notifications/seen", views.Seen.as_view(), name="notifications_seen"),
]
