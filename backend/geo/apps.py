"""Registers the app with Django."""

from django.apps import AppConfig


class GeoConfig(AppConfig):
    name = "backend.geo"
    default_auto_field = "django.db.models.BigAutoField"
