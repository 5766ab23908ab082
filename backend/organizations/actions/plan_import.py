"""Decides what an import would do with each place, before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from backend.organizations.actions.register_organization import role_flags
from backend.organizations.domain.places_file import Objection, Place
from backend.organizations.models import Location, Membership, Organization

AT_ONCE = 500


class Deed(StrEnum):
    """What happens to one place of the file."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    #: Somebody manages it, or it was closed: people know better than a list.
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """One place, what happens to it, and what of its rows changes."""

    place: Place
    deed: Deed
    location_id: UUID | None = None
    of_location: Mapping[str, Any] = field(default_factory=dict)
    of_organization: Mapping[str, Any] = field(default_factory=dict)
    moves: bool = False


def plan_import(places: Sequence[Place]) -> tuple[list[Step], list[Objection]]:
    """A step for each place, in order, and objections that only the stored rows tell."""
    known = _known_locations(places)
    owners = _owners_of_numbers(places)
    steps: list[Step] = []
    objections: list[Objection] = []
    for place in places:
        location = known.get((place.source, place.source_ref))
        owner = owners.get(place.legal_id)
        if owner and owner.is_managed and not (location and location.organization_id == owner.pk):
            objections.append(Objection(place.line, "legal_id", "has_managers"))
        elif location is None:
            steps.append(Step(place, Deed.CREATE))
        elif owner and owner.pk != location.organization_id:
            objections.append(Objection(place.line, "legal_id", "taken"))
        else:
            steps.append(_step(place, location, is_managed=location.is_managed))
    return steps, objections


def _step(place: Place, location: Location, *, is_managed: bool) -> Step:
    if is_managed or location.closed_at is not None:
        return Step(place, Deed.LEAVE, location.pk)
    of_location = _differing(
        location,
        {
            "name": place.name,
            "kind": place.category,
            "address": place.address,
            "phone": place.phone,
        },
    )
    of_organization = {}
    organization = location.organization
    if (organization.source, organization.source_ref) == (place.source, place.source_ref):
        of_organization = _differing(organization, organization_fields(place))
    moves = location.point != place.point
    deed = Deed.UPDATE if of_location or of_organization or moves else Deed.KEEP
    return Step(place, deed, location.pk, of_location, of_organization, moves)


def organization_fields(place: Place) -> dict[str, Any]:
    """The columns of an organization that a row of the file gives."""
    return {
        "name": place.name,
        "legal_id": place.legal_id,
        "contact_email": place.email,
        "contact_phone": place.phone,
        **role_flags(place.roles),
    }


def _differing(row: Location | Organization, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the file states and the row has otherwise; silence of the file erases nothing."""
    return {
        name: value for name, value in wanted.items() if value != "" and getattr(row, name) != value
    }


def _known_locations(places: Sequence[Place]) -> dict[tuple[str, str], Any]:
    """Imported before, by source and reference; `is_managed` says whether people act for them."""
    sources = {place.source for place in places}
    rows: QuerySet[Any] = (
        Location.objects.filter(source__in=sources)
        .exclude(source_ref="")
        .select_related("organization")
        .annotate(is_managed=_managed("organization_id"))
    )
    return {(row.source, row.source_ref): row for row in rows.iterator(chunk_size=2_000)}


def _owners_of_numbers(places: Iterable[Place]) -> dict[str, Any]:
    """Organizations by the registration numbers that the file names."""
    numbers = iter({place.legal_id for place in places if place.legal_id})
    found: dict[str, Any] = {}
    while some := list(islice(numbers, AT_ONCE)):
        rows: QuerySet[Any] = Organization.objects.filter(legal_id__in=some)
        found |= {row.legal_id: row for row in rows.annotate(is_managed=_managed("pk"))}
    return found


def _managed(organization: str) -> Exists:
    members = Membership.objects.current().filter(organization_id=OuterRef(organization))
    return Exists(members)
