"""Tables of matching rounds, the offers they make and the record of fairness."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backend.claims.models import Transport
from backend.common.append_only import AppendOnlyQuerySet, AppendOnlyRow
from backend.common.models import Row, Versioned
from backend.listings.models import Listing, Lot
from backend.organizations.models import Location, Programme
from matching.domain import lifecycle


class RoundTrigger(models.TextChoices):
    SCHEDULE = "schedule", _("by the clock")
    URGENT = "urgent", _("food with a short life")
    HAND = "hand", _("asked for by a coordinator")
    WHAT_IF = "what_if", _("a trial by a coordinator")


class RoundStatus(models.TextChoices):
    RUNNING = "running", _("running")
    TRIED = "tried", _("ready to be compared")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed")


class Round(Row):
    """One run of the matching solver over one road group: what went in, what came out, how good it
    was.

    `inputs` is the whole problem and the limits of the search: with the seed they give the same
    plan again. Objective and bound are in milligrams of food. A trial offers nothing until it is
    committed.
    """

    area = models.CharField(_("road group"), max_length=40, db_index=True)
    trigger = models.CharField(max_length=10, choices=RoundTrigger)
    status = models.CharField(max_length=10, choices=RoundStatus, default=RoundStatus.RUNNING)
    seed = models.PositiveBigIntegerField()
    weights_version = models.CharField(max_length=20)
    digest = models.CharField(_("digest of the inputs"), max_length=64)
    inputs = models.JSONField(default=dict)
    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    solve_ms = models.PositiveIntegerField(_("solver time, milliseconds"), default=0)
    lots_considered = models.PositiveIntegerField(default=0)
    proposals_made = models.PositiveIntegerField(default=0)
    proposals_dropped = models.PositiveIntegerField(_("no longer true when applied"), default=0)
    objective_mg = models.BigIntegerField(null=True, blank=True)
    bound_mg = models.BigIntegerField(null=True, blank=True)
    truncated = models.BooleanField(default=False)
    checker_violations = models.JSONField(default=list)
    unassigned = models.JSONField(_("lots without a taker, and why"), default=dict)
    changes = models.JSONField(_("what a trial changes"), default=dict)
    comparison = models.JSONField(_("a trial beside what is"), default=dict)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-started_at", "id"]

    def __str__(self) -> str:
        return f"{self.area} {self.started_at:%Y-%m-%d %H:%M}"


class OfferStatus(models.TextChoices):
    SUGGESTED = "suggested", _("next in line")
    OFFERED = "offered", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    SUPERSEDED = "superseded", _("replaced")


class DeclineReason(models.TextChoices):
    """Why a recipient said no; empty when it did not say."""

    NONE = "", _("no reason given")
    TOO_MUCH = "too_much", _("too much for us")
    NO_STORAGE = "no_storage", _("no room to keep it")
    NO_NEED = "no_need", _("not needed now")
    TOO_FAR = "too_far", _("too far to fetch")
    NO_TIME = "no_time", _("nobody there at that time")
    UNSUITABLE = "unsuitable", _("does not suit the people we serve")


class Offer(Versioned):
    """A share of one listing offered to one programme until `answer_by_at`; its mass is held
    meanwhile.

    One that `backs` another is in waiting, holds nothing, and is offered when that one is not
    taken.
    """

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="offers")
    backs = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="backups",
        verbose_name=_("asked when this one is not taken"),
    )
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="offers")
    location = models.ForeignKey(Location, models.PROTECT, related_name="offers")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="offers")
    transport = models.CharField(max_length=14, choices=Transport)
    status = models.CharField(
        max_length=10,
        choices=OfferStatus,
        default=OfferStatus.SUGGESTED,
        db_index=True,
        editable=False,
    )
    receive_date = models.DateField(_("counts against the capacity of"))
    made_at = models.DateTimeField()
    answer_by_at = models.DateTimeField(_("answer by"), db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_id = models.UUIDField(null=True, blank=True)
    decline_reason = models.CharField(
        _("reason"), max_length=12, choices=DeclineReason, blank=True, default=DeclineReason.NONE
    )

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["answer_by_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=OfferStatus.values), name="offer_status_known"
            ),
            models.CheckConstraint(
                condition=Q(answer_by_at__gte=F("made_at")), name="offer_leaves_time_to_answer"
            ),
            models.UniqueConstraint(
                fields=["listing", "programme"],
                condition=Q(status__in=[OfferStatus.SUGGESTED, OfferStatus.OFFERED]),
                name="offer_open_once",
            ),
            models.UniqueConstraint(
                fields=["backs"],
                condition=Q(status=OfferStatus.SUGGESTED),
                name="offer_backed_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Proposal(Row):
    """One lot's part of an offer, with the terms of its score and why the next best lost."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="proposals")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="proposals")
    mass_g = models.PositiveBigIntegerField(_("proposed mass, grams"))
    held_g = models.PositiveBigIntegerField(default=0)
    accepted_g = models.PositiveBigIntegerField(default=0)
    rank = models.PositiveSmallIntegerField(default=1)
    terms = models.JSONField(_("terms of the score"), default=dict)
    reasons = models.JSONField(_("alternatives and why they lost"), default=list)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["offer_id", "rank", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(mass_g__gte=1), name="proposal_is_something"),
            models.CheckConstraint(
                condition=Q(held_g__lte=F("mass_g")), name="proposal_holds_no_more_than_proposed"
            ),
            models.CheckConstraint(
                condition=Q(accepted_g__lte=F("mass_g")), name="proposal_accepts_no_more"
            ),
            models.UniqueConstraint(fields=["offer", "lot"], name="proposal_names_a_lot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mass_g} g"


class AgreementStatus(models.TextChoices):
    PROPOSED = lifecycle.AgreementStatus.PROPOSED.value, _("waiting for the other county")
    ACTIVE = lifecycle.AgreementStatus.ACTIVE.value, _("agreed")
    DECLINED = lifecycle.AgreementStatus.DECLINED.value, _("declined")
    ENDED = lifecycle.AgreementStatus.ENDED.value, _("ended")


class TransferAgreement(Versioned):
    """One county sends food to another, up to a quota a week; empty groups mean any food.

    One side proposes it, a coordinator of the other agrees.
    """

    from_county = models.CharField(_("from"), max_length=10, db_index=True)
    to_county = models.CharField(_("to"), max_length=10, db_index=True)
    category_groups = models.JSONField(_("groups of food"), default=list, blank=True)
    quota_g = models.PositiveBigIntegerField(_("at most grams a week"))
    until_date = models.DateField(_("valid until"), null=True, blank=True)
    status = models.CharField(
        max_length=8,
        choices=AgreementStatus,
        default=AgreementStatus.PROPOSED,
        db_index=True,
        editable=False,
    )
    proposed_by_county = models.CharField(max_length=10, editable=False)
    proposed_by_id = models.UUIDField(null=True, editable=False)
    proposed_at = models.DateTimeField(editable=False)
    answered_by_id = models.UUIDField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("transfer agreement")
        verbose_name_plural = _("transfer agreements")
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AgreementStatus.values), name="agreement_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(from_county=F("to_county")), name="agreement_joins_two_counties"
            ),
            models.CheckConstraint(condition=Q(quota_g__gte=1), name="agreement_allows_something"),
            models.UniqueConstraint(
                fields=["from_county", "to_county"],
                condition=Q(status__in=[AgreementStatus.PROPOSED, AgreementStatus.ACTIVE]),
                name="agreement_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_county} → {self.to_county}"


class TransferUse(Row):
    """What of an agreement's quota is promised in a week, which begins on a Monday; taken by
    conditional UPDATE.
    """

    agreement = models.ForeignKey(TransferAgreement, models.CASCADE, related_name="uses")
    week = models.DateField()
    used_g = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("use of a quota")
        verbose_name_plural = _("uses of quotas")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "week"], name="quota_use_per_week"),
            models.CheckConstraint(condition=Q(used_g__gte=0), name="quota_use_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.used_g} g"


class TransferMode(models.TextChoices):
    ROAD = "road", _("by road")
    FERRY = "ferry", _("by ferry")
    AIR = "air", _("by air")
    POST = "post", _("by post or parcel")


class Transfer(Row):
    """Food sent to another county under an agreement: the offer it is, and the leg that a
    coordinator arranged. `counted_g` is what of it stands against the quota of its week.
    """

    agreement = models.ForeignKey(TransferAgreement, models.PROTECT, related_name="transfers")
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="transfer")
    mode = models.CharField(_("how"), max_length=5, choices=TransferMode)
    waybill = models.CharField(_("number of the waybill"), max_length=40, blank=True)
    departs_at = models.DateTimeField(_("leaves the donor"))
    arrives_at = models.DateTimeField(_("arrives at the charity"))
    keeps_cold = models.BooleanField(_("keeps its temperature on the way"), default=False)
    week = models.DateField(editable=False)
    counted_g = models.PositiveBigIntegerField(editable=False)
    arranged_by_id = models.UUIDField(null=True, editable=False)
    arranged_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-arranged_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=TransferMode.values), name="transfer_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(arrives_at__gt=F("departs_at")), name="transfer_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.counted_g} g"


class FairnessEntry(AppendOnlyRow):
    """What a programme got; decays with a half-life when read.

    The entries of one cause add up to what counts of it: the `nth` corrects those before, a
    negative one takes back.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="fairness_entries")
    county_code = models.CharField(max_length=10, db_index=True)
    mass_g = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    cause_type = models.CharField(max_length=40)
    cause_id = models.UUIDField()
    nth = models.PositiveSmallIntegerField(default=1)

    objects = AppendOnlyQuerySet["FairnessEntry"].as_manager()

    class Meta:
        verbose_name = _("fairness entry")
        verbose_name_plural = _("fairness entries")
        constraints = [
            models.UniqueConstraint(
                fields=["cause_type", "cause_id", "nth"], name="fairness_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_g} g"
