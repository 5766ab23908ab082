"""Tables of shipments, plans, routes with their stops, and offers of routes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.claims.models import Claim, ClaimLine
from backend.common.choices import StorageClass
from backend.common.ids import new_public_id
from backend.common.models import Row, Versioned
from backend.couriers.models import Courier, Shift
from backend.listings.models import Lot
from backend.organizations.models import Location


class ShipmentKind(models.TextChoices):
    DELIVERY = "delivery", _("delivery")
    RETURN = "return", _("return")
    TRANSFER = "transfer", _("transfer")


class ShipmentStatus(models.TextChoices):
    WAITING = "waiting", _("waiting for a route")
    PLANNED = "planned", _("planned")
    ON_BOARD = "on_board", _("on board")
    DELIVERED = "delivered", _("delivered")
    RETURNED = "returned", _("returned")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Shipment(Versioned):
    """One pickup and its delivery by one vehicle; one storage class of one claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="shipments")
    leg = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=ShipmentKind, default=ShipmentKind.DELIVERY)
    status = models.CharField(
        max_length=10,
        choices=ShipmentStatus,
        default=ShipmentStatus.WAITING,
        db_index=True,
        editable=False,
    )
    storage_class = models.CharField(max_length=8, choices=StorageClass)
    mass_g = models.PositiveBigIntegerField()
    volume_ml = models.PositiveBigIntegerField()
    pickup_location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    delivery_location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    pickup_from_at = models.DateTimeField()
    pickup_until_at = models.DateTimeField()
    delivery_windows = models.JSONField(
        _("times the receiver is open, as pairs of instants"), default=list
    )
    deliver_until_at = models.DateTimeField(_("latest delivery: the food's life"))
    longest_on_board_s = models.PositiveIntegerField(null=True, blank=True)
    prize_mg = models.PositiveBigIntegerField(
        _("worth of serving it, milligrams of food"), default=0
    )
    county_code = models.CharField(max_length=10, db_index=True)
    road_group = models.CharField(max_length=40, db_index=True)
    unassigned_reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["pickup_until_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ShipmentStatus.values), name="shipment_status_known"
            ),
            models.CheckConstraint(condition=Q(mass_g__gte=1), name="shipment_weighs_something"),
            models.UniqueConstraint(
                fields=["claim", "storage_class", "leg"], name="shipment_made_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ShipmentLine(Row):
    """The part of a claim line that a shipment carries."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    claim_line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="shipment_lines")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    mass_g = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "claim_line"], name="shipment_names_a_line_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_g} g"


class PlanStatus(models.TextChoices):
    SOLVING = "solving", _("being worked out")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Plan(Row):
    """One run of the routing solver over one road group; a new run supersedes it by lease."""

    area = models.CharField(_("road group"), max_length=40, db_index=True)
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.SOLVING)
    seed = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    inputs = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    checker_violations = models.JSONField(default=list)
    routes_dropped = models.PositiveIntegerField(_("no longer possible when applied"), default=0)
    is_estimated = models.BooleanField(_("road times are estimated"), default=False)
    solve_ms = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(db_index=True)
    stop_asked_at = models.DateTimeField(
        _("asked to end with what there is"), null=True, blank=True
    )
    solved_at = models.DateTimeField(_("the search was over"), null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until_at = models.DateTimeField()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=Q(status="solving"), name="plan_solved_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.started_at:%Y-%m-%d %H:%M}"


class RouteStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("accepted")
    UNDER_WAY = "under_way", _("under way")
    FINISHED = "finished", _("finished")
    DECLINED = "declined", _("declined")
    ABANDONED = "abandoned", _("given up")


class AbandonReason(models.TextChoices):
    """Why a route was given up."""

    VEHICLE = "vehicle", _("the vehicle broke down")
    HEALTH = "health", _("illness or accident")
    TIME = "time", _("not enough time")
    WEATHER = "weather", _("weather or road")
    SHIFT = "shift", _("the shift was changed")
    COORDINATOR = "coordinator", _("decided by the coordinator")
    OTHER = "other", _("another reason")


#: A shipment is on at most one route in one of these.
COMMITTED = (RouteStatus.OFFERED, RouteStatus.ACCEPTED, RouteStatus.UNDER_WAY)


class Route(Versioned):
    """Ordered stops for one shift."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, related_name="routes")
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="routes")
    courier = models.ForeignKey(Courier, models.PROTECT, related_name="routes")
    status = models.CharField(
        max_length=10, choices=RouteStatus, default=RouteStatus.DRAFT, db_index=True, editable=False
    )
    starts_at = models.DateTimeField(_("leaves at"))
    ends_at = models.DateTimeField(_("back at"))
    distance_m = models.PositiveIntegerField()
    duration_s = models.PositiveIntegerField()
    on_time_share = models.FloatField(
        _("share of simulated drives wholly on time"), null=True, blank=True
    )
    is_estimated = models.BooleanField(_("road times are estimated"), default=False)
    county_code = models.CharField(max_length=10, db_index=True)
    road_group = models.CharField(max_length=40, db_index=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    given_up_for = models.CharField(max_length=12, choices=AbandonReason, blank=True)

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RouteStatus.values), name="route_status_known"
            ),
            models.CheckConstraint(
                condition=Q(on_time_share__gte=0, on_time_share__lte=1),
                name="route_on_time_share_is_a_share",
            ),
            models.UniqueConstraint(
                fields=["courier"],
                condition=Q(status="under_way"),
                name="courier_drives_one_route_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StopStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    ARRIVED = "arrived", _("arrived")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    SKIPPED = "skipped", _("skipped")


class Stop(Versioned):
    """One visit of a route; its id is the `visit_id` of the hand-overs made there."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="stops")
    sequence = models.PositiveSmallIntegerField()
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=8, choices=StopStatus, default=StopStatus.PLANNED, editable=False
    )
    is_locked = models.BooleanField(_("stays where it is"), default=False)
    arrive_at = models.DateTimeField(_("planned arrival"))
    service_from_at = models.DateTimeField(_("planned beginning of service"))
    leave_at = models.DateTimeField(_("planned departure"))
    distance_m = models.PositiveIntegerField(_("metres from the stop before"))
    on_time_share = models.FloatField(
        _("share of simulated drives on time here"), null=True, blank=True
    )
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["route_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["route", "sequence"], name="stop_has_its_place"),
            models.CheckConstraint(
                condition=Q(leave_at__gte=F("arrive_at")), name="stop_ends_after_arrival"
            ),
            models.CheckConstraint(
                condition=Q(on_time_share__gte=0, on_time_share__lte=1),
                name="stop_on_time_share_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route_id} {self.sequence}"


class StopTask(Row):
    """What is done at a stop: pick up or drop one shipment."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="tasks")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="stop_tasks")
    is_pickup = models.BooleanField()

    class Meta:
        verbose_name = _("stop task")
        verbose_name_plural = _("stop tasks")
        ordering = ["stop_id", "-is_pickup", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "shipment", "is_pickup"], name="stop_does_a_task_once"
            ),
        ]

    def __str__(self) -> str:
        return "pick up" if self.is_pickup else "drop"


class Commitment(Row):
    """A shipment is on a committed route: one row per shipment at most, so two routes cannot both
    carry it.
    """

    shipment = models.OneToOneField(Shipment, models.CASCADE, related_name="commitment")
    route = models.ForeignKey(Route, models.CASCADE, related_name="commitments")

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")

    def __str__(self) -> str:
        return str(self.shipment_id)


class RouteOfferStatus(models.TextChoices):
    OFFERED = "offered", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("taken by another driver")


class RouteOffer(Versioned):
    """A route offered to one courier; the first yes wins."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="offers")
    courier = models.ForeignKey(Courier, models.PROTECT, related_name="route_offers")
    wave = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(
        max_length=10, choices=RouteOfferStatus, default=RouteOfferStatus.OFFERED, editable=False
    )
    offered_at = models.DateTimeField()
    answer_by_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("route offer")
        verbose_name_plural = _("route offers")
        ordering = ["answer_by_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "courier"], name="route_offered_once_to_a_courier"
            ),
            models.UniqueConstraint(
                fields=["route"], condition=Q(status="accepted"), name="first_yes_wins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
