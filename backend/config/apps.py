"""Registers the project's own checks, commands and tasks with Django."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "backend.config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.config import checks, openapi  # noqa: F401, PLC0415 - importing registers
