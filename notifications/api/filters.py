"""Filters of the inbox."""

import django_filters
from django.db.models import QuerySet

from notifications.domain.kinds import Kind
from notifications.models import Notification


class NotificationFilter(django_filters.FilterSet):
    """By kind, and only those that were not looked at."""

    kind = django_filters.ChoiceFilter(choices=[(kind.value, kind.value) for kind in Kind])
    unseen = django_filters.BooleanFilter(method="only_unseen")

    class Meta:
        model = Notification
        fields: list[str] = []

    def only_unseen(
        self, rows: QuerySet[Notification], name: str, value: bool
    ) -> QuerySet[Notification]:
        return rows.filter(seen_at__isnull=value)
