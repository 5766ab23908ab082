"""What REST clients send about routes, stops and plans."""

from rest_framework import serializers

from backend.common.choices import StorageClass
from backend.common.rest import InputSerializer, PageQuery
from backend.custody.domain.replay import Kind
from backend.custody.models import AttemptReason
from backend.custody.rest import HandOverFields
from logistics.actions import decline_route_offer
from logistics.models import (
    AbandonReason,
    PlanStatus,
    RouteOfferStatus,
    RouteStatus,
    ShipmentStatus,
)

#: What a courier does with food at a stop.
AT_STOPS = (Kind.COLLECTED, Kind.DELIVERED, Kind.RETURNED, Kind.DISPOSED)


class StopHandOverInput(HandOverFields):
    """A hand-over of one claim's food at a stop; `client_id` is made on the device."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in AT_STOPS])


class FailInput(InputSerializer):
    """Why nothing could be handed over at a stop."""

    client_id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=AttemptReason.choices)
    at = serializers.DateTimeField()


class AbandonInput(InputSerializer):
    """Why a route is given up."""

    reason = serializers.ChoiceField(choices=AbandonReason.choices)


class DeclineRouteInput(InputSerializer):
    """Why not, if one likes to say."""

    reason = serializers.ChoiceField(
        choices=decline_route_offer.REASONS, default="", allow_blank=True
    )


class PlanInput(InputSerializer):
    """The road group to plan now."""

    area = serializers.CharField(max_length=40)


class ShipmentsQuery(PageQuery):
    """`?status=waiting&county=63000&claim=…&storage_class=chilled`"""

    status = serializers.ChoiceField(choices=ShipmentStatus.choices, required=False)
    county = serializers.CharField(required=False, max_length=10)
    claim = serializers.UUIDField(required=False)
    storage_class = serializers.ChoiceField(choices=StorageClass.choices, required=False)


class RoutesQuery(PageQuery):
    """`?status=under_way&county=63000&courier=…&mine=true`"""

    status = serializers.ChoiceField(choices=RouteStatus.choices, required=False)
    county = serializers.CharField(required=False, max_length=10)
    courier = serializers.UUIDField(required=False)
    mine = serializers.BooleanField(required=False, default=False)


class RouteOffersQuery(PageQuery):
    """`?status=offered`"""

    status = serializers.ChoiceField(choices=RouteOfferStatus.choices, required=False)


class PlansQuery(PageQuery):
    """`?area=main&status=applied`"""

    area = serializers.CharField(required=False, max_length=40)
    status = serializers.ChoiceField(choices=PlanStatus.choices, required=False)
