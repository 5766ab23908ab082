"""What counts as diverted: once, when it reaches people."""

from datetime import datetime, timedelta

import pytest

from backend.impact.selectors.figures import delivered
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.needs import make_taker
from tests.builders.organizations import make_location, make_organization

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=30)


def test_food_through_a_hub_counts_once_when_it_leaves_from_there(now: datetime) -> None:
    hub = make_location(make_organization(is_hub=True, is_donor=True), is_hub=True)
    into_hub = make_claim(make_lot(now=now), 10_000, now=now, programme=make_taker(hub))
    hand_over(into_hub, at=now + SOON)
    assert delivered().mass_g == 0
    out_of_hub = make_claim(make_lot(hub, now=now + SOON), 10_000, now=now + SOON)
    hand_over(out_of_hub, at=now + 2 * SOON)
    assert (delivered().mass_g, delivered().hand_overs) == (10_000, 1)
