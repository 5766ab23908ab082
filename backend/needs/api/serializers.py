"""What REST clients send and read about what charities need and can take in."""

from typing import Any

from rest_framework import serializers

from backend.common.choices import StorageClass
from backend.common.rest.pagination import Page
from backend.common.rest.serializers import InputSerializer, PageQuery
from backend.needs.models import Capacity, Request, RequestStatus, StandingConsent, StandingNeed

CODE_LENGTH = 40


class NeedsQuery(PageQuery):
    """Of which programme, and which page."""

    programme = serializers.UUIDField(required=False)


class CapacitiesQuery(PageQuery):
    """Of which place, on which local date (today when left out), and which page."""

    location = serializers.UUIDField(required=False)
    on = serializers.DateField(required=False)


class RequestsQuery(NeedsQuery):
    """In which state."""

    status = serializers.ChoiceField(choices=RequestStatus.choices, required=False)


class NeedInput(InputSerializer):
    """Grams a week of one group of food; 0 takes the statement back."""

    programme_id = serializers.UUIDField()
    category_group = serializers.CharField(max_length=CODE_LENGTH)
    grams_per_week = serializers.IntegerField()


class ConsentInput(InputSerializer):
    """Within what matching may accept; no group means any food, no distance any way."""

    programme_id = serializers.UUIDField()
    max_g_per_day = serializers.IntegerField()
    category_groups = serializers.ListField(
        child=serializers.CharField(max_length=CODE_LENGTH), required=False, max_length=50
    )
    max_distance_m = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=1_000_000
    )
    until_date = serializers.DateField(required=False, allow_null=True)


class CapacityInput(InputSerializer):
    """Grams a day of one storage class; 0 says that nothing is kept this way."""

    location_id = serializers.UUIDField()
    storage_class = serializers.ChoiceField(choices=StorageClass.choices)
    limit_g = serializers.IntegerField()


class RequestInput(InputSerializer):
    """What is asked for, until when; a public one stands on the need board."""

    programme_id = serializers.UUIDField()
    category_group = serializers.CharField(max_length=CODE_LENGTH)
    mass_g = serializers.IntegerField()
    needed_until_at = serializers.DateTimeField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    is_public = serializers.BooleanField(required=False)


class NeedView(serializers.ModelSerializer[StandingNeed]):
    """What a programme can use in a week."""

    programme_id = serializers.UUIDField()

    class Meta:
        model = StandingNeed
        fields = ["id", "programme_id", "category_group", "grams_per_week", "version"]
        read_only_fields = fields


class ConsentView(serializers.ModelSerializer[StandingConsent]):
    """A consent; withdrawn ones stay readable."""

    programme_id = serializers.UUIDField()
    category_groups = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = StandingConsent
        fields = [
            *("id", "programme_id", "category_groups", "max_g_per_day", "max_distance_m"),
            *("until_date", "given_at", "withdrawn_at", "version"),
        ]
        read_only_fields = fields


class CapacityView(serializers.ModelSerializer[Capacity]):
    """The limit of a day, and what is left of it on the date asked for."""

    location_id = serializers.UUIDField()
    storage_class = serializers.ChoiceField(choices=StorageClass.choices)
    left_g = serializers.SerializerMethodField()

    class Meta:
        model = Capacity
        fields = ["id", "location_id", "storage_class", "limit_g", "left_g", "version"]
        read_only_fields = fields

    def get_left_g(self, capacity: Capacity) -> int:
        room: dict[Any, Any] = self.context["room"]
        return int(room[capacity.location_id].get(capacity.storage_class, 0))


class RequestView(serializers.ModelSerializer[Request]):
    """One's own request."""

    programme_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=RequestStatus.choices)

    class Meta:
        model = Request
        fields = [
            *("id", "public_id", "programme_id", "category_group", "mass_g", "note", "is_public"),
            *("needed_until_at", "status", "created_at", "version"),
        ]
        read_only_fields = fields


class PublicRequestView(serializers.ModelSerializer[Request]):
    """A request as everybody reads it on the need board."""

    organization_name = serializers.CharField(source="programme.location.organization.name")
    county_code = serializers.CharField(source="programme.location.county_code")
    township_code = serializers.CharField(source="programme.location.township_code")

    class Meta:
        model = Request
        fields = [
            *("public_id", "organization_name", "county_code", "township_code"),
            *("category_group", "mass_g", "note", "needed_until_at"),
        ]
        read_only_fields = fields


class NeedPage(Page):
    results = NeedView(many=True)


class ConsentPage(Page):
    results = ConsentView(many=True)


class CapacityPage(Page):
    results = CapacityView(many=True)


class RequestPage(Page):
    results = RequestView(many=True)


class PublicRequestPage(Page):
    results = PublicRequestView(many=True)
