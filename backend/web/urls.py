"""Addresses of the server-rendered pages."""

from django.urls import path

from backend.web.views.charity import paths as charity
from backend.web.views.coordinator import paths as coordinator
from backend.web.views.donor import paths as donor
from backend.web.views.driver import paths as driver
from backend.web.views.imports import paths as imports
from backend.web.views.inbox import paths as inbox
from backend.web.views.onboarding import paths as onboarding
from backend.web.views.public import (
    about,
    figures,
    home,
    language,
    licences,
    manifest,
    privacy,
    styleguide,
)

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("about", about.about, name="about"),
    path("privacy", privacy.privacy, name="privacy"),
    path("licences", licences.licences, name="licences"),
    path("language", language.choose_language, name="language"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    *driver.PATHS,
    *coordinator.PATHS,
    path("figures", figures.figures, name="figures"),
    *inbox.PATHS,
    *onboarding.PATHS,
    *donor.PATHS,
    *charity.PATHS,
    *imports.PATHS,
]
