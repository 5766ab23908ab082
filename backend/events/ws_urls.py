"""The sockets' URLs."""

from django.urls import URLPattern, path

from backend.events.consumers import EventsConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/events", EventsConsumer.as_asgi(), name="event_socket"),
]
