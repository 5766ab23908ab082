"""Registers the app with Django: what it hears, its rules, what it decides as listings open."""

from importlib import import_module

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("matching.actions.hold_contested")
        import_module("matching.handlers")
        import_module("matching.permissions")
