"""What charities can take, for tests: room for a tonne of everything."""

from datetime import datetime, timedelta
from typing import Any

from backend.common.actor import system
from backend.common.choices import StorageClass
from backend.needs.actions.give_consent import give_consent
from backend.needs.actions.post_request import post_request
from backend.needs.actions.set_standing_need import set_standing_need
from backend.needs.models import Capacity, Request, StandingConsent, StandingNeed
from backend.organizations.models import Location, Programme
from tests.builders.organizations import make_programme

BUILDER = system("tests.builder")
TONNE_G = 1_000_000


def make_capacity(location: Location, **limits_g: int) -> None:
    """`make_capacity(place, chilled=5_000)`; a tonne of each storage class when none is named."""
    for storage_class in limits_g or StorageClass.values:
        Capacity.objects.update_or_create(
            location=location,
            storage_class=storage_class,
            defaults={"limit_g": limits_g.get(storage_class, TONNE_G)},
        )


def make_taker(
    location: Location | None = None, *, room_g: int = TONNE_G, **fields: Any
) -> Programme:
    """A programme whose place has room in every storage class."""
    programme = make_programme(location, **fields)
    make_capacity(programme.location, **dict.fromkeys(StorageClass.values, room_g))
    return programme


def make_need(programme: Programme, *, now: datetime, **fields: Any) -> StandingNeed:
    """20 kg of bakery a week."""
    chosen: dict[str, Any] = {"category_group": "bakery", "grams_per_week": 20_000}
    need = set_standing_need(programme_id=programme.pk, by=BUILDER, now=now, **(chosen | fields))
    assert need is not None
    return need


def make_consent(programme: Programme, *, now: datetime, **fields: Any) -> StandingConsent:
    """Any food, up to 100 kg a day."""
    chosen: dict[str, Any] = {"max_g_per_day": 100_000}
    return give_consent(programme_id=programme.pk, by=BUILDER, now=now, **(chosen | fields))


def make_request(programme: Programme | None = None, *, now: datetime, **fields: Any) -> Request:
    """10 kg of bakery within a day, not public."""
    chosen: dict[str, Any] = {
        "category_group": "bakery",
        "mass_g": 10_000,
        "needed_until_at": now + timedelta(days=1),
    }
    asking = programme or make_programme()
    return post_request(programme_id=asking.pk, by=BUILDER, now=now, **(chosen | fields))
