"""What REST clients send about offers and rounds."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backend.common.choices import StorageClass
from backend.common.rest.serializers import InputSerializer, PageQuery
from backend.regions.packs import pack
from matching.domain.what_if import CHANGEABLE, HIGHEST
from matching.models import DeclineReason, OfferStatus, RoundStatus, TransferMode

MOST_LINES = 30
MOST_PLACES = 50
#: A thousand tonnes a day are beyond any place.
MOST_ROOM_G = 10**9


class OffersQuery(PageQuery):
    """Which offers: in which state, of which listing, to which programme."""

    status = serializers.ChoiceField(choices=OfferStatus.choices, required=False)
    listing = serializers.UUIDField(required=False)
    programme = serializers.UUIDField(required=False)
    round = serializers.UUIDField(required=False)


class RoundsQuery(PageQuery):
    """Which rounds: over which road group, and how they came out."""

    area = serializers.CharField(required=False, max_length=40)
    status = serializers.ChoiceField(choices=RoundStatus.choices, required=False)


class ShareInput(InputSerializer):
    """How many grams of one offered lot are taken."""

    lot_id = serializers.UUIDField()
    mass_g = serializers.IntegerField(min_value=0)


class AcceptInput(InputSerializer):
    """What is taken; all of it when no lines are given. Lots that are not named are left."""

    lines = ShareInput(  # type: ignore[call-arg]
        many=True, required=False, allow_empty=False, max_length=MOST_LINES
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lots = [line["lot_id"] for line in attrs.get("lines", [])]
        if len(set(lots)) != len(lots):
            raise serializers.ValidationError({"lines": _("Please name each lot once.")})
        return attrs


class DeclineInput(InputSerializer):
    """Why it is not taken, if one wants to say; it helps the next round."""

    reason = serializers.ChoiceField(
        choices=DeclineReason.choices, required=False, default=DeclineReason.NONE, allow_blank=True
    )


class RoomInput(InputSerializer):
    """How many grams of one storage class a place could take."""

    location_id = serializers.UUIDField()
    storage_class = serializers.ChoiceField(choices=StorageClass.choices)
    room_g = serializers.IntegerField(min_value=0, max_value=MOST_ROOM_G)


class RoundInput(InputSerializer):
    """The road group over which a round shall run now."""

    area = serializers.CharField(max_length=40)

    def validate_area(self, area: str) -> str:
        if area not in {township.road_group for township in pack().townships.values()}:
            raise serializers.ValidationError(_("There is no such road group."), "unknown_area")
        return area


class WhatIfInput(RoundInput):
    """What to try: places that are closed, room that a place would have, other weights.

    `pickup_date` is the local day on which the food can be had first; the nearest with food if left
    out.
    """

    pickup_date = serializers.DateField(required=False)
    closed = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_PLACES
    )
    room = RoomInput(many=True, required=False, max_length=MOST_PLACES)  # type: ignore[call-arg]
    weights = serializers.DictField(child=serializers.FloatField(), required=False)

    def validate_weights(self, weights: dict[str, float]) -> dict[str, float]:
        for name, value in weights.items():
            if name not in CHANGEABLE:
                raise serializers.ValidationError(_("There is no such weight."), "unknown_weight")
            if not 0 <= value <= HIGHEST:
                message = _("A weight lies between 0 and 10.")
                raise serializers.ValidationError(message, "weight_out_of_range")
        return weights

    def validate_room(self, room: list[dict[str, Any]]) -> list[dict[str, Any]]:
        places = [(each["location_id"], each["storage_class"]) for each in room]
        if len(set(places)) != len(places):
            raise serializers.ValidationError(_("Please name each place once."))
        return room


class TransferAgreementInput(InputSerializer):
    """What one county would send to another; no groups mean any food."""

    from_county = serializers.CharField(max_length=10)
    to_county = serializers.CharField(max_length=10)
    category_groups = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=MOST_PLACES
    )
    quota_g = serializers.IntegerField(min_value=1, max_value=MOST_ROOM_G)
    until_date = serializers.DateField(required=False, allow_null=True)


class TransferInput(InputSerializer):
    """Grams of a lot for a programme of the other county, and the leg that brings them."""

    agreement_id = serializers.UUIDField()
    lot_id = serializers.UUIDField()
    programme_id = serializers.UUIDField()
    mass_g = serializers.IntegerField(min_value=1, max_value=MOST_ROOM_G)
    mode = serializers.ChoiceField(choices=TransferMode.choices)
    waybill = serializers.CharField(required=False, max_length=40, allow_blank=True, default="")
    departs_at = serializers.DateTimeField()
    arrives_at = serializers.DateTimeField()
    keeps_cold = serializers.BooleanField(required=False, default=False)


class TakersQuery(InputSerializer):
    """For which lot somebody is looked for in counties that agreed."""

    lot = serializers.UUIDField()
