"""Hand-overs as REST clients send them, with a driver or without."""

from typing import Any

from rest_framework import serializers

from backend.common.mass import HEAVIEST_LOT_G
from backend.common.rest import InputSerializer
from backend.custody.domain.accept import (
    COLDEST_READING_DC,
    FARTHEST_CLOCK_S,
    WARMEST_READING_DC,
)
from backend.custody.domain.replay import Remainder
from backend.custody.domain.submission import REFUSAL_REASONS, SubmittedLine
from backend.custody.models import Remainder as RemainderChoices

MOST_LINES = 30


class HandOverLineInput(InputSerializer):
    """What of one line was taken and refused, in grams as the receiver weighed it."""

    claim_line_id = serializers.UUIDField()
    accepted_g = serializers.IntegerField(min_value=0, max_value=HEAVIEST_LOT_G)
    refused_g = serializers.IntegerField(min_value=0, max_value=HEAVIEST_LOT_G, default=0)
    giver_mass_g = serializers.IntegerField(
        min_value=0, max_value=HEAVIEST_LOT_G, required=False, allow_null=True
    )
    reason = serializers.ChoiceField(choices=REFUSAL_REASONS, default="", allow_blank=True)
    remainder = serializers.ChoiceField(
        choices=RemainderChoices.choices, default="", allow_blank=True
    )
    temperature_dc = serializers.IntegerField(
        min_value=COLDEST_READING_DC,
        max_value=WARMEST_READING_DC,
        required=False,
        allow_null=True,
        help_text="Tenths of a degree Celsius.",
    )

    def to_internal_value(self, data: Any) -> SubmittedLine:
        values = super().to_internal_value(data)
        return SubmittedLine(**(values | {"remainder": Remainder(values["remainder"])}))


class HandOverFields(InputSerializer):
    """One claim's food changes hands; `client_id` is made on the device."""

    client_id = serializers.UUIDField()
    claim_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    lines = HandOverLineInput(  # type: ignore[call-arg]
        many=True, allow_empty=False, max_length=MOST_LINES
    )
    code = serializers.RegexField(
        r"^\d{6}$", default="", allow_blank=True, help_text="The six figures of the other side."
    )
    signer_name = serializers.CharField(max_length=80, default="", allow_blank=True)
    note = serializers.CharField(max_length=300, default="", allow_blank=True)
    clock_offset_s = serializers.IntegerField(
        min_value=-FARTHEST_CLOCK_S, max_value=FARTHEST_CLOCK_S, default=0
    )
