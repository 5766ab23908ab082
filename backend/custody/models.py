"""Tables of hand-overs as facts, failed attempts and incidents."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.claims.models import Claim, ClaimLine
from backend.common.append_only import AppendOnlyQuerySet, AppendOnlyRow
from backend.common.models import Row, Versioned
from backend.couriers.models import Courier
from backend.custody.domain import replay
from backend.listings.models import Lot
from backend.organizations.models import Location


class HandOverKind(models.TextChoices):
    COLLECTED = replay.Kind.COLLECTED.value, _("collected from the donor")
    DELIVERED = replay.Kind.DELIVERED.value, _("handed to the charity")
    TRANSFERRED = replay.Kind.TRANSFERRED.value, _("handed to another driver")
    STOCKED = replay.Kind.STOCKED.value, _("received into stock")
    RETURNED = replay.Kind.RETURNED.value, _("given back to the donor")
    DISPOSED = replay.Kind.DISPOSED.value, _("disposed of")


class HandOverStatus(models.TextChoices):
    APPLIED = "applied", _("counted")
    UNMATCHED = "unmatched", _("waiting for an earlier record")


class Remainder(models.TextChoices):
    """What became of promised mass that a hand-over did not move."""

    NONE = replay.Remainder.NONE.value, _("nothing was left")
    LEFT_BEHIND = replay.Remainder.LEFT_BEHIND.value, _("left at the place; free for others")
    NEVER_THERE = replay.Remainder.NEVER_THERE.value, _("there was less than promised")
    COMES_LATER = replay.Remainder.COMES_LATER.value, _("follows with another hand-over")


class LineOutcome(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class HandOver(AppendOnlyRow):
    """A fact: custody passed. It is always stored; what it means for claims and lots is derived by
    `replay`.

    `client_id` is made on the device and makes a repeated submission the same fact. Only `status`
    and `breach_codes` are ever rewritten, by the fold.
    """

    DERIVED = ("status", "breach_codes")

    client_id = models.UUIDField(unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=HandOverKind)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="hand_overs")
    visit_id = models.UUIDField(null=True, blank=True, db_index=True)
    from_location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    from_courier = models.ForeignKey(Courier, models.PROTECT, null=True, related_name="+")
    to_location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    to_courier = models.ForeignKey(Courier, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded"))
    clock_offset_s = models.IntegerField(_("device clock ahead by, seconds"), default=0)
    recorded_by_id = models.UUIDField(null=True)
    code_matched = models.BooleanField(_("code of the other side was right"), default=False)
    status = models.CharField(max_length=10, choices=HandOverStatus, default=HandOverStatus.APPLIED)
    breach_codes = models.JSONField(_("rules broken"), default=list, blank=True)
    county_code = models.CharField(max_length=10, db_index=True)

    objects = AppendOnlyQuerySet["HandOver"].as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=HandOverKind.values), name="hand_over_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class HandOverLine(AppendOnlyRow):
    """What of one claim line passed: the receiver's mass counts, the giver's is kept beside it."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    claim_line = models.ForeignKey(
        ClaimLine, models.PROTECT, null=True, related_name="hand_over_lines"
    )
    mass_g = models.PositiveBigIntegerField(_("mass as received, grams"))
    giver_mass_g = models.PositiveBigIntegerField(_("mass as given, grams"), null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=LineOutcome, default=LineOutcome.ACCEPTED)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    remainder = models.CharField(
        max_length=12, choices=Remainder, default=Remainder.NONE, blank=True
    )
    temperature_dc = models.SmallIntegerField(
        _("temperature, tenths of a degree Celsius"), null=True, blank=True
    )

    objects = AppendOnlyQuerySet["HandOverLine"].as_manager()

    class Meta:
        verbose_name = _("hand-over line")
        verbose_name_plural = _("hand-over lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "claim_line", "outcome"],
                name="hand_over_names_a_line_once_per_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_g} g"


class HandOverEvidence(Row):
    """What of a hand-over is personal and can be erased: who signed, a photo, free words."""

    hand_over = models.OneToOneField(HandOver, models.CASCADE, related_name="evidence")
    signer_name = models.CharField(_("signed by"), max_length=80, blank=True)
    photo = models.ImageField(_("photo"), upload_to="hand-overs/", blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return str(self.hand_over_id)


class AttemptReason(models.TextChoices):
    CLOSED = "closed", _("nobody was there")
    NOT_READY = "not_ready", _("the food was not ready")
    GONE = "gone", _("the food was gone")
    NOT_EDIBLE = "not_edible", _("the food was no longer good")
    REFUSED = "refused", _("everything was refused")
    NO_ACCESS = "no_access", _("the place could not be reached")
    COURIER = "courier", _("the driver could not go on")
    OTHER = "other", _("another reason")


class Attempt(Row):
    """A visit that moved nothing, and why."""

    client_id = models.UUIDField(unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="attempts")
    visit_id = models.UUIDField(null=True, blank=True, db_index=True)
    is_pickup = models.BooleanField(_("at the donor's"))
    reason = models.CharField(_("reason"), max_length=12, choices=AttemptReason)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=AttemptReason.values), name="attempt_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class IncidentStatus(models.TextChoices):
    OPEN = "open", _("waiting for a decision")
    CONFIRMED = "confirmed", _("counts as it was recorded")
    EXCLUDED = "excluded", _("does not count as diverted")
    RESOLVED = "resolved", _("explained by a later record")


class Incident(Versioned):
    """A recorded fact broke a rule; until a coordinator decides, its mass does not count as
    diverted.
    """

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="incidents")
    code = models.CharField(_("rule broken"), max_length=40)
    county_code = models.CharField(max_length=10, db_index=True)
    status = models.CharField(
        max_length=10, choices=IncidentStatus, default=IncidentStatus.OPEN, editable=False
    )
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decision_note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "code"], name="incident_opened_once"),
        ]

    def __str__(self) -> str:
        return self.code
