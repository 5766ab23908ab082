"""Where a page begins to listen: the end of the event log before the page was put together."""

from dataclasses import dataclass

from django.http import HttpRequest

from backend.events.reading import log_end

PERSONAL_FEED = "/ws/events"
PUBLIC_FEED = "/ws/events?feed=public"


@dataclass(frozen=True, slots=True)
class FeedStart:
    """The socket's address, and the last event that the page is sure to show."""

    url: str
    position: int
    epoch: str


def start(request: HttpRequest) -> FeedStart:
    """Ask before the view reads anything: what happens meanwhile is then told by the socket."""
    end = log_end()
    url = PERSONAL_FEED if request.user.is_authenticated else PUBLIC_FEED
    return FeedStart(url, end.position, str(end.epoch))
