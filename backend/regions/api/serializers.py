"""The region as REST clients see it, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.regions.domain.food_safety import longest_out_of_cold_s
from backend.regions.domain.food_safety_rules import TemperatureRule
from backend.regions.domain.names import Names


@extend_schema_field(OpenApiTypes.STR)
class NameField(serializers.Field[Names, Any, str, Any]):
    """The name in the language of the request."""

    def to_representation(self, value: Names) -> str:
        return value.in_language(get_language() or "")


class TermView(serializers.Serializer[Any]):
    """A code with its name."""

    code = serializers.CharField()
    name = NameField(source="names")


class CountyView(TermView):
    iso_3166_2 = serializers.CharField()
    population = serializers.IntegerField()
    lon = serializers.FloatField(source="point.lon")
    lat = serializers.FloatField(source="point.lat")


class TownshipView(TermView):
    county_code = serializers.CharField()
    road_group = serializers.CharField(help_text="Vans drive between townships of one group only.")
    is_offshore = serializers.BooleanField()
    is_rural = serializers.BooleanField()
    lon = serializers.FloatField(source="point.lon")
    lat = serializers.FloatField(source="point.lat")


class CategoryView(TermView):
    group = serializers.CharField()
    storage_class = serializers.CharField(help_text="Where this food is usually kept.")
    typical_g_per_l = serializers.IntegerField(help_text="For guessing mass from volume.")


class StorageClassView(TermView):
    lowest_dc = serializers.SerializerMethodField(help_text="Tenths of a degree Celsius.")
    highest_dc = serializers.SerializerMethodField(help_text="Tenths of a degree Celsius.")
    longest_out_s = serializers.SerializerMethodField(
        help_text="Seconds that it may be out of its temperature; null for no limit."
    )

    def get_lowest_dc(self, term: Any) -> int | None:
        """The strictest lower limit in force today."""
        limits = [rule.lowest_dc for rule in self._limits(term) if rule.lowest_dc is not None]
        return max(limits, default=None)

    def get_highest_dc(self, term: Any) -> int | None:
        """The strictest upper limit in force today."""
        limits = [rule.highest_dc for rule in self._limits(term) if rule.highest_dc is not None]
        return min(limits, default=None)

    def get_longest_out_s(self, term: Any) -> int | None:
        """How long it may be out of its temperature."""
        return longest_out_of_cold_s(term.code, self.context["rules"], on=self.context["today"])

    def _limits(self, term: Any) -> Iterable[TemperatureRule]:
        rules = self.context["rules"].on(self.context["today"])
        return (rule for rule in rules.temperatures if rule.storage_class == term.code)


class CurrencyView(serializers.Serializer[Any]):
    code = serializers.CharField()
    exponent = serializers.IntegerField()


class _Values(serializers.ListSerializer[Any]):
    """A list of what a mapping holds."""

    def to_representation(self, data: Any) -> list[Any]:
        return super().to_representation(list(data.values()))


def _all(view: type[TermView]) -> Any:
    return _Values(child=view())


class RegionView(serializers.Serializer[Any]):
    """Everything that forms, filters and maps need to know of the region."""

    code = serializers.CharField()
    version = serializers.CharField()
    name = NameField(source="names")
    languages = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField()
    currency = CurrencyView()
    counties = _all(CountyView)
    townships = _all(TownshipView)
    category_groups = _all(TermView)
    categories = _all(CategoryView)
    allergens = _all(TermView)
    diets = _all(TermView)
    storage_classes = _all(StorageClassView)
    packagings = _all(TermView)
    rules_version = serializers.CharField(source="rules.version")
    attributions = serializers.ListField(child=serializers.CharField())
