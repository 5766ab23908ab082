"""Registers the app with Django."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "backend.common"
    default_auto_field = "django.db.models.BigAutoField"
