"""GET the region and its outlines."""

from typing import Any

from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.rest.permissions import Public
from backend.regions.api.serializers import RegionView
from backend.regions.domain.food_safety import local_date
from backend.regions.domain.pack import RegionPack
from backend.regions.packs import pack

HOUR_S, WEEK_S = 3_600, 604_800


class RegionDetail(APIView):
    """What there is in this region: places, foods, allergens, storage classes."""

    permission_classes = [Public]

    @extend_schema(operation_id="region", responses=RegionView)
    def get(self, request: Request) -> Response:
        """The region, with names in the language of the request."""
        region = pack()
        today = local_date(clock.now(), region.zone)
        view = RegionView(region, context={"rules": region.rules, "today": today})
        response = Response(view.data, headers={"Cache-Control": f"max-age={HOUR_S}"})
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class RegionOutlines(APIView):
    """Outlines of the counties, for drawing maps."""

    permission_classes = [Public]

    @extend_schema(operation_id="region_outlines", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """A coarse GeoJSON feature for each county; the same until the pack's version changes."""
        region = pack()
        etag = f'"{region.code}-{region.version}"'
        headers = {"Cache-Control": f"public, max-age={WEEK_S}", "ETag": etag}
        if etag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        return Response(_features(region), headers=headers)


def _features(region: RegionPack) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "attributions": list(region.attributions),
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {
                    "code": code,
                    "names": dict(region.counties[code].names.by_language),
                },
                "geometry": geometry,
            }
            for code, geometry in region.county_map.items()
        ],
    }
