"""Input and output of the event feed."""

from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer
from backend.events.reading import PAGE

LARGEST_POSITION = 10**18 - 1


class FeedQuery(InputSerializer):
    """From where to read on."""

    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_POSITION,
        help_text="The last position that you have. Without it the answer only says where the log "
        "ends.",
    )
    epoch = serializers.UUIDField(required=False, help_text="Of which log that position is.")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=PAGE)
    feed = serializers.ChoiceField(
        choices=["public"], required=False, help_text="Only what everybody may hear."
    )


class Subject(serializers.Serializer[Any]):
    """What an event is about."""

    type = serializers.CharField()
    id = serializers.UUIDField()
    version = serializers.IntegerField()


class EventFrame(serializers.Serializer[Any]):
    """One event, the same as over the socket."""

    epoch = serializers.UUIDField()
    position = serializers.IntegerField()
    previous = serializers.IntegerField(
        help_text="The position before it that you were entitled to: greater than your last one "
        "means that you missed something."
    )
    type = serializers.CharField(help_text="Such as `claim.reserved`.")
    subject = Subject()
    at = serializers.DateTimeField()
    schema = serializers.IntegerField(help_text="Version of the shape of `data`.")
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="Changed fields that are not personal."
    )
    changed = serializers.ListField(
        child=serializers.CharField(), help_text="Names of personal fields; read them over REST."
    )


class Feed(serializers.Serializer[Any]):
    """A piece of the feed. You have everything up to `position` when you have read it."""

    epoch = serializers.UUIDField()
    position = serializers.IntegerField()
    more = serializers.BooleanField(help_text="Whether there is more to read after `position`.")
    events = EventFrame(many=True)


class SocketTicket(serializers.Serializer[Any]):
    """A ticket for one socket."""

    ticket = serializers.CharField(help_text='Send {"ticket": "…"} as the first frame.')
    expires_in_s = serializers.IntegerField()
