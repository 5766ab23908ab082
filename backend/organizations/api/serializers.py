"""What the REST interface tells about organizations, their places, programmes and people."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.geo.rest import PointView
from backend.organizations.actions.import_places import ROW_MESSAGES
from backend.organizations.actions.register_organization import ROLES
from backend.organizations.models import (
    Agreement,
    HoursException,
    Invitation,
    Location,
    Membership,
    OpeningHours,
    Organization,
    Programme,
    VerificationDocument,
)


class OrganizationView(serializers.ModelSerializer[Organization]):
    """An organization, as its members and the coordinators of its county see it."""

    roles = serializers.SerializerMethodField()
    decision_code = serializers.CharField(read_only=True)

    class Meta:
        model = Organization
        fields = [
            "id",
            "version",
            "name",
            "roles",
            "legal_id",
            "status",
            "verified_until_date",
            "decision_code",
            "decision_note",
            "contact_email",
            "contact_phone",
            "county_code",
            "created_at",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ROLES)))
    def get_roles(self, organization: Organization) -> list[str]:
        return [role for role in ROLES if getattr(organization, f"is_{role}")]


class DocumentView(serializers.ModelSerializer[VerificationDocument]):
    """A verification paper; its content is fetched separately, and that is noted."""

    class Meta:
        model = VerificationDocument
        fields = ["id", "kind", "file_name", "uploaded_at"]


class AgreementView(serializers.ModelSerializer[Agreement]):
    """Terms that the organization agreed to."""

    class Meta:
        model = Agreement
        fields = ["id", "terms", "terms_version", "agreed_at"]


class MemberView(serializers.ModelSerializer[Membership]):
    """A colleague, as other members see them."""

    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    user_id = serializers.UUIDField()

    class Meta:
        model = Membership
        fields = ["id", "user_id", "name", "email", "role", "since_at"]


class MembershipView(serializers.ModelSerializer[Membership]):
    """For whom somebody acts, as they see it themselves."""

    organization_id = serializers.UUIDField()

    class Meta:
        model = Membership
        fields = ["id", "organization_id", "role", "since_at"]


class InvitationView(serializers.ModelSerializer[Invitation]):
    """An open invitation; the link in it goes by mail only."""

    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "invited_at", "expires_at"]


class HoursView(serializers.ModelSerializer[OpeningHours]):
    """One weekly opening; above 1440 means after midnight of the next day."""

    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens_minute", "closes_minute"]


class HoursExceptionView(serializers.ModelSerializer[HoursException]):
    """Other hours on one date; null means closed that day."""

    class Meta:
        model = HoursException
        fields = ["local_date", "opens_minute", "closes_minute"]


class LocationView(serializers.ModelSerializer[Location]):
    """A place, as the organization's members and the county's coordinators see it."""

    organization_id = serializers.UUIDField()
    point = PointView()
    opening_hours = HoursView(many=True)
    hours_exceptions = HoursExceptionView(many=True)

    class Meta:
        model = Location
        fields = [
            "id",
            "version",
            "organization_id",
            "name",
            "kind",
            "address",
            "point",
            "county_code",
            "township_code",
            "road_group",
            "access_notes",
            "phone",
            "is_hub",
            "handling_s",
            "opening_hours",
            "hours_exceptions",
            "created_at",
            "closed_at",
        ]


class ProgrammeView(serializers.ModelSerializer[Programme]):
    """A programme with its rules; codes are the region's."""

    location_id = serializers.UUIDField()
    organization_id = serializers.UUIDField(source="location.organization_id")
    diet_rules = serializers.ListField(child=serializers.CharField())
    categories_not_taken = serializers.ListField(child=serializers.CharField())
    allergens_not_taken = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Programme
        fields = [
            "id",
            "version",
            "organization_id",
            "location_id",
            "name",
            "people_per_week",
            "diet_rules",
            "categories_not_taken",
            "allergens_not_taken",
            "max_distance_m",
            "collects_itself",
            "created_at",
            "closed_at",
        ]


class ObjectionView(serializers.Serializer[Any]):
    """What is wrong in one row of an imported file."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.SerializerMethodField()

    def get_message(self, objection: Any) -> str:
        return str(ROW_MESSAGES[objection.code])


class ImportView(serializers.Serializer[Any]):
    """What an import did, or would do; with objections it does nothing."""

    dry_run = serializers.BooleanField()
    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    left_alone = serializers.IntegerField(help_text="People manage them, or closed them.")
    skipped = serializers.IntegerField(help_text="In counties that were not asked for.")
    objections = ObjectionView(many=True)
