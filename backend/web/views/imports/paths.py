"""Address of the page for bringing in places."""

from django.urls import path

from backend.web.views.imports import places

PATHS = [path("import", places.places, name="imports")]
