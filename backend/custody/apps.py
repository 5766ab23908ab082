"""Registers the app with Django and loads its rules."""

from importlib import import_module

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "backend.custody"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("backend.custody.permissions")
