"""Points in what REST clients send and read, for every app that has places."""

from typing import Any

from rest_framework import serializers

from backend.common.rest.serializers import InputSerializer
from backend.geo.domain.points import Point


class PointView(serializers.Serializer[Any]):
    """A place on the earth in WGS84 degrees."""

    lon = serializers.FloatField()
    lat = serializers.FloatField()


class PointQuery(InputSerializer):
    """A point in WGS84 degrees."""

    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)


class PointInput(PointQuery):
    """A place on the earth in WGS84 degrees; becomes a Point."""

    def to_internal_value(self, data: Any) -> Point:
        values = super().to_internal_value(data)
        return Point(values["lon"], values["lat"])
