"""Places and questions about them, as REST clients write and read them."""

from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer
from backend.geo.domain.places import Precision
from backend.geo.geocoding import LONGEST_TEXT


class AddressQuery(InputSerializer):
    """The text of an address, or of a part of one."""

    q = serializers.CharField(max_length=LONGEST_TEXT)


class PlaceView(serializers.Serializer[Any]):
    """A place. Unless `precision` is "address", ask the person to move the pin."""

    label = serializers.CharField()  # type: ignore[assignment] # a field called label
    lon = serializers.FloatField(source="point.lon")
    lat = serializers.FloatField(source="point.lat")
    precision = serializers.ChoiceField(choices=[each.value for each in Precision])
    county_code = serializers.CharField()
    township_code = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment] # a field called source


class PlacesView(serializers.Serializer[Any]):
    """Candidates, best first; none when the text names no place of the region."""

    results = PlaceView(many=True)
