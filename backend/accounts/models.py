"""People and the keys of their machines."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, get_digest_token
from knox.settings import CONSTANTS

from backend.common.ids import new_id
from backend.common.models import Row


class Purpose(models.TextChoices):
    """What a person can be asked to agree to."""

    TERMS = "terms", _("terms of use")


class UserManager(BaseUserManager["User"]):
    """Makes people; an address is kept as written and compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(Row, AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A person who can sign in; everything that identifies them is here and can be erased."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the back office"), default=False)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Consent(Row):
    """What a person agreed to: for which purpose, which version of the text, since when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    text_version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="consent_purpose_known"
            ),
            models.UniqueConstraint(
                fields=["user", "purpose", "text_version"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="person_consents_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


class KeyKind(models.TextChoices):
    """Where a key came from: signing in with a password, or made for a machine."""

    SIGN_IN = "sign_in", _("sign-in")
    MACHINE = "machine", _("machine")


class ApiKeyManager(models.Manager["ApiKey"]):
    """Makes keys; the token is returned once and only its digest is stored."""

    def issue(self, *, user: User, life: timedelta, **fields: Any) -> "tuple[ApiKey, str]":
        """A new key that works for `life` of real time, and its token."""
        digest, token = get_digest_token()
        key = self.create(
            user=user,
            digest=digest,
            token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
            expiry=timezone.now() + life,  # noqa: TID251 - keys expire in real time
            **fields,
        )
        return key, token


class ApiKey(AbstractAuthToken):
    """A hashed, expiring, revocable key; a machine's is narrowed to scopes and, if set, to one
    organization.

    Its own primary key is a digest, so outside it goes by `public_id`. `expiry` and `created` are
    real time, also while a demonstration's clock runs fast.
    """

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=10, choices=KeyKind.choices, default=KeyKind.MACHINE
    )
    label = models.CharField(_("label"), max_length=80, blank=True)
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    organization_id: UUID | None = models.UUIDField(  # type: ignore[assignment]
        _("organization"), null=True, blank=True
    )
    last_used_at: datetime | None = models.DateTimeField(  # type: ignore[assignment]
        _("last used"), null=True, blank=True
    )

    objects: ClassVar[ApiKeyManager] = ApiKeyManager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["public_id"]

    def __str__(self) -> str:
        return f"{self.token_key}… {self.label}"

    @property
    def narrowed_to(self) -> frozenset[str] | None:
        """The scopes that bound a machine's key; None for a sign-in, which is the person."""
        return None if self.kind == KeyKind.SIGN_IN else frozenset(self.scopes)
