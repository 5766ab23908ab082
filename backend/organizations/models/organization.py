"""Organizations, the documents that verify them and the terms they agreed to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.common.models import Row, Versioned


class OrganizationStatus(models.TextChoices):
    APPLIED = "applied", _("waiting for verification")
    VERIFIED = "verified", _("verified")
    RECERTIFICATION_DUE = "recertification_due", _("due for re-certification")
    SUSPENDED = "suspended", _("suspended")
    REJECTED = "rejected", _("rejected")


class DecisionReason(models.TextChoices):
    """Why a coordinator decided as they did; the note beside it is in their own words."""

    PAPERS_CHECKED = "papers_checked", _("papers checked")
    KNOWN_TO_US = "known_to_us", _("known to us")
    IMPORTED = "imported", _("on the county's own list")
    PAPERS_MISSING = "papers_missing", _("papers are missing")
    PAPERS_NOT_VALID = "papers_not_valid", _("papers are not valid")
    PAPERS_EXPIRED = "papers_expired", _("papers have expired")
    NOT_ELIGIBLE = "not_eligible", _("not eligible")
    DUPLICATE = "duplicate", _("registered twice")
    FOOD_SAFETY = "food_safety", _("food safety")
    MISUSE = "misuse", _("misuse")
    ASKED_FOR = "asked_for", _("asked for it")
    CLEARED_UP = "cleared_up", _("cleared up")
    DATE_REACHED = "date_reached", _("the date of the next check was reached")


#: An organization in one of these may offer and receive food.
ACTING = (OrganizationStatus.VERIFIED, OrganizationStatus.RECERTIFICATION_DUE)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def acting(self) -> Self:
        return self.filter(status__in=ACTING)

    def donors(self) -> Self:
        return self.filter(is_donor=True)

    def recipients(self) -> Self:
        return self.filter(is_recipient=True)


class Organization(Versioned):
    """A tenant: it gives, receives, stores, carries or supervises; a food bank does several of
    these.
    """

    name = models.CharField(_("name"), max_length=120)
    legal_id = models.CharField(_("registration number"), max_length=20, blank=True)
    is_donor = models.BooleanField(_("gives food"), default=False)
    is_recipient = models.BooleanField(_("receives food"), default=False)
    is_hub = models.BooleanField(_("stores food for others"), default=False)
    is_carrier = models.BooleanField(_("carries food"), default=False)
    is_authority = models.BooleanField(_("is a public authority"), default=False)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=OrganizationStatus,
        default=OrganizationStatus.APPLIED,
        editable=False,
    )
    verified_until_date = models.DateField(_("verified until"), null=True, blank=True)
    decision_code = models.CharField(
        _("reason of the last decision"),
        max_length=20,
        choices=DecisionReason,
        blank=True,
        editable=False,
    )
    decision_note = models.CharField(
        _("note on the last decision"), max_length=300, blank=True, editable=False
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    county_code = models.CharField(_("county"), max_length=10, db_index=True)
    source = models.CharField(max_length=60, blank=True, editable=False)
    source_ref = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(_("registered"), editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_donor=True)
                | Q(is_recipient=True)
                | Q(is_hub=True)
                | Q(is_carrier=True)
                | Q(is_authority=True),
                name="organization_has_a_role",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrganizationStatus.values), name="organization_status_known"
            ),
            models.UniqueConstraint(
                fields=["source", "source_ref"],
                condition=~Q(source_ref=""),
                name="organization_imported_once",
            ),
            models.UniqueConstraint(
                fields=["legal_id"], condition=~Q(legal_id=""), name="organization_legal_id_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_act(self) -> bool:
        return self.status in ACTING


class DocumentKind(models.TextChoices):
    """What a verification document shows."""

    REGISTRATION = "registration", _("certificate of registration")
    FOOD_LICENCE = "food_licence", _("food business licence")
    CHARITY_PERMIT = "charity_permit", _("permit of a charity")
    INSURANCE = "insurance", _("insurance")
    OTHER = "other", _("another paper")


class VerificationDocument(Row):
    """A certificate or licence that a coordinator reads before verifying an organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=40, choices=DocumentKind)
    file = models.FileField(_("file"), upload_to="verification/")
    file_name = models.CharField(max_length=120)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("verification document")
        verbose_name_plural = _("verification documents")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.file_name


class Agreement(Row):
    """The terms that an organization agreed to: which version, who, when."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="agreements")
    terms = models.CharField(_("terms"), max_length=40)
    terms_version = models.CharField(_("version"), max_length=20)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "terms", "terms_version"], name="agreement_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms} {self.terms_version}"
