"""What REST clients read of hand-overs, attempts and incidents."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.rest.pagination import Page
from backend.custody.domain.breaches import CODES
from backend.custody.models import Attempt, HandOver, HandOverLine, Incident
from backend.custody.selectors.timeline import Stage


class HandOverLineView(serializers.ModelSerializer[HandOverLine]):
    """What of one line passed, or was refused."""

    lot_id = serializers.UUIDField()
    claim_line_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = HandOverLine
        fields = [
            *("lot_id", "claim_line_id", "mass_g", "giver_mass_g", "outcome", "reason"),
            *("remainder", "temperature_dc"),
        ]
        read_only_fields = fields


class HandOverView(serializers.ModelSerializer[HandOver]):
    """A hand-over: who signed is told by the single view, to the two sides only."""

    claim_id = serializers.UUIDField(allow_null=True)
    breach_codes = serializers.ListField(child=serializers.ChoiceField(choices=CODES))
    lines = HandOverLineView(many=True)

    class Meta:
        model = HandOver
        fields = [
            *("id", "client_id", "kind", "claim_id", "visit_id", "at", "recorded_at"),
            *("clock_offset_s", "code_matched", "status", "breach_codes", "county_code", "lines"),
        ]
        read_only_fields = fields


class EvidenceView(serializers.Serializer[Any]):
    """Who signed, and what was noted."""

    signer_name = serializers.CharField()
    note = serializers.CharField()


class WholeHandOverView(HandOverView):
    """A hand-over with what was signed; null for those who are no side of it."""

    evidence = serializers.SerializerMethodField()

    class Meta(HandOverView.Meta):
        fields = [*HandOverView.Meta.fields, "evidence"]
        read_only_fields = fields

    @extend_schema_field(EvidenceView(allow_null=True))
    def get_evidence(self, hand_over: HandOver) -> dict[str, str] | None:
        evidence = getattr(hand_over, "evidence", None)
        if evidence is None or not self.context.get("is_side", False):
            return None
        return {"signer_name": evidence.signer_name, "note": evidence.note}


class AttemptView(serializers.ModelSerializer[Attempt]):
    """A visit that moved nothing."""

    claim_id = serializers.UUIDField()

    class Meta:
        model = Attempt
        fields = [
            *("id", "client_id", "claim_id", "visit_id", "is_pickup", "reason", "at"),
            "recorded_at",
        ]
        read_only_fields = fields


class IncidentView(serializers.ModelSerializer[Incident]):
    """A rule that a hand-over broke, and what was decided."""

    hand_over_id = serializers.UUIDField()
    claim_id = serializers.UUIDField(source="hand_over.claim_id", allow_null=True)
    code = serializers.ChoiceField(choices=CODES)

    class Meta:
        model = Incident
        fields = [
            *("id", "version", "hand_over_id", "claim_id", "code", "county_code", "status"),
            *("opened_at", "decided_at", "decision_note"),
        ]
        read_only_fields = fields


class StationView(serializers.Serializer[Any]):
    """One station of a claim."""

    stage = serializers.ChoiceField(choices=[each.value for each in Stage])
    at = serializers.DateTimeField()
    mass_g = serializers.IntegerField(allow_null=True)
    refused_g = serializers.IntegerField()
    temperature_dc = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    breach_codes = serializers.ListField(child=serializers.CharField())
    waits = serializers.BooleanField()
    hand_over_id = serializers.UUIDField(allow_null=True)


class HandOverPage(Page):
    """A page of hand-overs."""

    results = HandOverView(many=True)


class AttemptPage(Page):
    """A page of attempts."""

    results = AttemptView(many=True)


class IncidentPage(Page):
    """A page of incidents."""

    results = IncidentView(many=True)
