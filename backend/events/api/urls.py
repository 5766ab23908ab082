"""URLs of the event feed."""

from django.urls import path

from backend.events.api.views import EventFeed, SocketTickets

urlpatterns = [
    path("events", EventFeed.as_view(), name="event_feed"),
    path("socket-tickets", SocketTickets.as_view(), name="socket_tickets"),
]
