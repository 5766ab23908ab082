"""Where geocoding is served, under /api/v1/."""

from django.urls import path

from backend.geo.api.views import Geocode, ReverseGeocode

urlpatterns = [
    path("geocode", Geocode.as_view(), name="geocode"),
    path("geocode/reverse", ReverseGeocode.as_view(), name="reverse_geocode"),
]
