"""Tables of claims: shares of a listing that are reserved for one recipient."""

from functools import reduce
from operator import add
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.claims.domain import lifecycle
from backend.common.ids import new_code, new_public_id
from backend.common.models import Row, Versioned
from backend.listings.models import Listing, Lot
from backend.organizations.models import Location, Organization, Programme


class Transport(models.TextChoices):
    SELF_COLLECT = "self_collect", _("the charity fetches it")
    COURIER = "courier", _("a driver brings it")
    DONOR_DELIVERS = "donor_delivers", _("the donor brings it")
    CARRIER = "carrier", _("a carrier brings it")


class ClaimSource(models.TextChoices):
    HAND = "hand", _("claimed from the board")
    OFFER = "offer", _("offer accepted")
    CONSENT = "consent", _("accepted by standing consent")


class ClaimStatus(models.TextChoices):
    RESERVED = lifecycle.ClaimStatus.RESERVED.value, _("promised")
    SCHEDULED = lifecycle.ClaimStatus.SCHEDULED.value, _("transport planned")
    COLLECTED = lifecycle.ClaimStatus.COLLECTED.value, _("on the way")
    SETTLED = lifecycle.ClaimStatus.SETTLED.value, _("handed over")
    CANCELLED = lifecycle.ClaimStatus.CANCELLED.value, _("cancelled")
    LAPSED = lifecycle.ClaimStatus.LAPSED.value, _("lapsed")
    FAILED = lifecycle.ClaimStatus.FAILED.value, _("failed")


LIVE = (ClaimStatus.RESERVED, ClaimStatus.SCHEDULED, ClaimStatus.COLLECTED)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def live(self) -> Self:
        return self.filter(status__in=LIVE)


class Claim(Versioned):
    """One recipient's reserved share of one listing; the status is derived from its lines."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="claims")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="claims")
    location = models.ForeignKey(Location, models.PROTECT, related_name="claims")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="claims")
    transport = models.CharField(_("transport"), max_length=14, choices=Transport)
    source = models.CharField(_("how it came about"), max_length=8, choices=ClaimSource)
    offer_id = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ClaimStatus,
        default=ClaimStatus.RESERVED,
        db_index=True,
        editable=False,
    )
    booked_from_at = models.DateTimeField(_("booked from"), null=True, blank=True)
    booked_until_at = models.DateTimeField(_("booked until"), null=True, blank=True)
    receive_date = models.DateField(_("counts against the capacity of"), editable=False)
    pickup_code = models.CharField(max_length=6, default=new_code, editable=False)
    delivery_code = models.CharField(max_length=6, default=new_code, editable=False)
    county_code = models.CharField(max_length=10, db_index=True, editable=False)
    road_group = models.CharField(max_length=40, db_index=True, editable=False)
    reserved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reserved_at = models.DateTimeField(editable=False)
    lapses_at = models.DateTimeField(
        _("lapses when not collected by"), editable=False, db_index=True
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_reason = models.CharField(max_length=60, blank=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ClaimStatus.values), name="claim_status_known"
            ),
            models.CheckConstraint(
                condition=Q(booked_from_at__isnull=True, booked_until_at__isnull=True)
                | Q(booked_until_at__gt=F("booked_from_at")),
                name="claim_booking_is_a_window",
            ),
        ]
        indexes = [models.Index(fields=["organization", "status"], name="claim_of_whom")]

    def __str__(self) -> str:
        return str(self.id)


#: Where the promised and weighed mass of a line can be; `released` went back to the lot's available
#: mass.
LINE_BUCKETS = (
    "reserved",
    "on_board",
    "in_stock",
    "delivered",
    "returned",
    "disposed",
    "lost",
    "released",
)


class ClaimLine(Versioned):
    """The share of one lot in a claim; the `<bucket>_g` columns cache this line's part of the mass
    ledger.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="claim_lines")
    mass_g = models.PositiveBigIntegerField(_("promised mass, grams"))
    adjusted_g = models.BigIntegerField(
        _("corrected by weighing, grams"), default=0, editable=False
    )
    reserved_g = models.PositiveBigIntegerField(default=0, editable=False)
    on_board_g = models.PositiveBigIntegerField(default=0, editable=False)
    in_stock_g = models.PositiveBigIntegerField(default=0, editable=False)
    delivered_g = models.PositiveBigIntegerField(default=0, editable=False)
    returned_g = models.PositiveBigIntegerField(default=0, editable=False)
    disposed_g = models.PositiveBigIntegerField(default=0, editable=False)
    lost_g = models.PositiveBigIntegerField(default=0, editable=False)
    released_g = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("claim line")
        verbose_name_plural = _("claim lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "lot"], name="claim_names_a_lot_once"),
            models.CheckConstraint(condition=Q(mass_g__gte=1), name="claim_line_is_something"),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{bucket}_g__gte": 0}), name=f"line_{bucket}_not_negative"
                )
                for bucket in LINE_BUCKETS
            ],
            models.CheckConstraint(
                condition=Q(
                    mass_g=reduce(add, (F(f"{bucket}_g") for bucket in LINE_BUCKETS))
                    - F("adjusted_g")
                ),
                name="claim_line_balances",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_g} g"


class LotHold(Row):
    """A contested lot that, until `until_at`, only these programmes may claim by hand."""

    lot = models.OneToOneField(Lot, models.CASCADE, related_name="hold")
    until_at = models.DateTimeField(_("held until"))
    programmes = models.ManyToManyField(Programme, related_name="+")

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")

    def __str__(self) -> str:
        return f"{self.until_at:%Y-%m-%d %H:%M}"


class ClaimTally(Row):
    """How many claims an organization made by hand in one hour; counted by conditional UPDATE."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    hour_at = models.DateTimeField()
    claims = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("claims of an hour")
        verbose_name_plural = _("claims of an hour")
        constraints = [
            models.UniqueConstraint(fields=["organization", "hour_at"], name="tally_per_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.hour_at:%Y-%m-%d %H} {self.claims}"
