"""What a plan of one road group is made from: the routing problem and the rows behind it."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Q

from backend.couriers.models import CourierStatus, Shift, VehicleKind
from backend.geo.domain.points import Point
from backend.geo.travel_times import travel_times
from backend.organizations.models import Location
from logistics.domain.lifecycle import OPEN_STOPS, ShipmentStatus
from logistics.domain.matrix import Matrix
from logistics.domain.offering import COST_MG_PER_M, COST_MG_PER_ROUTE, COST_MG_PER_S
from logistics.domain.problem import (
    Break,
    Lock,
    OnBoard,
    Problem,
    Task,
    TaskKind,
    TimeWindow,
    Vehicle,
)
from logistics.domain.service_times import Spread
from logistics.models import (
    COMMITTED,
    AbandonReason,
    Route,
    RouteOffer,
    RouteOfferStatus,
    RouteStatus,
    Shipment,
    Stop,
)
from logistics.selectors.closed_shifts import is_closed
from logistics.selectors.hand_over_times import hand_over_times
from logistics.selectors.places import Places
from logistics.selectors.solver_shipments import (
    bound_shipment,
    boxes_of,
    seconds,
    skill,
    waiting_shipment,
)

#: Shifts that begin later than this are for a later plan.
HORIZON = timedelta(hours=24)
#: What was on a route that was given up goes to others, unless only the shift was changed.
GIVEN_UP_FOR_GOOD = tuple(each for each in AbandonReason if each is not AbandonReason.SHIFT)
_PROFILES = {VehicleKind.ON_FOOT: "foot"}


@dataclass(frozen=True, slots=True)
class PlanningInputs:
    """A problem in seconds since `epoch`, with the rows that its ids and indexes name.

    `hand_overs` says by location how the time of one hand-over varies.
    """

    area: str
    epoch: datetime
    problem: Problem
    shipments: Mapping[str, Shipment]
    shifts: Mapping[str, Shift]
    committed: Mapping[str, Sequence[Route]]
    locations: Mapping[int, frozenset[UUID]]
    hand_overs: Mapping[UUID, Spread]
    digest: str
    is_estimated: bool

    @property
    def is_idle(self) -> bool:
        """Nothing waits, or nobody drives: there is nothing to plan."""
        waiting = (s for s in self.shipments.values() if s.status == ShipmentStatus.WAITING)
        return not self.shifts or next(waiting, None) is None


def areas_with_work(now: datetime) -> list[str]:
    """Road groups in which something waits for a route."""
    waiting = Shipment.objects.filter(status=ShipmentStatus.WAITING, pickup_until_at__gt=now)
    return sorted(set(waiting.values_list("road_group", flat=True)))


def planning_inputs(area: str, *, now: datetime) -> PlanningInputs:
    """Everything that a plan of this road group depends on, read without locks."""
    epoch = now.replace(second=0, microsecond=0)
    shifts = _shifts(area, now)
    committed = _committed_routes(shifts)
    waiting = list(_waiting(area, now))
    bound = {shift_id: _shipments_of(routes) for shift_id, routes in committed.items()}
    rows = [*waiting, *chain.from_iterable(bound.values())]
    hand_overs = hand_over_times(_doors(rows), now=now)
    places = Places(hand_overs)
    avoided = avoided_by(waiting)
    vehicles = [_vehicle(shift, committed[shift.pk], places, avoided, epoch) for shift in shifts]
    boxes = boxes_of(shifts)
    solver_shipments = [
        *(waiting_shipment(shipment, places, avoided, boxes, epoch) for shipment in waiting),
        *(
            bound_shipment(shipment, places, boxes_of([shift]))
            for shift in shifts
            for shipment in bound[shift.pk]
        ),
    ]
    matrices, is_estimated = _matrices(places.points, vehicles, area, now)
    problem = Problem(
        setup_s=tuple(places.setup_s),
        matrices=matrices,
        shipments=tuple(solver_shipments),
        vehicles=tuple(vehicles),
        locks=tuple(lock_of(shift, committed[shift.pk], epoch) for shift in shifts),
        skills=frozenset(skill(one) for group in avoided.values() for one in group),
    )
    return PlanningInputs(
        area=area,
        epoch=epoch,
        problem=problem,
        shipments={str(row.pk): row for row in rows},
        shifts={str(shift.pk): shift for shift in shifts},
        committed={str(shift_id): routes for shift_id, routes in committed.items()},
        locations={index: frozenset(ids) for index, ids in places.locations.items()},
        hand_overs=hand_overs,
        digest=_digest(area, waiting, shifts, committed, problem),
        is_estimated=is_estimated,
    )


def _shifts(area: str, now: datetime) -> list[Shift]:
    running = Shift.objects.planned().filter(
        road_group=area, until_at__gt=now, from_at__lt=now + HORIZON
    )
    ready = running.filter(courier__status=CourierStatus.ACTIVE).exclude(is_closed())
    return list(ready.select_related("courier", "vehicle").order_by("from_at", "pk"))


def _waiting(area: str, now: datetime) -> Iterable[Shipment]:
    waiting = Shipment.objects.filter(
        road_group=area,
        status=ShipmentStatus.WAITING,
        pickup_until_at__gt=now,
        deliver_until_at__gt=now,
    )
    return waiting.select_related("pickup_location", "delivery_location").order_by("pk")


def _committed_routes(shifts: Sequence[Shift]) -> dict[UUID, list[Route]]:
    routes: dict[UUID, list[Route]] = {shift.pk: [] for shift in shifts}
    rows = Route.objects.filter(shift__in=shifts, status__in=COMMITTED).order_by("starts_at", "pk")
    stops = "stops__tasks__shipment"
    for route in rows.prefetch_related(
        "stops__location", f"{stops}__pickup_location", f"{stops}__delivery_location"
    ):
        routes[route.shift_id].append(route)
    return routes


def _open_stops(routes: Iterable[Route]) -> list[Stop]:
    """Stops still to come, in the order in which they are driven."""
    return [stop for route in routes for stop in route.stops.all() if stop.status in OPEN_STOPS]


def tasks_of(routes: Iterable[Route]) -> list[tuple[Shipment, TaskKind]]:
    """What is still to be done on committed routes, in order; a delivery once it is fetched."""
    found, fetched = [], set[UUID]()
    for stop in _open_stops(routes):
        for task in stop.tasks.all():
            shipment, status = task.shipment, task.shipment.status
            if task.is_pickup and status == ShipmentStatus.PLANNED:
                found.append((shipment, TaskKind.PICKUP))
                fetched.add(shipment.pk)
            elif not task.is_pickup and (
                status == ShipmentStatus.ON_BOARD or shipment.pk in fetched
            ):
                found.append((shipment, TaskKind.DELIVERY))
    return found


def _shipments_of(routes: Iterable[Route]) -> list[Shipment]:
    return list({shipment.pk: shipment for shipment, _ in tasks_of(routes)}.values())


def _doors(shipments: Iterable[Shipment]) -> Iterable[Location]:
    return chain.from_iterable((row.pickup_location, row.delivery_location) for row in shipments)


def avoided_by(waiting: Sequence[Shipment]) -> dict[UUID, set[UUID]]:
    """Couriers who said no to a shipment before, or gave it up: shipment to courier ids."""
    said_no = RouteOffer.objects.filter(
        Q(status__in=(RouteOfferStatus.DECLINED, RouteOfferStatus.LAPSED))
        | Q(route__status=RouteStatus.ABANDONED, route__given_up_for__in=GIVEN_UP_FOR_GOOD),
        route__stops__tasks__shipment__in=waiting,
    )
    avoided: dict[UUID, set[UUID]] = {}
    for shipment_id, courier_id in said_no.values_list(
        "route__stops__tasks__shipment_id", "courier_id"
    ).distinct():
        avoided.setdefault(shipment_id, set()).add(courier_id)
    return avoided


def _vehicle(
    shift: Shift,
    routes: Sequence[Route],
    places: Places,
    avoided: Mapping[UUID, set[UUID]],
    epoch: datetime,
) -> Vehicle:
    everybody = {one for group in avoided.values() for one in group}
    start, free_at = _whereabouts(shift, routes)
    end = None
    if shift.end_lon is not None and shift.end_lat is not None:
        end = places.at(Point(shift.end_lon, shift.end_lat))
    from_s = max(seconds(free_at, epoch), 0)
    return Vehicle(
        id=str(shift.pk),
        start=places.at(start),
        end=end,
        capacity=tuple(shift.vehicle.capacity),
        shift=TimeWindow(from_s, max(seconds(shift.until_at, epoch), from_s + 1)),
        skills=frozenset(skill(one) for one in everybody if one != shift.courier_id),
        rest=_rest(shift, epoch),
        max_route_m=shift.longest_route_m,
        cost_per_m=COST_MG_PER_M,
        cost_per_s=COST_MG_PER_S,
        fixed_cost=0 if routes else COST_MG_PER_ROUTE,
        profile=_PROFILES.get(VehicleKind(shift.vehicle.kind), shift.vehicle.kind),
    )


def _whereabouts(shift: Shift, routes: Sequence[Route]) -> tuple[Point, datetime]:
    """Where the courier is free to go from, and from when: the last visit, or the shift's start."""
    visited = [
        stop
        for route in routes
        for stop in route.stops.all()
        if stop.status not in OPEN_STOPS and stop.ended_at is not None
    ]
    if not visited:
        return Point(shift.start_lon, shift.start_lat), shift.from_at
    last = max(visited, key=lambda stop: (stop.ended_at, stop.sequence))
    return last.location.point, last.ended_at or shift.from_at


def _rest(shift: Shift, epoch: datetime) -> Break | None:
    if not shift.break_s or shift.break_from_at is None or shift.break_until_at is None:
        return None
    from_s, until_s = seconds(shift.break_from_at, epoch), seconds(shift.break_until_at, epoch)
    return Break(TimeWindow(max(from_s, 0), until_s), shift.break_s) if until_s > 0 else None


def lock_of(shift: Shift, routes: Sequence[Route], epoch: datetime) -> Lock:
    tasks = tasks_of(routes)
    aboard = {s.pk: s for s, _ in tasks if s.status == ShipmentStatus.ON_BOARD}
    return Lock(
        vehicle_id=str(shift.pk),
        tasks=tuple(Task(str(shipment.pk), kind) for shipment, kind in tasks),
        on_board=tuple(OnBoard(str(pk), min(_loaded_s(pk, routes, epoch), 0)) for pk in aboard),
    )


def _loaded_s(shipment_id: UUID, routes: Sequence[Route], epoch: datetime) -> int:
    for route in routes:
        for stop in route.stops.all():
            picked = any(t.shipment_id == shipment_id and t.is_pickup for t in stop.tasks.all())
            if picked and stop.ended_at is not None:
                return seconds(stop.ended_at, epoch)
    return 0


def _matrices(
    points: Sequence[Point], vehicles: Sequence[Vehicle], area: str, now: datetime
) -> tuple[tuple[Matrix, ...], bool]:
    matrices, is_estimated = [], False
    for profile in sorted({vehicle.profile for vehicle in vehicles}):
        times = travel_times(
            points, profile=profile, road_groups=[area] * len(points), depart_at=now
        )
        matrices.append(Matrix(profile, times.durations_s, times.distances_m))
        is_estimated |= times.estimated
    return tuple(matrices), is_estimated


def _digest(
    area: str,
    waiting: Sequence[Shipment],
    shifts: Sequence[Shift],
    committed: Mapping[UUID, Sequence[Route]],
    problem: Problem,
) -> str:
    """Changes whenever a new plan could come out differently for another reason than the time."""
    facts = {
        "area": area,
        "waiting": [[str(row.pk), row.version] for row in waiting],
        "services": [[s.pickup.service_s, s.delivery.service_s] for s in problem.shipments],
        "shifts": [[str(row.pk), row.version] for row in shifts],
        "routes": [
            [str(route.pk), route.version, [stop.version for stop in route.stops.all()]]
            for routes in committed.values()
            for route in routes
        ],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
