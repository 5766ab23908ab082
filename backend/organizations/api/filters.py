"""By what lists of organizations, places and programmes can be narrowed."""

import django_filters
from django.db.models import QuerySet

from backend.organizations.actions.register_organization import ROLES
from backend.organizations.models import Location, Organization, Programme
from backend.organizations.models.organization import OrganizationStatus


class OrganizationFilter(django_filters.FilterSet):
    """`?status=applied&county=63000&role=donor`"""

    status = django_filters.ChoiceFilter(choices=OrganizationStatus.choices)
    county = django_filters.CharFilter("county_code", max_length=10)
    role = django_filters.ChoiceFilter(
        choices=[(role, role) for role in ROLES], method="having_role"
    )

    def having_role(
        self, rows: QuerySet[Organization], _name: str, role: str
    ) -> QuerySet[Organization]:
        return rows.filter(**{f"is_{role}": True})

    class Meta:
        model = Organization
        fields: list[str] = []


class LocationFilter(django_filters.FilterSet):
    """`?organization=…&county=…&township=…&in_use=true`"""

    organization = django_filters.UUIDFilter("organization_id")
    county = django_filters.CharFilter("county_code", max_length=10)
    township = django_filters.CharFilter("township_code", max_length=20)
    in_use = django_filters.BooleanFilter("closed_at", lookup_expr="isnull")

    class Meta:
        model = Location
        fields: list[str] = []


class ProgrammeFilter(django_filters.FilterSet):
    """`?organization=…&location=…&running=true`"""

    organization = django_filters.UUIDFilter("location__organization_id")
    location = django_filters.UUIDFilter("location_id")
    running = django_filters.BooleanFilter("closed_at", lookup_expr="isnull")

    class Meta:
        model = Programme
        fields: list[str] = []
