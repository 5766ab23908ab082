"""What somebody was told: the list, and following one message to what it is about."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from backend.common import clock
from backend.common.found import found
from backend.web.acting import actor
from backend.web.components import Empty
from notifications import selectors
from notifications.actions.mark_seen import mark_seen
from notifications.media.in_app import icon_of, text_of

PAGE_SIZE = 30


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest first; what is new stands out until it is opened or all are marked."""
    viewer = actor(request)
    page = Paginator(selectors.inbox(viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, text_of(each), icon_of(each)) for each in page.object_list],
        "unseen": selectors.unseen(viewer).count(),
        "empty": Empty(
            _("No messages yet"),
            _("You are told here when something happens to your food, offers or routes."),
            "bell",
        ),
    }
    return render(request, "web/inbox/inbox.html", context)


@login_required
@require_POST
def follow(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Marks one message and leads to what it is about."""
    viewer = actor(request)
    message = found(selectors.inbox(viewer), notification_id)
    mark_seen(ids=[message.pk], by=viewer, now=clock.now())
    return redirect(message.path or "web:inbox")


@login_required
@require_POST
def seen_all(request: HttpRequest) -> HttpResponse:
    mark_seen(ids=None, by=actor(request), now=clock.now())
    return redirect("web:inbox")
