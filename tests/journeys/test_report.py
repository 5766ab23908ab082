"""What a day's report adds up, and of whom."""

from datetime import datetime, timedelta

import pytest

from backend.custody.domain.replay import Kind
from backend.demo.report import Report, report
from logistics.models import Route, RouteStatus
from tests.builders.claims import make_claim
from tests.builders.custody import hand_over
from tests.builders.listings import make_lot
from tests.builders.logistics import make_route_under_way, make_shipment

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=30)


def found() -> Report:
    return report(region="tw", seed=1, feasible_g=0, counts={}, seconds=0.0)


def test_kilograms_per_kilometre_are_those_of_drivers(now: datetime) -> None:
    """What a charity fetched itself is delivered too, but on nobody's route."""
    shipment = make_shipment(now=now)
    route = make_route_under_way(shipments=[shipment], now=now)
    claim, courier = shipment.claim, route.courier_id
    hand_over(claim, Kind.COLLECTED, at=now + SOON, courier_id=courier)
    hand_over(claim, at=now + 2 * SOON, courier_id=courier)
    hand_over(make_claim(make_lot(now=now), 3_000, now=now), at=now + SOON)
    Route.objects.update(status=RouteStatus.FINISHED, distance_m=2_000)
    assert found().delivered_g == shipment.mass_g + 3_000
    assert found().kg_per_km == shipment.mass_g / 2_000


def test_without_a_route_there_is_no_such_figure(now: datetime) -> None:
    hand_over(make_claim(make_lot(now=now), 3_000, now=now), at=now)
    assert found().kg_per_km is None
