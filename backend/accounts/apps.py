"""Registers the app with Django, and its rules and handlers."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "backend.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.accounts import (  # noqa: F401, PLC0415 - registering is what it is for
            handlers,
            permissions,
        )
