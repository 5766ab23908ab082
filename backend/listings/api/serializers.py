"""What REST clients send about listings, lots and recurring listings."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer, PageQuery
from backend.listings.actions.check_schedule import SchedulePlan
from backend.listings.domain.draft import ListingDraft, LotDraft
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.domain.template import Template, UsualLot
from backend.listings.models import Audience

CODE_LENGTH = 40
MOST_WORDS = 40
MOST_LOTS = 30
MOST_CHOSEN = 100
STATUSES = tuple(each.value for each in ListingStatus)
WITHDRAW_REASONS = ("given_elsewhere", "spoiled", "mistake", "not_ready", "other")
CORRECTION_REASONS = ("weighed", "sold", "spoiled", "mistake", "other")


class ListingsQuery(PageQuery):
    """Which of one's listings."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    location = serializers.UUIDField(required=False)
    county = serializers.CharField(required=False, max_length=10)


class Words(serializers.ListField):
    """Codes of the region pack."""

    child = serializers.CharField(max_length=CODE_LENGTH)


class LotFields(InputSerializer):
    """A lot without its dates; grams and millilitres."""

    category = serializers.CharField(max_length=CODE_LENGTH)
    declared_g = serializers.IntegerField()
    description = serializers.CharField(required=False, allow_blank=True, max_length=120)
    volume_ml = serializers.IntegerField(required=False, allow_null=True)
    unit_label = serializers.CharField(required=False, allow_blank=True, max_length=20)
    unit_count = serializers.IntegerField(required=False, allow_null=True, max_value=1_000_000)
    packaging = serializers.CharField(required=False, allow_blank=True, max_length=30)
    storage_class = serializers.CharField(required=False, allow_blank=True, max_length=8)
    allergens = Words(required=False, max_length=MOST_WORDS)
    diet_flags = Words(required=False, max_length=MOST_WORDS)
    batch = serializers.CharField(required=False, allow_blank=True, max_length=60)
    gtin = serializers.CharField(required=False, allow_blank=True, max_length=14)
    step_g = serializers.IntegerField(required=False, allow_null=True)


class LotInput(LotFields):
    """A lot as the donor states it; what is left out comes from the kind of food."""

    best_before_date = serializers.DateField(required=False, allow_null=True)
    use_by_date = serializers.DateField(required=False, allow_null=True)
    cooked_at = serializers.DateTimeField(required=False, allow_null=True)


class UsualLotInput(LotFields):
    """A lot of a recurring listing: dates count in days from the day it is offered."""

    best_before_in_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=3_650
    )
    use_by_in_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=3_650
    )
    cooked_minute = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=1_439
    )


class ListingChange(InputSerializer):
    """What of a listing changes; all fields are optional."""

    title = serializers.CharField(required=False, max_length=120)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    pickup_from_at = serializers.DateTimeField(required=False)
    pickup_until_at = serializers.DateTimeField(required=False)
    allows_self_collect = serializers.BooleanField(required=False)
    allows_courier = serializers.BooleanField(required=False)
    donor_delivers = serializers.BooleanField(required=False)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    chosen_recipient_ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_CHOSEN
    )
    lots = LotInput(many=True, required=False, allow_empty=True, max_length=MOST_LOTS)  # type: ignore[call-arg]


class ListingInput(ListingChange):
    """A new listing; it is open at once unless `open` is false."""

    location_id = serializers.UUIDField()
    title = serializers.CharField(max_length=120)
    pickup_from_at = serializers.DateTimeField()
    pickup_until_at = serializers.DateTimeField()
    lots = LotInput(many=True, allow_empty=True, max_length=MOST_LOTS)  # type: ignore[call-arg]
    open = serializers.BooleanField(required=False, default=True)


class RepeatInput(InputSerializer):
    """A new window for the copy; without one the earlier time of day."""

    pickup_from_at = serializers.DateTimeField(required=False)
    pickup_until_at = serializers.DateTimeField(required=False)


class WithdrawInput(InputSerializer):
    """Why the listing is taken back."""

    reason = serializers.ChoiceField(choices=WITHDRAW_REASONS, required=False, default="other")


class CorrectionInput(InputSerializer):
    """How many grams more (or, negative, fewer) there are than was thought."""

    change_g = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=CORRECTION_REASONS, required=False, default="other")


class PhotoInput(InputSerializer):
    """A picture: JPEG, PNG or WebP, at most 8 MB."""

    photo = serializers.FileField()


class TemplateInput(InputSerializer):
    """What a recurring listing usually offers."""

    lots = UsualLotInput(many=True, allow_empty=False, max_length=MOST_LOTS)  # type: ignore[call-arg]
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    allows_self_collect = serializers.BooleanField(required=False)
    allows_courier = serializers.BooleanField(required=False)
    donor_delivers = serializers.BooleanField(required=False)


class SchedulePlanInput(InputSerializer):
    """A rule of RFC 5545 (FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYSETPOS) and what it offers.

    Minutes count from local midnight; above 1440 they belong to the next day.
    """

    title = serializers.CharField(max_length=120)
    rule = serializers.CharField(max_length=200)
    starts_date = serializers.DateField()
    ends_date = serializers.DateField(required=False, allow_null=True)
    opens_minute = serializers.IntegerField(min_value=0, max_value=1_439)
    closes_minute = serializers.IntegerField(min_value=1, max_value=2_880)
    template = TemplateInput()


class ScheduleInput(SchedulePlanInput):
    """A new recurring listing."""

    location_id = serializers.UUIDField()


class ScheduleChange(SchedulePlanInput):
    """The recurring listing as it is from a date on."""

    from_date = serializers.DateField()


class SkipInput(InputSerializer):
    """The local date on which nothing is offered."""

    local_date = serializers.DateField()


def lot_drafts(values: list[Mapping[str, Any]]) -> tuple[LotDraft, ...]:
    return tuple(LotDraft(**_tupled(each)) for each in values)


def listing_draft(values: Mapping[str, Any]) -> ListingDraft:
    """The draft of validated input, without the fields that are not part of it."""
    return ListingDraft(**listing_changes(values), source="api")


def listing_changes(values: Mapping[str, Any]) -> dict[str, Any]:
    changes = {name: values[name] for name in values if name not in {"location_id", "open"}}
    if "lots" in changes:
        changes["lots"] = lot_drafts(changes["lots"])
    if "chosen_recipient_ids" in changes:
        changes["chosen_recipient_ids"] = tuple(sorted(set(changes["chosen_recipient_ids"])))
    return changes


def schedule_plan(values: Mapping[str, Any]) -> SchedulePlan:
    plain = dict(values["template"])
    usual = tuple(_usual_lot(each) for each in plain.pop("lots"))
    names = ("title", "rule", "starts_date", "ends_date", "opens_minute", "closes_minute")
    return SchedulePlan(
        template=Template(lots=usual, **plain),
        **{name: values[name] for name in names if name in values},
    )


def _usual_lot(values: Mapping[str, Any]) -> UsualLot:
    plain = dict(values)
    names = ("best_before_in_days", "use_by_in_days", "cooked_minute")
    when = {name: plain.pop(name) for name in names if name in plain}
    return UsualLot(lot=LotDraft(**_tupled(plain)), **when)


def _tupled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in values.items()}
