"""What REST clients read of listings: in full for their keepers, coarsely for whoever may take."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.common.choices import StorageClass
from backend.common.rest.pagination import Page
from backend.geo.rest import PointView
from backend.listings.api.serializers import STATUSES
from backend.listings.domain.ledger import CACHED, Bucket
from backend.listings.domain.lifecycle import ClosedReason
from backend.listings.models import Audience, Listing, ListingSchedule, Lot, MassMovement
from backend.listings.selectors import area_point

BUCKETS = [each.value for each in Bucket]
GOODS = (
    *("id", "category", "description", "unit_label", "unit_count", "packaging", "storage_class"),
    *("best_before_date", "use_by_date", "cooked_at", "safe_until_at", "safety_rule"),
    *("safety_rule_version", "allergens", "diet_flags", "step_g"),
)


class OfferedLotView(serializers.ModelSerializer[Lot]):
    """Goods and how much of them is free."""

    storage_class = serializers.ChoiceField(choices=StorageClass.choices)
    allergens = serializers.ListField(child=serializers.CharField())
    diet_flags = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Lot
        fields = [*GOODS, "available_g"]
        read_only_fields = fields


class LotView(OfferedLotView):
    """Goods with the whole ledger; the buckets add up to declared plus corrected."""

    listing_id = serializers.UUIDField()
    parent_lot_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = Lot
        fields = [
            *(*GOODS, "listing_id", "parent_lot_id", "volume_ml", "batch", "gtin"),
            *("declared_g", "adjusted_g", *(f"{bucket}_g" for bucket in CACHED), "version"),
        ]
        read_only_fields = fields


class MovementView(serializers.ModelSerializer[MassMovement]):
    """One entry of the mass ledger."""

    from_bucket = serializers.CharField(help_text=f"One of {', '.join(BUCKETS)}.")
    to_bucket = serializers.CharField(help_text="As `from_bucket`.")

    class Meta:
        model = MassMovement
        fields = ["id", "from_bucket", "to_bucket", "mass_g", "cause_type", "cause_id", "at"]
        read_only_fields = fields


class OfferedListingView(serializers.ModelSerializer[Listing]):
    """A listing for those who may take of it: the area instead of the address."""

    organization_name = serializers.CharField(source="organization.name")
    area = serializers.SerializerMethodField()
    lots = OfferedLotView(many=True)
    audience = serializers.ChoiceField(choices=Audience.choices)
    status = serializers.ChoiceField(choices=STATUSES)

    class Meta:
        model = Listing
        fields = [
            *("id", "title", "note", "organization_name", "county_code", "township_code", "area"),
            *("pickup_from_at", "pickup_until_at", "allows_self_collect", "allows_courier"),
            *("donor_delivers", "audience", "status", "has_photo", "opened_at", "lots"),
        ]
        read_only_fields = fields

    has_photo = serializers.BooleanField(source="photo")

    @extend_schema_field(PointView)
    def get_area(self, listing: Listing) -> dict[str, float]:
        return area_point(listing, coarse=False)._asdict()


class ListingView(serializers.ModelSerializer[Listing]):
    """A listing in full, for its donor and its county's coordinators."""

    organization_id = serializers.UUIDField()
    location_id = serializers.UUIDField()
    schedule_id = serializers.UUIDField(allow_null=True)
    point = PointView()
    lots = LotView(many=True)
    draft_lots = serializers.ListField(child=serializers.DictField())
    chosen_recipient_ids = serializers.SerializerMethodField()
    has_photo = serializers.BooleanField(source="photo")
    audience = serializers.ChoiceField(choices=Audience.choices)
    status = serializers.ChoiceField(choices=STATUSES)
    closed_reason = serializers.ChoiceField(
        choices=["", *(each.value for each in ClosedReason)], allow_blank=True
    )

    class Meta:
        model = Listing
        fields = [
            *("id", "public_id", "organization_id", "location_id", "schedule_id", "local_date"),
            *("title", "note", "address", "point", "county_code", "township_code", "road_group"),
            *("pickup_from_at", "pickup_until_at", "allows_self_collect", "allows_courier"),
            *("donor_delivers", "audience", "chosen_recipient_ids", "has_photo", "source"),
            *("status", "closed_reason", "created_at", "opened_at", "closed_at", "version"),
            *("lots", "draft_lots"),
        ]
        read_only_fields = fields

    def get_chosen_recipient_ids(self, listing: Listing) -> list[str]:
        return [str(each.pk) for each in listing.chosen_recipients.all()]


class ListingPage(Page):
    """A page of listings."""

    results = ListingView(many=True)


class ScheduleView(serializers.ModelSerializer[ListingSchedule]):
    """A recurring listing."""

    organization_id = serializers.UUIDField()
    location_id = serializers.UUIDField()
    skipped_dates = serializers.ListField(child=serializers.DateField())
    template = serializers.DictField()

    class Meta:
        model = ListingSchedule
        fields = [
            *("id", "organization_id", "location_id", "title", "rule", "starts_date", "ends_date"),
            *("opens_minute", "closes_minute", "skipped_dates", "template", "created_at"),
            *("ended_at", "version"),
        ]
        read_only_fields = fields


class SchedulePage(Page):
    """A page of recurring listings."""

    results = ScheduleView(many=True)


class MovementPage(Page):
    """A page of the mass ledger of a lot."""

    results = MovementView(many=True)
