"""What makes logistics plan again, and what its sweeps find on their own."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from backend.claims.actions.reserve_claim import reserve_claim
from backend.claims.models import Claim, ClaimSource, Transport
from backend.couriers.actions.plan_shift import plan_shift
from backend.couriers.domain.shift_window import ShiftTimes
from backend.custody.domain.replay import Kind
from backend.events.handlers import registered
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from logistics import handlers, tasks
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.models import Route, Stop
from tests.builders.accounts import actor_of
from tests.builders.couriers import make_shift, make_vehicle
from tests.builders.custody import line_of
from tests.builders.listings import lot_draft, make_listing
from tests.builders.logistics import (
    BUILDER,
    driver_of,
    make_carried_claim,
    make_route_offer,
    make_route_under_way,
    make_shipment,
)
from tests.builders.needs import make_taker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Areas that were sent to the solver's queue."""
    areas: list[str] = []
    monkeypatch.setattr(
        handlers.solve_area,
        "apply_async",
        lambda *, kwargs, countdown: areas.append(kwargs["area"]),
    )
    monkeypatch.setattr(tasks.solve_area, "delay", lambda *, area: areas.append(area))
    return areas


def heard(now: datetime, capture: Any) -> None:
    with capture(execute=True):
        drain(now=now)


def test_a_burst_of_claims_is_planned_in_one_go(
    now: datetime, asked: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    make_carried_claim(now=now)
    make_carried_claim(now=now)
    heard(now, django_capture_on_commit_callbacks)
    assert asked == ["main"]


def test_somebody_who_can_drive_is_given_something_to_drive(
    now: datetime, asked: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    vehicle = make_vehicle()
    plan_shift(
        courier_id=vehicle.courier_id,
        vehicle_id=vehicle.pk,
        times=ShiftTimes(now, now.replace(hour=10)),
        by=actor_of(vehicle.courier.user),
        now=now,
    )
    heard(now, django_capture_on_commit_callbacks)
    assert asked == ["main"]


def test_a_no_is_followed_by_another_plan(
    now: datetime, asked: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    offer = make_route_offer(now=now)
    drain(now=now)
    asked.clear()
    handlers.cache.clear()
    decline_route_offer(offer_id=offer.pk, reason="", by=driver_of(offer.route), now=now)
    heard(now, django_capture_on_commit_callbacks)
    assert asked == ["main"]


def test_custody_hears_nothing() -> None:
    names = {name for listeners in registered().values() for name in listeners}
    assert not any(name.startswith("backend.custody.") for name in names)


def test_the_sweep_plans_every_area_in_which_something_waits(
    now: datetime, asked: list[str]
) -> None:
    assert tasks.plan_areas() == 0
    make_shipment(now=now)
    assert tasks.plan_areas() == 1
    assert asked == ["main"]
    assert tasks.lapse_route_offers() == 0
    assert tasks.expire_shipments() == 0


def test_an_area_without_drivers_needs_no_plan(now: datetime) -> None:
    make_shipment(now=now)
    assert tasks.solve_area(area="main", unexpected="ignored") is None


def test_two_kinds_of_food_may_be_handed_over_one_after_the_other(now: datetime) -> None:
    listing = make_listing(now=now, lots=(lot_draft(), lot_draft(category="milk")))
    claim = reserve_claim(
        listing_id=listing.pk,
        programme_id=make_taker().pk,
        shares={lot.pk: 2_000 for lot in listing.lots.all()},
        transport=Transport.COURIER,
        source=ClaimSource.HAND,
        by=BUILDER,
        now=now,
    )
    drain(now=now)
    route = make_route_under_way(make_shift(from_at=now), list(claim.shipments.all()), now=now)
    together(route)
    fetch, bring = route.stops.filter(tasks__isnull=False).distinct()
    for line in claim.lines.all():
        assert fetch.status == "planned"
        hand(fetch, claim, line.pk, Kind.COLLECTED, now)
        fetch.refresh_from_db()
    assert fetch.status == "done"
    for line in claim.lines.all():
        hand(bring, claim, line.pk, Kind.DELIVERED, now)
    route.refresh_from_db()
    assert route.status == "finished"
    assert [verdict for verdict in check_all() if not verdict.holds] == []


def together(route: Route) -> None:
    """Both pickups at the first stop, both deliveries at the last."""
    first, second, third, fourth = route.stops.all()
    second.tasks.update(stop=first)
    third.tasks.update(stop=fourth)
    Stop.objects.filter(pk__in=[second.pk, third.pk]).update(status="skipped")


def hand(stop: Stop, claim: Claim, line_id: Any, kind: Kind, now: datetime) -> None:
    hand_over_at_stop(
        stop_id=stop.pk,
        client_id=uuid4(),
        claim_id=claim.pk,
        kind=kind,
        lines=(line_of(claim.lines.get(pk=line_id)),),
        at=now,
        by=driver_of(stop.route),
        now=now,
    )
