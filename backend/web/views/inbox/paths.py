"""Where the inbox is."""

from django.urls import path

from backend.web.views.inbox import inbox

PATHS = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/seen", inbox.seen_all, name="inbox_seen"),
    path("inbox/<uuid:notification_id>", inbox.follow, name="inbox_follow"),
]
