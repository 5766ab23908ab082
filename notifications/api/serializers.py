"""What the REST interface tells and takes about messages."""

from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer
from notifications.domain.kinds import Kind
from notifications.media.in_app import text_of
from notifications.models import Notification

MOST_IDS = 500


class NotificationView(serializers.ModelSerializer[Notification]):
    """One message; `text` is in the language of the request."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    text = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ["id", "kind", "text", "facts", "path", "created_at", "seen_at"]

    def get_text(self, notification: Notification) -> str:
        return text_of(notification)


class SeenInput(InputSerializer):
    """Which messages were looked at; all of them when none is named."""

    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_IDS, allow_empty=False
    )


class SeenView(serializers.Serializer[Any]):
    """How many of them were new."""

    seen = serializers.IntegerField()
