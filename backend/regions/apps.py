"""Registers the app with Django."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "backend.regions"
    default_auto_field = "django.db.models.BigAutoField"
