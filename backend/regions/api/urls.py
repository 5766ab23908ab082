"""Where the region is served, under /api/v1/."""

from django.urls import path

from backend.regions.api.views import RegionDetail, RegionOutlines

urlpatterns = [
    path("region", RegionDetail.as_view(), name="region"),
    path("region/outlines", RegionOutlines.as_view(), name="region_outlines"),
]
