"""The in-app inbox: what a person was told, and whether they saw it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.common.models import Row


class Notification(Row):
    """One message to one person, written in their language when shown; once per event and kind."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    event_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=40)
    facts = models.JSONField(default=dict)
    path = models.CharField(_("where to look"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event_id", "kind"], name="told_once"),
        ]
        indexes = [models.Index(fields=["user", "seen_at"], name="notification_unseen")]

    def __str__(self) -> str:
        return self.kind
