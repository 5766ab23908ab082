"""What REST clients read of the board and of claims: each side sees what it needs, no more."""

from collections.abc import Set
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.claims.domain.reasons import SENTENCES, Reason
from backend.claims.models import (
    LINE_BUCKETS,
    Claim,
    ClaimLine,
    ClaimSource,
    ClaimStatus,
    Transport,
)
from backend.claims.selectors import BoardEntry, BoardLot
from backend.common.choices import StorageClass
from backend.common.rest.pagination import Page
from backend.geo.rest import PointView
from backend.listings.selectors import area_point

#: Distances are told in steps of this: exact ones from three points would give the address away.
ROUNDED_TO_M = 100


class ReasonView(serializers.Serializer[Any]):
    """Why it cannot be taken: a stable code, and a sentence in the reader's language."""

    code = serializers.ChoiceField(choices=[each.value for each in Reason])
    message = serializers.CharField()


class BoardLotView(serializers.Serializer[Any]):
    """One lot of the board; `takeable_g` and `reason` when a programme was named.

    `held_until_at`: until then it is for those nearby who got least; the programme is one of them,
    unless `reason` is `held_for_others`.
    """

    id = serializers.UUIDField(source="lot.id")
    category = serializers.CharField(source="lot.category")
    description = serializers.CharField(source="lot.description")
    storage_class = serializers.ChoiceField(
        choices=StorageClass.choices, source="lot.storage_class"
    )
    packaging = serializers.CharField(source="lot.packaging")
    unit_label = serializers.CharField(source="lot.unit_label")
    best_before_date = serializers.DateField(source="lot.best_before_date", allow_null=True)
    use_by_date = serializers.DateField(source="lot.use_by_date", allow_null=True)
    safe_until_at = serializers.DateTimeField(source="lot.safe_until_at")
    allergens = serializers.ListField(child=serializers.CharField(), source="lot.allergens")
    diet_flags = serializers.ListField(child=serializers.CharField(), source="lot.diet_flags")
    step_g = serializers.IntegerField(source="lot.step_g")
    left_g = serializers.IntegerField()
    takeable_g = serializers.IntegerField(allow_null=True)
    transport = serializers.ChoiceField(choices=Transport.choices, allow_null=True)
    held_until_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.SerializerMethodField()

    @extend_schema_field(ReasonView(allow_null=True))
    def get_reason(self, lot: BoardLot) -> dict[str, str] | None:
        return reason_view(lot.reason)


class BoardEntryView(serializers.Serializer[Any]):
    """One listing of the board; strangers are not told whose it is."""

    listing_id = serializers.UUIDField(source="listing.id")
    title = serializers.CharField(source="listing.title")
    donor_name = serializers.SerializerMethodField()
    county_code = serializers.CharField(source="listing.county_code")
    township_code = serializers.CharField(source="listing.township_code")
    area = serializers.SerializerMethodField()
    distance_m = serializers.SerializerMethodField()
    pickup_from_at = serializers.DateTimeField(source="listing.pickup_from_at")
    pickup_until_at = serializers.DateTimeField(source="listing.pickup_until_at")
    allows_self_collect = serializers.BooleanField(source="listing.allows_self_collect")
    allows_courier = serializers.BooleanField(source="listing.allows_courier")
    donor_delivers = serializers.BooleanField(source="listing.donor_delivers")
    has_photo = serializers.BooleanField(source="listing.photo")
    reason = serializers.SerializerMethodField()
    lots = BoardLotView(many=True)

    def get_donor_name(self, entry: BoardEntry) -> str | None:
        return None if self._coarse else entry.listing.organization.name

    @extend_schema_field(PointView)
    def get_area(self, entry: BoardEntry) -> dict[str, float]:
        return area_point(entry.listing, coarse=self._coarse)._asdict()

    def get_distance_m(self, entry: BoardEntry) -> int | None:
        if entry.distance_m is None:
            return None
        return round(entry.distance_m / ROUNDED_TO_M) * ROUNDED_TO_M

    @extend_schema_field(ReasonView(allow_null=True))
    def get_reason(self, entry: BoardEntry) -> dict[str, str] | None:
        return reason_view(entry.reason)

    @property
    def _coarse(self) -> bool:
        return bool(self.context.get("coarse", True))


class BoardView(serializers.Serializer[Any]):
    """A page of the board; go on with `next_cursor`."""

    next_cursor = serializers.CharField(allow_null=True)
    results = BoardEntryView(many=True)


class ClaimLineView(serializers.ModelSerializer[ClaimLine]):
    """A share of one lot and where its grams are."""

    lot_id = serializers.UUIDField()
    category = serializers.CharField(source="lot.category")
    description = serializers.CharField(source="lot.description")
    storage_class = serializers.ChoiceField(
        choices=StorageClass.choices, source="lot.storage_class"
    )
    safe_until_at = serializers.DateTimeField(source="lot.safe_until_at")
    allergens = serializers.ListField(child=serializers.CharField(), source="lot.allergens")

    class Meta:
        model = ClaimLine
        fields = [
            *("id", "lot_id", "category", "description", "storage_class", "safe_until_at"),
            *("allergens", "mass_g", "adjusted_g", *(f"{bucket}_g" for bucket in LINE_BUCKETS)),
        ]
        read_only_fields = fields


class ClaimView(serializers.ModelSerializer[Claim]):
    """A claim. The donor reads out `pickup_code` and the charity `delivery_code`; whoever comes
    types it, so the other side never sees it. The exact address is for the charity that claimed.
    """

    listing_id = serializers.UUIDField()
    listing_title = serializers.CharField(source="listing.title")
    donor_name = serializers.CharField(source="listing.organization.name")
    recipient_name = serializers.CharField(source="organization.name")
    organization_id = serializers.UUIDField()
    location_id = serializers.UUIDField()
    programme_id = serializers.UUIDField()
    programme_name = serializers.CharField(source="programme.name")
    transport = serializers.ChoiceField(choices=Transport.choices)
    source = serializers.ChoiceField(choices=ClaimSource.choices)  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=ClaimStatus.choices)
    pickup_from_at = serializers.DateTimeField(source="listing.pickup_from_at")
    pickup_until_at = serializers.DateTimeField(source="listing.pickup_until_at")
    pickup_address = serializers.SerializerMethodField()
    pickup_point = serializers.SerializerMethodField()
    access_notes = serializers.SerializerMethodField()
    pickup_code = serializers.SerializerMethodField()
    delivery_code = serializers.SerializerMethodField()
    lines = ClaimLineView(many=True)

    class Meta:
        model = Claim
        fields = [
            *("id", "public_id", "listing_id", "listing_title", "donor_name", "recipient_name"),
            *("organization_id", "location_id", "programme_id", "programme_name", "offer_id"),
            *("transport", "source", "status", "booked_from_at", "booked_until_at"),
            *("receive_date", "pickup_from_at", "pickup_until_at", "pickup_address"),
            *("pickup_point", "access_notes", "pickup_code", "delivery_code", "reserved_at"),
            *("lapses_at", "ended_at", "end_reason", "version", "lines"),
        ]
        read_only_fields = fields

    def get_pickup_address(self, claim: Claim) -> str | None:
        return claim.listing.address if self._knows_place(claim) else None

    @extend_schema_field(PointView(allow_null=True))
    def get_pickup_point(self, claim: Claim) -> dict[str, float] | None:
        return claim.listing.point._asdict() if self._knows_place(claim) else None

    def get_access_notes(self, claim: Claim) -> str | None:
        return claim.listing.location.access_notes if self._knows_place(claim) else None

    def get_pickup_code(self, claim: Claim) -> str | None:
        return claim.pickup_code if claim.listing.organization_id in self._own else None

    def get_delivery_code(self, claim: Claim) -> str | None:
        comes_itself = claim.transport == Transport.SELF_COLLECT
        mine = claim.organization_id in self._own and not comes_itself
        return claim.delivery_code if mine else None

    def _knows_place(self, claim: Claim) -> bool:
        """The donor always, the charity until the claim was cancelled or lapsed."""
        if claim.listing.organization_id in self._own:
            return True
        void = claim.status in (ClaimStatus.CANCELLED, ClaimStatus.LAPSED)
        return claim.organization_id in self._own and not void

    @property
    def _own(self) -> Set[UUID]:
        own: Set[UUID] = self.context["own"]
        return own


class ClaimPage(Page):
    """A page of claims."""

    results = ClaimView(many=True)


def reason_view(reason: Reason | None) -> dict[str, str] | None:
    return {"code": reason.value, "message": _(SENTENCES[reason])} if reason else None
