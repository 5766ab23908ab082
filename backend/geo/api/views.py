"""GET places for a text, or the place at a point."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common.refusals import Invalid
from backend.common.rest.limits import take
from backend.common.rest.permissions import SignedIn
from backend.common.rest.serializers import parse_query
from backend.geo.api.serializers import AddressQuery, PlacesView, PlaceView
from backend.geo.domain.points import Point
from backend.geo.geocoding import describe, geocode
from backend.geo.rest import PointQuery

#: Questions a person may ask per minute: the server behind may be a shared one.
MOST_PER_MINUTE, MINUTE_S = 30, 60


class OutsideRegion(Invalid):
    """The point lies in no township that this installation serves."""

    code = "outside_region"
    message = _("This point lies outside the area that we serve.")


class Geocode(APIView):
    """From an address to places."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="geocode", parameters=[AddressQuery], responses=PlacesView)
    def get(self, request: Request) -> Response:
        """Places that a text may mean, best first."""
        wanted = parse_query(AddressQuery, request.query_params)
        _count(request)
        places = geocode(wanted.q, get_language() or "")
        return Response(PlacesView({"results": places}).data)


class ReverseGeocode(APIView):
    """From a point to its place."""

    permission_classes = [SignedIn]

    @extend_schema(operation_id="reverse_geocode", parameters=[PointQuery], responses=PlaceView)
    def get(self, request: Request) -> Response:
        """The place at a point; 400 `outside_region` when no township holds it."""
        wanted = parse_query(PointQuery, request.query_params)
        _count(request)
        place = describe(Point(wanted.lon, wanted.lat), get_language() or "")
        if place is None:
            raise OutsideRegion()
        return Response(PlaceView(place).data)


def _count(request: Request) -> None:
    take("geocode", str(request.user.pk), limit=MOST_PER_MINUTE, per_s=MINUTE_S)
