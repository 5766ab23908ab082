"""Who may be asked at all: programmes that are open, of charities that act, with room for some."""

from typing import Any

from django.db.models import QuerySet

from backend.organizations.models import Programme
from backend.organizations.models.organization import ACTING


def receivers(**where: Any) -> QuerySet[Programme]:
    """Those of them that meet these conditions too, each once."""
    programmes = Programme.objects.filter(
        closed_at__isnull=True,
        location__closed_at__isnull=True,
        location__organization__status__in=ACTING,
        location__capacities__limit_g__gt=0,
        **where,
    )
    return programmes.distinct().order_by("pk")
