"""Which organizations wait for a coordinator: those that have said all that sign-up asks."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.needs.models import Capacity
from backend.organizations.models import (
    Agreement,
    Location,
    Organization,
    Programme,
    VerificationDocument,
)
from backend.organizations.models.organization import OrganizationStatus
from backend.web.terms import TERMS, VERSION


def finished(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those with nothing left on their checklist but what is optional."""
    return rows.filter(_said_all())


def unfinished(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those that applied and still have to say something."""
    return rows.filter(~_said_all(), status=OrganizationStatus.APPLIED)


def to_decide(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those that applied and finished, and those whose verification runs out."""
    due = Q(status=OrganizationStatus.RECERTIFICATION_DUE)
    return rows.filter(due | Q(status=OrganizationStatus.APPLIED) & _said_all())


def _said_all() -> Q:
    """The checklist of the organization's own page, as a condition."""
    places = Location.objects.filter(organization=OuterRef("pk"), closed_at__isnull=True)
    papers = VerificationDocument.objects.filter(organization=OuterRef("pk"))
    agreed = Agreement.objects.filter(
        organization=OuterRef("pk"), terms=TERMS, terms_version=VERSION
    )
    receives = Q(is_recipient=True) | Q(is_hub=True)
    return Q(Exists(places), Exists(papers), Exists(agreed)) & (~receives | _receiving())


def _receiving() -> Q:
    """What those who receive say beside: how much they can keep, and whom they serve."""
    at = {"location__organization": OuterRef("pk"), "location__closed_at__isnull": True}
    rooms = Capacity.objects.filter(**at)
    programmes = Programme.objects.filter(closed_at__isnull=True, **at)
    return Q(Exists(rooms), Exists(programmes))
