"""Closed lists of words that several apps share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StorageClass(models.TextChoices):
    """How food must be kept; the region pack gives each its temperatures."""

    AMBIENT = "ambient", _("room temperature")
    CHILLED = "chilled", _("chilled")
    FROZEN = "frozen", _("frozen")
    HOT = "hot", _("kept hot")
