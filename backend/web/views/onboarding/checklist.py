"""What an organization still has to say before it can take part, in the order of doing it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.needs.models import StandingConsent
from backend.organizations.models import Location, Organization, Programme
from backend.organizations.selectors import (
    agreements_of,
    visible_documents,
    visible_locations,
)
from backend.web.components import Text
from backend.web.terms import TERMS, VERSION


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: whether it is done, what it is about, and where it is done."""

    title: Text
    text: Text
    icon: str
    is_done: bool
    url: str
    is_optional: bool = False


def places_of(viewer: Actor, organization_id: UUID) -> list[Location]:
    """Its places in use, each with its programmes in use, their consents, and its capacities."""
    consents = Prefetch("consents", StandingConsent.objects.in_force())
    programmes = Programme.objects.filter(closed_at__isnull=True).prefetch_related(consents)
    rows = visible_locations(viewer).filter(organization_id=organization_id, closed_at__isnull=True)
    return list(rows.prefetch_related(Prefetch("programmes", programmes), "capacities"))


def checklist(viewer: Actor, organization: Organization, places: list[Location]) -> list[Step]:
    """The steps that concern this organization: charities say more than donors."""
    steps = [_place(organization, places)]
    if places and (organization.is_recipient or organization.is_hub):
        steps += _of_charity(places)
    return [*steps, *_papers(viewer, organization)]


def _place(organization: Organization, places: list[Location]) -> Step:
    return Step(
        _("A place"),
        _("Where food is fetched or received, and when somebody is there."),
        "map-pin",
        bool(places),
        reverse("web:place_new", args=[organization.pk]),
    )


def _of_charity(places: list[Location]) -> list[Step]:
    programmes = [each for place in places for each in place.programmes.all()]
    first = places[0]
    steps = [
        Step(
            _("Room for food"),
            _("How much you can keep, cold and at room temperature."),
            "refrigerator",
            any(place.capacities.all() for place in places),
            reverse("web:capacity", args=[first.pk]),
        ),
        Step(
            _("Whom you serve"),
            _("How many people, which rules they eat by, what you do not take."),
            "users",
            bool(programmes),
            reverse("web:programme_new", args=[first.pk]),
        ),
    ]
    if programmes:
        steps.append(
            Step(
                _("Say yes in advance"),
                _("Let us accept for you within limits, so that food does not wait."),
                "handshake",
                any(list(each.consents.all()) for each in programmes),
                reverse("web:consent", args=[programmes[0].pk]),
                is_optional=True,
            )
        )
    return steps


def _papers(viewer: Actor, organization: Organization) -> list[Step]:
    documents = visible_documents(viewer, organization.pk)
    agreed = agreements_of(viewer, organization.pk).filter(terms=TERMS, terms_version=VERSION)
    return [
        Step(
            _("A paper about you"),
            _("A registration, licence or permit; a photo of it will do."),
            "file-text",
            documents.exists(),
            reverse("web:papers", args=[organization.pk]),
        ),
        Step(
            _("The terms"),
            _("What you and we promise each other, on one page."),
            "handshake",
            agreed.exists(),
            reverse("web:terms", args=[organization.pk]),
        ),
    ]
