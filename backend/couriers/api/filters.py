"""By what lists of couriers, vehicles and shifts can be narrowed."""

import django_filters

from backend.couriers.models import Courier, CourierStatus, Shift, ShiftStatus, Vehicle


class CourierFilter(django_filters.FilterSet):
    """`?status=applied&county=63000`"""

    status = django_filters.ChoiceFilter(choices=CourierStatus.choices)
    county = django_filters.CharFilter("county_code", max_length=10)

    class Meta:
        model = Courier
        fields: list[str] = []


class VehicleFilter(django_filters.FilterSet):
    """`?courier=…&in_use=true`"""

    courier = django_filters.UUIDFilter("courier_id")
    in_use = django_filters.BooleanFilter("retired_at", lookup_expr="isnull")

    class Meta:
        model = Vehicle
        fields: list[str] = []


class ShiftFilter(django_filters.FilterSet):
    """`?courier=…&status=planned&county=63000&from_at=…&until_at=…`: those that touch the span."""

    courier = django_filters.UUIDFilter("courier_id")
    status = django_filters.ChoiceFilter(choices=ShiftStatus.choices)
    county = django_filters.CharFilter("county_code", max_length=10)
    from_at = django_filters.IsoDateTimeFilter("until_at", lookup_expr="gt")
    until_at = django_filters.IsoDateTimeFilter("from_at", lookup_expr="lt")

    class Meta:
        model = Shift
        fields: list[str] = []
