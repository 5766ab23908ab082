"""Adds a programme to a place: whom it feeds and under which rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import require
from backend.common.refusals import Invalid, Refusal
from backend.events.record import record
from backend.organizations.actions.close_location import refuse_if_closed
from backend.organizations.actions.rows import hearing, locked, refuse_unless_clean
from backend.organizations.models import Location, Programme
from backend.regions.packs import pack

MOST_PEOPLE = 1_000_000
FARTHEST_M = 100_000


class NotARecipient(Refusal):
    """Programmes belong to organizations that receive food."""

    code = "not_a_recipient"
    message = _("Only organizations that receive food have programmes.")


@transaction.atomic
def add_programme(
    *,
    location_id: UUID,
    name: str,
    people_per_week: int,
    by: Actor,
    now: datetime,
    diet_rules: Sequence[str] = (),
    categories_not_taken: Sequence[str] = (),
    allergens_not_taken: Sequence[str] = (),
    max_distance_m: int = 10_000,
    collects_itself: bool = True,
) -> Programme:
    """A programme at a place of a recipient or hub; codes are the region's.

    Raises NotARecipient, and Invalid for codes that the region does not know or figures that no
    programme has.
    """
    location = locked(Location, location_id, "organization")
    require(by, "organizations.change_location", location)
    refuse_if_closed(location)
    if not (location.organization.is_recipient or location.organization.is_hub):
        raise NotARecipient()
    values: dict[str, Any] = {
        "name": name.strip(),
        "people_per_week": people_per_week,
        "diet_rules": sorted(set(diet_rules)),
        "categories_not_taken": sorted(set(categories_not_taken)),
        "allergens_not_taken": sorted(set(allergens_not_taken)),
        "max_distance_m": max_distance_m,
        "collects_itself": collects_itself,
    }
    refuse_unless_known(values)
    programme = Programme(location=location, created_at=now, **values)
    refuse_unless_clean(programme)
    programme.save(force_insert=True)
    record(
        "programme.added",
        subject=programme,
        by=by,
        now=now,
        audiences=hearing(location),
        payload={"location_id": str(location_id), "people_per_week": people_per_week},
    )
    return programme


def refuse_unless_known(values: Mapping[str, Any]) -> None:
    """Raises Invalid for codes that the region does not have and for absurd figures."""
    region = pack()
    for field, known in (
        ("diet_rules", region.diets),
        ("categories_not_taken", region.categories),
        ("allergens_not_taken", region.allergens),
    ):
        if set(values.get(field, ())) - set(known):
            raise Invalid.field(field, "unknown_code", _("Please choose from the list."))
    if not 1 <= values.get("people_per_week", 1) <= MOST_PEOPLE:
        raise Invalid.field(
            "people_per_week", "bad_number", _("Please say how many people you feed in a week.")
        )
    if not 0 <= values.get("max_distance_m", 0) <= FARTHEST_M:
        raise Invalid.field("max_distance_m", "bad_number", _("Please stay below 100 km."))
