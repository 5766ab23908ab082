"""Shipments and routes for tests: a courier in Taipei who drives from one door to the other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from backend.claims.models import Claim, Transport
from backend.common.actor import Actor, person, system
from backend.couriers.models import Shift
from backend.listings.models import Lot
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.begin_plan import begin_plan
from logistics.actions.finish_plan import Outcome, finish_plan
from logistics.actions.make_shipments import make_shipments
from logistics.actions.offer_route import offer_route
from logistics.actions.start_route import start_route
from logistics.domain.drafts import RouteDraft, StopDraft
from logistics.models import Plan, Route, RouteOffer, Shipment
from tests.builders.claims import make_claim
from tests.builders.couriers import make_shift
from tests.builders.listings import make_uncontested_lot

BUILDER = system("tests.builder")
LEG = timedelta(minutes=15)
HANDLING = timedelta(minutes=5)
_numbers = count(1)


def make_carried_claim(
    lot: Lot | None = None, mass_g: int = 4_000, *, now: datetime, **fields: Any
) -> Claim:
    """A claim that a courier has to drive."""
    chosen: dict[str, Any] = {"transport": Transport.COURIER}
    return make_claim(lot or make_uncontested_lot(now=now), mass_g, now=now, **(chosen | fields))


def make_shipment(claim: Claim | None = None, *, now: datetime, **fields: Any) -> Shipment:
    """The one shipment of a claim (a new one when none is given), waiting."""
    driven = claim or make_carried_claim(now=now, **fields)
    [shipment] = make_shipments(claim=driven, by=BUILDER, now=now)
    return shipment


def make_plan(*, now: datetime, area: str = "main") -> Plan:
    """A plan that is being worked out."""
    digest = f"{next(_numbers):064x}"
    return begin_plan(area=area, digest=digest, inputs={}, seed=1, by=BUILDER, now=now)


def close_plan(plan: Plan, *, now: datetime, **fields: Any) -> Plan:
    """The plan, applied without anything left out unless told otherwise."""
    outcome = Outcome({}, (), {}, 1, 0, is_estimated=False, solve_ms=1)
    return finish_plan(plan_id=plan.pk, outcome=replace(outcome, **fields), by=BUILDER, now=now)


def draft_of(shift: Shift, shipments: Sequence[Shipment], *, now: datetime) -> RouteDraft:
    """First every pickup, then every delivery, a quarter of an hour apart."""
    visits = [(one.pickup_location_id, one.pk, True) for one in shipments]
    visits += [(one.delivery_location_id, one.pk, False) for one in shipments]
    starts_at = max(now, shift.from_at)
    stops = []
    for number, (location_id, shipment_id, is_pickup) in enumerate(visits):
        arrive_at = starts_at + LEG * (number + 1)
        stops.append(
            StopDraft(
                location_id=location_id,
                arrive_at=arrive_at,
                service_from_at=arrive_at,
                leave_at=arrive_at + HANDLING,
                distance_m=2_000,
                tasks=((shipment_id, is_pickup),),
            )
        )
    return RouteDraft(
        shift_id=shift.pk,
        shift_version=shift.version,
        shipment_versions=tuple((one.pk, one.version) for one in shipments),
        stops=tuple(stops),
        starts_at=starts_at,
        ends_at=stops[-1].leave_at,
        distance_m=2_000 * len(stops),
        is_estimated=False,
    )


def make_route_offer(
    shift: Shift | None = None, shipments: Sequence[Shipment] = (), *, now: datetime
) -> RouteOffer:
    """A route with these shipments (a new one when none is given), offered to its courier."""
    carried = list(shipments) or [make_shipment(now=now)]
    plan = make_plan(now=now)
    draft = draft_of(shift or make_shift(from_at=now), carried, now=now)
    offer = offer_route(plan=plan, draft=draft, by=BUILDER, now=now)
    close_plan(plan, now=now)
    return offer


def make_accepted_route(
    shift: Shift | None = None, shipments: Sequence[Shipment] = (), *, now: datetime
) -> Route:
    """A route that its courier said yes to."""
    offer = make_route_offer(shift, shipments, now=now)
    return accept_route_offer(offer_id=offer.pk, by=driver_of(offer.route), now=now)


def make_route_under_way(
    shift: Shift | None = None, shipments: Sequence[Shipment] = (), *, now: datetime
) -> Route:
    """A route that its courier has started."""
    route = make_accepted_route(shift, shipments, now=now)
    return start_route(route_id=route.pk, by=driver_of(route), now=now)


def driver_of(route: Route) -> Actor:
    """The courier of a route, acting."""
    return person(route.courier.user_id)
