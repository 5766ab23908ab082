"""Registers the app with Django: its rules, what it hears, what it tells of doors and shifts."""

from importlib import import_module

from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    name = "logistics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("logistics.permissions")
        import_module("logistics.handlers")
        import_module("logistics.selectors.hand_over_times")
        import_module("logistics.selectors.promised_hours")
