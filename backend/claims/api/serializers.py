"""What REST clients send about the board and claims."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backend.claims.models import ClaimStatus, Transport
from backend.claims.selectors.board import LARGEST_PAGE, Place
from backend.common.choices import StorageClass
from backend.common.refusals import Invalid
from backend.common.rest.serializers import InputSerializer, PageQuery
from backend.geo.domain.points import WIDEST_COVER_M
from backend.organizations.domain.hours import Interval

CANCEL_REASONS = ("not_needed", "no_transport", "no_room", "mistake", "other")
MOST_LINES = 30
_signer = Signer(salt="board")


class BoardQuery(InputSerializer):
    """What of the board to show. A point needs both degrees, a radius a point or a programme."""

    programme = serializers.UUIDField(required=False)
    lon = serializers.FloatField(required=False, min_value=-180, max_value=180)
    lat = serializers.FloatField(required=False, min_value=-90, max_value=90)
    radius_m = serializers.IntegerField(required=False, min_value=1, max_value=WIDEST_COVER_M)
    category = serializers.CharField(required=False, max_length=40)
    storage_class = serializers.ChoiceField(choices=StorageClass.choices, required=False)
    takeable_only = serializers.BooleanField(required=False, default=False)
    cursor = serializers.CharField(required=False, max_length=500)
    page_size = serializers.IntegerField(
        required=False, default=25, min_value=1, max_value=LARGEST_PAGE
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lon" in attrs) != ("lat" in attrs):
            missing = "lat" if "lon" in attrs else "lon"
            raise serializers.ValidationError({missing: _("A point needs both degrees.")})
        if "radius_m" in attrs and "lon" not in attrs and "programme" not in attrs:
            raise serializers.ValidationError({"radius_m": _("A radius needs a point.")})
        return attrs


class ClaimsQuery(PageQuery):
    """Which claims: received by one's charities or given from one's food, and in which state."""

    side = serializers.ChoiceField(choices=["received", "given"], required=False)
    status = serializers.ChoiceField(choices=ClaimStatus.choices, required=False)
    listing = serializers.UUIDField(required=False)
    programme = serializers.UUIDField(required=False)


class LineInput(InputSerializer):
    """How many grams of one lot."""

    lot_id = serializers.UUIDField()
    mass_g = serializers.IntegerField(min_value=1)


class ClaimInput(InputSerializer):
    """Shares of one listing for one programme; the booking is for a charity that comes itself."""

    listing_id = serializers.UUIDField()
    programme_id = serializers.UUIDField()
    transport = serializers.ChoiceField(choices=Transport.choices)
    lines = LineInput(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]
    booked_from_at = serializers.DateTimeField(required=False)
    booked_until_at = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("booked_from_at" in attrs) != ("booked_until_at" in attrs):
            raise serializers.ValidationError({"booked_from_at": _("Please give both times.")})
        lots = [line["lot_id"] for line in attrs["lines"]]
        if len(set(lots)) != len(lots):
            raise serializers.ValidationError({"lines": _("Please name each lot once.")})
        return attrs


class CancelInput(InputSerializer):
    """Why the share is given back."""

    reason = serializers.ChoiceField(choices=CANCEL_REASONS, required=False, default="other")


def booking(wanted: Mapping[str, Any]) -> Interval | None:
    """The booked window; raises Invalid when it ends before it begins."""
    if "booked_from_at" not in wanted:
        return None
    booked = Interval(wanted["booked_from_at"], wanted["booked_until_at"])
    if booked.until_at <= booked.from_at:
        raise Invalid.field(
            "booked_until_at", "window_reversed", _("The end must be after the beginning.")
        )
    return booked


def cursor_of(place: Place) -> str:
    """Where the board goes on, signed so that only ours comes back."""
    return _signer.sign_object([place.pickup_until_at.isoformat(), str(place.listing_id)])


def place_of(cursor: str) -> Place:
    """The inverse of `cursor_of`; raises Invalid for any other text."""
    try:
        instant, listing_id = _signer.unsign_object(cursor)
        at = parse_datetime(instant)
        if at is None:
            raise ValueError(instant)
        return Place(at, UUID(listing_id))
    except (BadSignature, ValueError, TypeError) as error:
        raise Invalid.field(
            "cursor", "bad_cursor", _("This page link is not valid any more.")
        ) from error
