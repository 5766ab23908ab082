"""Registers the app with Django."""

from django.apps import AppConfig


class CouriersConfig(AppConfig):
    name = "backend.couriers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.couriers import permissions  # noqa: F401, PLC0415 - registers the rules
