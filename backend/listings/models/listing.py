"""Listings and their lots."""

from datetime import datetime
from functools import reduce
from operator import add
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.common.choices import StorageClass
from backend.common.ids import new_public_id
from backend.common.mass import HEAVIEST_LOT_G
from backend.common.models import Versioned
from backend.geo.models import Placed
from backend.listings.domain.ledger import CACHED
from backend.listings.domain.lifecycle import ClosedReason, ListingStatus
from backend.listings.models.schedule import ListingSchedule
from backend.organizations.models import Location, Organization


class Audience(models.TextChoices):
    """Who may take a listing."""

    RECIPIENTS = "recipients", _("any verified charity")
    CHOSEN = "chosen", _("chosen charities")


class ListingQuerySet(models.QuerySet["Listing"]):
    def open(self, *, now: datetime) -> Self:
        return self.filter(status=ListingStatus.OPEN, pickup_until_at__gt=now)

    def due_to_close(self, *, now: datetime) -> Self:
        return self.filter(status=ListingStatus.OPEN, pickup_until_at__lte=now)


class Listing(Versioned, Placed):
    """Surplus food on offer at one location until one deadline; place and address are as they were
    when opened.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="listings")
    location = models.ForeignKey(Location, models.PROTECT, related_name="listings")
    schedule = models.ForeignKey(
        ListingSchedule, models.SET_NULL, null=True, blank=True, related_name="listings"
    )
    local_date = models.DateField(_("date of the schedule"), null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    note = models.CharField(_("note for whoever fetches it"), max_length=300, blank=True)
    address = models.CharField(_("address"), max_length=200, editable=False)
    county_code = models.CharField(max_length=10, db_index=True, editable=False)
    township_code = models.CharField(max_length=20, editable=False)
    road_group = models.CharField(max_length=40, db_index=True, editable=False)
    pickup_from_at = models.DateTimeField(_("can be fetched from"))
    pickup_until_at = models.DateTimeField(_("can be fetched until"), db_index=True)
    allows_self_collect = models.BooleanField(_("charities may fetch it"), default=True)
    allows_courier = models.BooleanField(_("a driver may fetch it"), default=True)
    donor_delivers = models.BooleanField(_("we can bring it"), default=False)
    audience = models.CharField(
        _("who may take it"), max_length=12, choices=Audience, default=Audience.RECIPIENTS
    )
    chosen_recipients = models.ManyToManyField(Organization, blank=True, related_name="+")
    photo = models.ImageField(_("photo"), upload_to="listings/", blank=True)
    draft_lots = models.JSONField(
        _("lots of a draft, as stated"), default=list, blank=True, editable=False
    )
    source = models.CharField(max_length=20, default="form", editable=False)
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=[(s.value, s.value) for s in ListingStatus],
        default=ListingStatus.DRAFT,
        editable=False,
    )
    closed_reason = models.CharField(
        max_length=10,
        choices=[(r.value, r.value) for r in ClosedReason],
        blank=True,
        editable=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["pickup_until_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pickup_until_at__gt=F("pickup_from_at")), name="listing_window_is_open"
            ),
            models.CheckConstraint(
                condition=Q(allows_self_collect=True)
                | Q(allows_courier=True)
                | Q(donor_delivers=True),
                name="listing_can_be_moved",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(closed_reason="")
                | Q(status__in=["draft", "open"], closed_at__isnull=True, closed_reason=""),
                name="listing_closed_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["schedule", "local_date"],
                condition=Q(schedule__isnull=False),
                name="listing_once_a_day",
            ),
        ]
        indexes = [models.Index(fields=["status", "pickup_until_at"], name="listing_open_until")]

    def __str__(self) -> str:
        return self.title


class Lot(Versioned):
    """Goods of one listing that share batch, dates and storage; the `<bucket>_g` columns cache the
    ledger.
    """

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="lots")
    parent_lot = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    category = models.CharField(_("kind of food"), max_length=40, db_index=True)
    description = models.CharField(_("what it is"), max_length=120, blank=True)
    declared_g = models.PositiveBigIntegerField(_("declared mass, grams"))
    adjusted_g = models.BigIntegerField(
        _("corrected by weighing, grams"), default=0, editable=False
    )
    volume_ml = models.PositiveBigIntegerField(_("volume, millilitres"))
    unit_label = models.CharField(_("unit"), max_length=20, blank=True)
    unit_count = models.PositiveIntegerField(_("units"), null=True, blank=True)
    packaging = models.CharField(_("packaging"), max_length=30, blank=True)
    storage_class = models.CharField(_("storage"), max_length=8, choices=StorageClass)
    best_before_date = models.DateField(_("best before"), null=True, blank=True)
    use_by_date = models.DateField(_("use by"), null=True, blank=True)
    cooked_at = models.DateTimeField(_("cooked at"), null=True, blank=True)
    safe_until_at = models.DateTimeField(_("safe until"), editable=False, db_index=True)
    safety_rule = models.CharField(max_length=60, editable=False)
    safety_rule_version = models.CharField(max_length=20, editable=False)
    allergens = models.JSONField(_("allergens"), default=list, blank=True)
    diet_flags = models.JSONField(_("suits"), default=list, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    gtin = models.CharField(_("barcode number"), max_length=14, blank=True)
    step_g = models.PositiveIntegerField(_("smallest share, grams"), default=1_000)

    available_g = models.PositiveBigIntegerField(default=0, editable=False)
    held_g = models.PositiveBigIntegerField(default=0, editable=False)
    reserved_g = models.PositiveBigIntegerField(default=0, editable=False)
    on_board_g = models.PositiveBigIntegerField(default=0, editable=False)
    in_stock_g = models.PositiveBigIntegerField(default=0, editable=False)
    delivered_g = models.PositiveBigIntegerField(default=0, editable=False)
    returned_g = models.PositiveBigIntegerField(default=0, editable=False)
    disposed_g = models.PositiveBigIntegerField(default=0, editable=False)
    expired_g = models.PositiveBigIntegerField(default=0, editable=False)
    withdrawn_g = models.PositiveBigIntegerField(default=0, editable=False)
    lost_g = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(declared_g__range=(1, HEAVIEST_LOT_G)),
                name="lot_declared_mass_plausible",
            ),
            models.CheckConstraint(condition=Q(step_g__gte=1), name="lot_step_positive"),
            models.CheckConstraint(
                condition=Q(storage_class__in=StorageClass.values), name="lot_storage_known"
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{bucket}_g__gte": 0}), name=f"lot_{bucket}_not_negative"
                )
                for bucket in CACHED
            ],
            models.CheckConstraint(
                condition=Q(
                    declared_g=reduce(add, (F(f"{bucket}_g") for bucket in CACHED))
                    - F("adjusted_g")
                ),
                name="lot_ledger_balances",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.category
