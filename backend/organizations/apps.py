"""Registers the app with Django, and its rules, entitlements and handlers."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "backend.organizations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.organizations import (  # noqa: F401, PLC0415 - registering is what it is for
            handlers,
            permissions,
            selectors,
        )
