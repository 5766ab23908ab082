"""Registers the app with Django."""

from importlib import import_module

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "backend.impact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("backend.impact.handlers")
