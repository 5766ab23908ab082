"""What the REST interface takes about organizations, their places, programmes and people."""

from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer
from backend.geo.rest import PointInput
from backend.organizations.actions.register_organization import ROLES
from backend.organizations.domain.hours import WeeklyHours
from backend.organizations.models.organization import DecisionReason, DocumentKind
from backend.organizations.models.people import MembershipRole

PHONE = r"^[0-9+()# .-]*$"
TWO_DAYS_MINUTES = 2 * 24 * 60
DECISIONS = ("verify", "reject", "suspend", "reinstate")


class OrganizationInput(InputSerializer):
    """Who registers."""

    name = serializers.CharField(max_length=120)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ROLES), min_length=1, max_length=len(ROLES)
    )
    county_code = serializers.CharField(max_length=10)
    legal_id = serializers.CharField(max_length=20, required=False, allow_blank=True)
    contact_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    contact_phone = serializers.RegexField(PHONE, max_length=30, required=False, allow_blank=True)


class OrganizationChange(OrganizationInput):
    """What a manager changes; the county stays."""

    county_code = None  # type: ignore[assignment]


class OrganizationDecision(InputSerializer):
    """What a coordinator decides, and why."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    reason = serializers.ChoiceField(choices=DecisionReason.choices)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    until_date = serializers.DateField(
        required=False, help_text="Only to verify: the last day on which it holds."
    )


class NoteInput(InputSerializer):
    """Words for the coordinator."""

    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DocumentInput(InputSerializer):
    """A paper as multipart form data."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    file = serializers.FileField(allow_empty_file=True)


class AgreementInput(InputSerializer):
    """Which terms."""

    terms = serializers.SlugField(max_length=40)
    terms_version = serializers.RegexField(r"^[0-9A-Za-z.-]+$", max_length=20)


class InvitationInput(InputSerializer):
    """Whom to ask, and as what."""

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=MembershipRole.choices)


class AcceptanceInput(InputSerializer):
    """The secret from the mail."""

    token = serializers.RegexField(r"^[0-9a-f]{64}$")


class RoleInput(InputSerializer):
    """Manager or staff."""

    role = serializers.ChoiceField(choices=MembershipRole.choices)


class HoursInput(InputSerializer):
    """One weekly opening: minutes after local midnight, above 1440 on the next day."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="Monday is 0.")
    opens_minute = serializers.IntegerField(min_value=0, max_value=1439)
    closes_minute = serializers.IntegerField(min_value=1, max_value=TWO_DAYS_MINUTES)

    def to_internal_value(self, data: Any) -> WeeklyHours:
        values = super().to_internal_value(data)
        try:
            return WeeklyHours(**values)
        except ValueError as error:
            raise serializers.ValidationError({"closes_minute": str(error)}) from error


class WeekInput(InputSerializer):
    """All weekly openings at once; none means always closed."""

    hours = serializers.ListField(child=HoursInput(), max_length=42)


class SpanInput(InputSerializer):
    """One opening of a single day."""

    opens_minute = serializers.IntegerField(min_value=0, max_value=1439)
    closes_minute = serializers.IntegerField(min_value=1, max_value=TWO_DAYS_MINUTES)


class DayInput(InputSerializer):
    """The openings of one date; none means closed."""

    spans = serializers.ListField(child=SpanInput(), max_length=6)


class LocationChange(InputSerializer):
    """What is told about a place."""

    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=200)
    kind = serializers.CharField(max_length=40, required=False, allow_blank=True)
    access_notes = serializers.CharField(max_length=300, required=False, allow_blank=True)
    phone = serializers.RegexField(PHONE, max_length=30, required=False, allow_blank=True)
    is_hub = serializers.BooleanField(required=False)
    handling_s = serializers.IntegerField(min_value=0, max_value=7200, required=False)


class LocationInput(LocationChange):
    """A new place."""

    organization_id = serializers.UUIDField()
    point = PointInput()
    hours = serializers.ListField(child=HoursInput(), max_length=42, required=False)


class PinInput(InputSerializer):
    """Where the door really is."""

    point = PointInput()


class ProgrammeChange(InputSerializer):
    """A programme's figures and rules; codes are the region's."""

    name = serializers.CharField(max_length=120)
    people_per_week = serializers.IntegerField(min_value=1, max_value=1_000_000)
    diet_rules = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, required=False
    )
    categories_not_taken = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=100, required=False
    )
    allergens_not_taken = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=50, required=False
    )
    max_distance_m = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    collects_itself = serializers.BooleanField(required=False)


class ProgrammeInput(ProgrammeChange):
    """A new programme."""

    location_id = serializers.UUIDField()


class ImportInput(InputSerializer):
    """A CSV file as multipart form data."""

    file = serializers.FileField(allow_empty_file=True)
    source = serializers.SlugField(  # type: ignore[assignment]
        max_length=60, required=False
    )
    county = serializers.ListField(
        child=serializers.CharField(max_length=10), max_length=100, required=False
    )
    dry_run = serializers.BooleanField(default=False)
    verified = serializers.BooleanField(
        default=False, help_text="Your list vouches for the new organizations."
    )
