"""What REST clients read of shipments, routes and plans: addresses only for who has to go there."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from h3 import cell_to_latlng
from rest_framework import serializers

from backend.common.rest.pagination import Page
from backend.custody.models import HandOver
from backend.geo.rest import PointView
from logistics.domain.lifecycle import RouteStatus
from logistics.models import Plan, Route, RouteOffer, Shipment, Stop
from logistics.selectors.driving import todos
from logistics.selectors.running import progress_of

#: In these a courier has to know where to go.
ON_THE_WAY = (RouteStatus.ACCEPTED, RouteStatus.UNDER_WAY)


class StopAreaView(serializers.Serializer[Any]):
    """About where a stop is: its township, and the middle of a cell some 1.4 km wide."""

    county_code = serializers.CharField()
    township_code = serializers.CharField()
    point = PointView()


class StopPlaceView(serializers.Serializer[Any]):
    """Where a stop is, and whom to call there."""

    name = serializers.CharField()
    address = serializers.CharField()
    access_notes = serializers.CharField()
    phone = serializers.CharField()
    point = PointView()


class ExpectedLineView(serializers.Serializer[Any]):
    """A lot of which so much is expected."""

    claim_line_id = serializers.UUIDField()
    lot_id = serializers.UUIDField()
    category = serializers.CharField()
    description = serializers.CharField()
    unit_label = serializers.CharField()
    storage_class = serializers.CharField()
    expected_g = serializers.IntegerField()
    needs_temperature = serializers.BooleanField()


class TodoView(serializers.Serializer[Any]):
    """One hand-over to make; ask the other side for their code."""

    claim_id = serializers.UUIDField()
    is_pickup = serializers.BooleanField()
    counterpart = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    expected_g = serializers.IntegerField()
    lines = ExpectedLineView(many=True)


class LoadView(serializers.Serializer[Any]):
    """What is loaded or unloaded of one shipment."""

    shipment_id = serializers.UUIDField()
    is_pickup = serializers.BooleanField()
    mass_g = serializers.IntegerField(source="shipment.mass_g")
    volume_ml = serializers.IntegerField(source="shipment.volume_ml")
    storage_class = serializers.CharField(source="shipment.storage_class")


class StopView(serializers.ModelSerializer[Stop]):
    """A visit. `place` and `todos` only while the route is accepted or under way; before, the area.

    Put `with_places` into the context to tell them.
    """

    area = serializers.SerializerMethodField()
    place = serializers.SerializerMethodField()
    loads = LoadView(source="tasks", many=True)
    todos = serializers.SerializerMethodField()

    class Meta:
        model = Stop
        fields = [
            *("id", "version", "sequence", "status", "arrive_at", "service_from_at", "leave_at"),
            *("arrived_at", "ended_at", "distance_m", "on_time_share", "area", "place", "loads"),
            "todos",
        ]
        read_only_fields = fields

    @extend_schema_field(StopAreaView)
    def get_area(self, stop: Stop) -> dict[str, Any]:
        lat, lon = cell_to_latlng(stop.location.h3_7)
        return {
            "county_code": stop.location.county_code,
            "township_code": stop.location.township_code,
            "point": {"lon": lon, "lat": lat},
        }

    @extend_schema_field(StopPlaceView(allow_null=True))
    def get_place(self, stop: Stop) -> dict[str, Any] | None:
        if not self.context.get("with_places", False):
            return None
        place = stop.location
        return {
            "name": place.name,
            "address": place.address,
            "access_notes": place.access_notes,
            "phone": place.phone,
            "point": place.point._asdict(),
        }

    @extend_schema_field(TodoView(many=True))
    def get_todos(self, stop: Stop) -> list[dict[str, Any]]:
        if not self.context.get("with_places", False):
            return []
        return list(TodoView(todos(stop), many=True).data)


class StopHandOverView(serializers.ModelSerializer[HandOver]):
    """A hand-over as it was recorded; `unmatched` waits for an earlier one."""

    claim_id = serializers.UUIDField()

    class Meta:
        model = HandOver
        fields = [
            *("id", "client_id", "kind", "claim_id", "visit_id", "at", "recorded_at", "status"),
            *("code_matched", "breach_codes"),
        ]
        read_only_fields = fields


class RouteHeadView(serializers.ModelSerializer[Route]):
    """A route in lists."""

    courier_id = serializers.UUIDField()
    shift_id = serializers.UUIDField()
    stops_count = serializers.SerializerMethodField()

    class Meta:
        model = Route
        fields = [
            *("id", "version", "status", "courier_id", "shift_id", "starts_at", "ends_at"),
            *("distance_m", "duration_s", "on_time_share", "is_estimated", "county_code"),
            *("road_group", "created_at", "started_at", "ended_at", "stops_count"),
        ]
        read_only_fields = fields

    def get_stops_count(self, route: Route) -> int:
        return len(route.stops.all())


class RouteView(RouteHeadView):
    """A route with its stops; the courier learns the places by accepting, coordinators know them.

    `viewer_id` in the context is the person who asks.
    """

    stops = serializers.SerializerMethodField()

    class Meta(RouteHeadView.Meta):
        fields = [*RouteHeadView.Meta.fields, "stops"]
        read_only_fields = fields

    @extend_schema_field(StopView(many=True))
    def get_stops(self, route: Route) -> list[dict[str, Any]]:
        viewer_id: UUID | None = self.context.get("viewer_id")
        with_places = route.courier.user_id != viewer_id or route.status in ON_THE_WAY
        context = {"with_places": with_places}
        return list(StopView(route.stops.all(), many=True, context=context).data)


class RouteOfferView(serializers.ModelSerializer[RouteOffer]):
    """A route on offer: where about, how far, how much, until when to answer."""

    route = serializers.SerializerMethodField()

    class Meta:
        model = RouteOffer
        fields = [
            *("id", "version", "status", "wave", "offered_at", "answer_by_at", "answered_at"),
            *("decline_reason", "route"),
        ]
        read_only_fields = fields

    @extend_schema_field(RouteView)
    def get_route(self, offer: RouteOffer) -> dict[str, Any]:
        return dict(RouteView(offer.route, context={"viewer_id": offer.courier.user_id}).data)


class ShipmentView(serializers.ModelSerializer[Shipment]):
    """One pickup and its delivery, for its two sides and their coordinators."""

    claim_id = serializers.UUIDField()
    pickup_location_id = serializers.UUIDField()
    delivery_location_id = serializers.UUIDField()
    route_id = serializers.SerializerMethodField()

    class Meta:
        model = Shipment
        fields = [
            *("id", "version", "claim_id", "leg", "kind", "status", "storage_class", "mass_g"),
            *("volume_ml", "pickup_location_id", "delivery_location_id", "pickup_from_at"),
            *("pickup_until_at", "deliver_until_at", "county_code", "road_group"),
            *("unassigned_reason", "created_at", "route_id"),
        ]
        read_only_fields = fields

    def get_route_id(self, shipment: Shipment) -> UUID | None:
        commitment = getattr(shipment, "commitment", None)
        return commitment.route_id if commitment else None


class PlanProgressView(serializers.Serializer[Any]):
    """The best plan a search has found so far; null where it has not said yet.

    `cost` in milligrams of food, as in `figures`; `bound` is a proved lower bound of it; `missed`
    counts shipments that must not be left out.
    """

    cost = serializers.IntegerField(allow_null=True)
    bound = serializers.IntegerField(allow_null=True)
    missed = serializers.IntegerField(allow_null=True)
    unassigned = serializers.IntegerField(allow_null=True)
    iterations = serializers.IntegerField(allow_null=True)
    elapsed_ms = serializers.IntegerField()


class PlanView(serializers.ModelSerializer[Plan]):
    """One run of the routing solver.

    `progress` while it is searching: how far it was a moment ago, as told over the event socket.
    """

    progress = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = [
            *("id", "area", "status", "seed", "digest", "figures", "checker_violations"),
            *("routes_dropped", "is_estimated", "solve_ms", "started_at", "stop_asked_at"),
            *("solved_at", "finished_at", "progress"),
        ]
        read_only_fields = fields

    @extend_schema_field(PlanProgressView(allow_null=True))
    def get_progress(self, plan: Plan) -> dict[str, Any] | None:
        progress = progress_of(plan)
        return None if progress is None else dict(PlanProgressView(progress).data)


class PlanQueuedView(serializers.Serializer[Any]):
    """The planning of this road group was asked for; its plan appears in the list."""

    area = serializers.CharField()


class ShipmentPage(Page):
    """A page of shipments."""

    results = ShipmentView(many=True)


class RoutePage(Page):
    """A page of routes."""

    results = RouteHeadView(many=True)


class RouteOfferPage(Page):
    """A page of routes on offer."""

    results = RouteOfferView(many=True)


class PlanPage(Page):
    """A page of plans."""

    results = PlanView(many=True)
