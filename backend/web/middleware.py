"""What pages need around every request: the region's time, the feed, refusals as pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from backend.common.refusals import NotAllowed, NotFound, Refusal
from backend.regions.packs import pack
from backend.web import feed

Respond = Callable[[HttpRequest], HttpResponse]
API_PREFIX = "/api/"
PAGES = "backend.web.views."
#: Sent by live.js when it fetches parts of a page again.
LIVE_HEADER = "X-Live"


class RegionTime:
    """Times without a zone of their own are shown in the region's."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(pack().zone):
            return self.get_response(request)


class EventFeed:
    """Notes where the event log ends before a page reads anything, as `request.feed_start`."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        is_page = getattr(view, "__module__", "").startswith(PAGES)
        if is_page and request.method == "GET" and LIVE_HEADER not in request.headers:
            request.feed_start = feed.start(request)  # type: ignore[attr-defined]
        return None


class RefusalPages:
    """A refusal that a page view lets through becomes a page that says what happened.

    NotFound and NotAllowed become the 404 and 403 pages. Any other is shown with a way back, at its
    own status.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal) or request.path.startswith(API_PREFIX):
            return None
        if isinstance(exception, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", status=403)
        return _refused(request, exception)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"refusal": refusal, "back": request.META.get("HTTP_REFERER", "")}
    response = render(request, "web/refused.html", context, status=refusal.status)
    response["X-Refusal"] = refusal.code
    return response
