"""The signed-in person's inbox over REST."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.rest.acting import actor
from backend.common.rest.filters import StrictFilters
from backend.common.rest.idempotency import IdempotentPost
from notifications.actions.mark_seen import mark_seen
from notifications.api.filters import NotificationFilter
from notifications.api.serializers import NotificationView, SeenInput, SeenView
from notifications.models import Notification
from notifications.selectors import inbox


class Notifications(ListAPIView[Notification]):
    """What you were told, the newest first."""

    queryset = Notification.objects.none()
    serializer_class = NotificationView
    filter_backends = [StrictFilters]
    filterset_class = NotificationFilter

    def get_queryset(self) -> QuerySet[Notification]:
        return inbox(actor(self.request))


class Seen(IdempotentPost, APIView):
    """That you looked at your messages."""

    @extend_schema(request=SeenInput, responses={200: SeenView})
    def post(self, request: Request) -> Response:
        """Marks the named messages, or all of yours."""
        wanted = SeenInput.parse(request.data)
        seen = mark_seen(ids=wanted.get("ids"), by=actor(request), now=clock.now())
        return Response(SeenView({"seen": seen}).data)
