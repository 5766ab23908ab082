"""The event feed for those who poll or fill a gap, and tickets for sockets."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common.refusals import Refusal
from backend.common.rest.acting import actor, key_of
from backend.common.rest.permissions import Public
from backend.common.rest.schema import Problem
from backend.events import audiences, reading, tickets
from backend.events.api.serializers import Feed, FeedQuery, SocketTicket


class CannotRecover(Refusal):
    """What was missed cannot be replayed: another log, or too much of it."""

    code = "cannot_recover"
    status = 410
    message = _("Too much has happened since. Please load everything anew.")


class EventFeed(APIView):
    """What happened after a position, as far as the reader is entitled to it."""

    permission_classes = [Public]

    @extend_schema(
        parameters=[FeedQuery], responses={200: Feed, (410, "application/problem+json"): Problem}
    )
    def get(self, request: Request) -> Response:
        """Events after `after`, in order. The same frames as over the socket `/ws/events`.

        A client that has lost track (410) reads what it shows anew and goes on from the position
        that a call without `after` tells.
        """
        query = FeedQuery.parse(request.query_params.dict())
        granted = _granted(request, public=query.get("feed") == "public")
        begin = reading.start(granted, after=query.get("after"), epoch=query.get("epoch"))
        if not begin.recoverable:
            raise CannotRecover
        return Response(_feed(granted, begin, limit=query.get("page_size", reading.PAGE)))


class SocketTickets(APIView):
    """Tickets for browser apps that hold a token, which has no place in a URL."""

    @extend_schema(request=None, responses={201: SocketTicket})
    def post(self, request: Request) -> Response:
        """A ticket that opens one socket within 30 seconds."""
        by, key = actor(request), key_of(request)
        assert by.user_id is not None, "people and keys have one"  # noqa: S101
        bearer = tickets.Bearer(
            user_id=by.user_id,
            organization_id=by.organization_id,
            key_digest=key.digest if key else "",
            session_key="" if key else request.session.session_key or "",
        )
        body = {"ticket": tickets.issue(bearer), "expires_in_s": tickets.LIFETIME_S}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


def _granted(request: Request, *, public: bool) -> frozenset[str]:
    if public:
        return frozenset({audiences.public()})
    if not request.user.is_authenticated:
        raise NotAuthenticated
    key = key_of(request)
    user_id: UUID = request.user.pk
    return audiences.narrowed(audiences.of_person(user_id), key.organization_id if key else None)


def _feed(granted: frozenset[str], begin: reading.Start, *, limit: int) -> dict[str, Any]:
    frames = reading.entitled_after(granted, after=begin.after, end=begin.end, limit=limit + 1)
    page, previous, events = frames[:limit], begin.previous, []
    for frame in page:
        events.append(frame.content(previous))
        previous = frame.position
    more = len(frames) > limit
    position = page[-1].position if more else begin.end.position
    return {"epoch": begin.end.epoch, "position": position, "more": more, "events": events}
