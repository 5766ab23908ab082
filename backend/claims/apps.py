"""Registers the app with Django: its rules, what it hears and who may hear it."""

from importlib import import_module

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "backend.claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("backend.claims.permissions")
        import_module("backend.claims.handlers")
