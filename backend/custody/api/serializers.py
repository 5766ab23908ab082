"""What REST clients send about hand-overs, attempts and incidents."""

from rest_framework import serializers

from backend.common.rest import InputSerializer, PageQuery
from backend.custody.domain.replay import Kind
from backend.custody.models import AttemptReason, HandOverKind, HandOverStatus, IncidentStatus
from backend.custody.rest import HandOverFields


class HandOverInput(HandOverFields):
    """A hand-over without a driver: fetched by the charity, or brought by the donor.

    `client_id` is made on the device.
    """

    kind = serializers.ChoiceField(
        choices=[Kind.DELIVERED.value, Kind.RETURNED.value, Kind.DISPOSED.value]
    )


class AttemptInput(InputSerializer):
    """Somebody came and nothing could be handed over."""

    client_id = serializers.UUIDField()
    claim_id = serializers.UUIDField()
    is_pickup = serializers.BooleanField(help_text="At the donor's.")
    reason = serializers.ChoiceField(choices=AttemptReason.choices)
    at = serializers.DateTimeField()


class DecisionInput(InputSerializer):
    """Whether the mass counts as given, and why."""

    counts = serializers.BooleanField()
    note = serializers.CharField(max_length=300, help_text="Why, in a few words.")


class HandOversQuery(PageQuery):
    """`?claim=…&kind=delivered&status=unmatched`"""

    claim = serializers.UUIDField(required=False)
    visit = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=HandOverKind.choices, required=False)
    status = serializers.ChoiceField(choices=HandOverStatus.choices, required=False)


class AttemptsQuery(PageQuery):
    """`?claim=…`"""

    claim = serializers.UUIDField(required=False)


class IncidentsQuery(PageQuery):
    """`?status=open&county=63000&code=too_warm`"""

    status = serializers.ChoiceField(choices=IncidentStatus.choices, required=False)
    county = serializers.CharField(required=False, max_length=10)
    code = serializers.CharField(required=False, max_length=40)
    claim = serializers.UUIDField(required=False)
