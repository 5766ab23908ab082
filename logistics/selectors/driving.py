"""What a courier needs to know: the routes on offer, the one under way, and what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.claims.models import ClaimLine
from backend.common.actor import Actor
from backend.common.choices import StorageClass
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus, ShipmentStatus, StopStatus
from logistics.models import Route, RouteOffer, RouteOfferStatus, Shipment, Stop, StopTask
from logistics.selectors.visible import own_route_offers, own_routes


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A lot of which so much is to be handed over here, as far as we know."""

    claim_line_id: UUID
    lot_id: UUID
    category: str
    description: str
    unit_label: str
    storage_class: str
    expected_g: int
    needs_temperature: bool


@dataclass(frozen=True, slots=True)
class Todo:
    """One hand-over to make at a stop: for one claim, all its lines there.

    `counterpart` is the organization at the door, which has a code to show.
    """

    claim_id: UUID
    is_pickup: bool
    counterpart: str
    title: str
    note: str
    lines: tuple[ExpectedLine, ...]

    @property
    def expected_g(self) -> int:
        return sum(line.expected_g for line in self.lines)

    @property
    def storage_classes(self) -> frozenset[str]:
        return frozenset(line.storage_class for line in self.lines)


@dataclass(frozen=True, slots=True)
class StopToDo:
    """A visit with what is to be handed over there."""

    stop: Stop
    todos: tuple[Todo, ...]


@dataclass(frozen=True, slots=True)
class RouteUnderWay:
    """The route that the courier drives or has accepted, and where it stands.

    `next` is the first visit still to be made, None when all are; `carried` is what is on board
    though its delivery failed or was refused, and must be brought back or disposed of.
    """

    route: Route
    next: StopToDo | None
    stops: tuple[Stop, ...]
    carried: tuple[Todo, ...]

    @property
    def stops_left(self) -> int:
        return sum(stop.status in OPEN_STOPS for stop in self.stops)


def route_under_way(viewer: Actor) -> RouteUnderWay | None:
    """The viewer's route under way; None while they drive none."""
    route = own_routes(viewer).filter(status=RouteStatus.UNDER_WAY).first()
    return followed(route) if route else None


def coming_routes(viewer: Actor) -> Sequence[Route]:
    """Routes that the viewer accepted and has not started, the earliest first."""
    return list(own_routes(viewer).filter(status=RouteStatus.ACCEPTED).order_by("starts_at"))


def route_offers_of(viewer: Actor, *, now: datetime) -> Sequence[RouteOffer]:
    """What waits for the viewer's answer, the most urgent first."""
    waiting = own_route_offers(viewer).filter(status=RouteOfferStatus.OFFERED, answer_by_at__gt=now)
    return list(waiting.order_by("answer_by_at", "id"))


def followed(route: Route) -> RouteUnderWay:
    """A route of `whole_routes` with its next visit."""
    stops = tuple(route.stops.all())
    coming = next((stop for stop in stops if stop.status in OPEN_STOPS), None)
    return RouteUnderWay(
        route=route,
        next=StopToDo(coming, todos(coming)) if coming else None,
        stops=stops,
        carried=tuple(_carried(stops)),
    )


def todos(stop: Stop) -> tuple[Todo, ...]:
    """What is still to be handed over at a stop: one entry for each claim and direction."""
    groups: dict[tuple[UUID, bool], list[StopTask]] = {}
    for task in stop.tasks.all():
        if _is_open(task):
            groups.setdefault((task.shipment.claim_id, task.is_pickup), []).append(task)
    return tuple(_todo(tasks) for tasks in groups.values())


def expected_g(line: ClaimLine, *, is_pickup: bool) -> int:
    """At a pickup what is reserved; at a delivery what is on board, or will be once fetched."""
    return line.reserved_g if is_pickup else line.on_board_g or line.reserved_g


def _is_open(task: StopTask) -> bool:
    fetched = task.shipment.status == ShipmentStatus.ON_BOARD
    return task.shipment.status == ShipmentStatus.PLANNED or (fetched and not task.is_pickup)


def _todo(tasks: Sequence[StopTask]) -> Todo:
    first = tasks[0]
    claim = first.shipment.claim
    other = claim.listing.organization if first.is_pickup else claim.organization
    return Todo(
        claim_id=claim.pk,
        is_pickup=first.is_pickup,
        counterpart=other.name,
        title=claim.listing.title,
        note=claim.listing.note if first.is_pickup else "",
        lines=tuple(
            line for task in tasks for line in _lines(task.shipment, is_pickup=task.is_pickup)
        ),
    )


def _lines(shipment: Shipment, *, is_pickup: bool) -> Iterator[ExpectedLine]:
    for line in shipment.lines.all():
        lot = line.lot
        yield ExpectedLine(
            claim_line_id=line.claim_line_id,
            lot_id=line.lot_id,
            category=lot.category,
            description=lot.description,
            unit_label=lot.unit_label,
            storage_class=lot.storage_class,
            expected_g=expected_g(line.claim_line, is_pickup=is_pickup),
            needs_temperature=lot.storage_class != StorageClass.AMBIENT,
        )


def _carried(stops: Sequence[Stop]) -> Iterator[Todo]:
    """Deliveries that were tried, or made in part, with something still on board."""
    tried = [stop for stop in stops if stop.status in (StopStatus.DONE, StopStatus.FAILED)]
    for stop in tried:
        for todo in todos(stop):
            if not todo.is_pickup and todo.expected_g:
                yield todo
