"""A driver's own courier, and routes and stops as the driver's pages show them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from backend.claims.models import Claim, ClaimLine
from backend.common.refusals import NotFound
from backend.couriers.models import Courier
from backend.couriers.selectors import visible_couriers
from backend.custody.domain.replay import Kind
from backend.custody.models import HandOver
from backend.web.acting import actor
from backend.web.components import MapPin
from backend.web.donations import lot_title
from backend.web.forms.stop_hand_over import Expected
from logistics.domain.lifecycle import ShipmentStatus
from logistics.models import Route, Stop, StopTask
from logistics.selectors.driving import expected_g


def own_courier(request: HttpRequest) -> Courier:
    """The courier that the visitor is; NotFound for one who is none."""
    courier = courier_or_none(request)
    if courier is None:
        raise NotFound()
    return courier


def courier_or_none(request: HttpRequest) -> Courier | None:
    couriers: QuerySet[Courier] = visible_couriers(actor(request))
    return couriers.filter(user_id=str(request.user.pk)).first()


def stop_of(route: Route, stop_id: UUID) -> Stop:
    """The route's stop with that id; NotFound for any other."""
    stop = next((each for each in route.stops.all() if each.pk == stop_id), None)
    if stop is None:
        raise NotFound()
    stop.route = route
    return stop


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to do at a stop for one claim: `lines` with the mass that should pass."""

    claim: Claim
    is_pickup: bool
    lines: tuple[Expected, ...]
    is_done: bool

    @property
    def kind(self) -> Kind:
        return Kind.COLLECTED if self.is_pickup else Kind.DELIVERED

    @property
    def mass_g(self) -> int:
        return sum(each.mass_g for each in self.lines)

    @property
    def other_side(self) -> str:
        """For whom it is fetched, or from whom it comes."""
        claim = self.claim
        return (claim.organization if self.is_pickup else claim.listing.organization).name


def errands_at(stop: Stop) -> list[Errand]:
    """The stop's errands, one for each claim and direction, done or not, in the plan's order."""
    handed = set(HandOver.objects.filter(visit_id=stop.pk).values_list("claim_id", flat=True))
    by_claim: dict[tuple[UUID, bool], list[StopTask]] = {}
    for task in stop.tasks.all():
        by_claim.setdefault((task.shipment.claim_id, task.is_pickup), []).append(task)
    return [
        Errand(tasks[0].shipment.claim, is_pickup, tuple(_lines(tasks)), claim_id in handed)
        for (claim_id, is_pickup), tasks in by_claim.items()
    ]


def _lines(tasks: Iterable[StopTask]) -> Iterator[Expected]:
    for task in tasks:
        for part in task.shipment.lines.all():
            mass_g = expected_g(part.claim_line, is_pickup=task.is_pickup)
            yield Expected(part.claim_line, lot_title(part.lot), part.lot.storage_class, mass_g)


@dataclass(frozen=True, slots=True)
class Carried:
    """One lot in the vehicle, and for whom."""

    line: ClaimLine
    title: str
    storage: str
    claim: Claim
    pickup: Stop | None


def on_board(route: Route) -> list[Carried]:
    """What is in the vehicle, with the stop where it was fetched."""
    stops = list(route.stops.all())
    fetched = {
        task.shipment_id: stop for stop in stops for task in stop.tasks.all() if task.is_pickup
    }
    return [
        Carried(
            part.claim_line,
            lot_title(part.lot),
            part.lot.storage_class,
            task.shipment.claim,
            fetched.get(task.shipment_id),
        )
        for stop in stops
        for task in stop.tasks.all()
        if not task.is_pickup and task.shipment.status == ShipmentStatus.ON_BOARD
        for part in task.shipment.lines.all()
        if part.claim_line.on_board_g
    ]


def planned_g(route: Route) -> int:
    """Grams that the route picks up in all."""
    return sum(task.shipment.mass_g for task in _pickups(route))


def boxes_of(route: Route) -> list[str]:
    """The storage classes that the route carries, without repetition."""
    return sorted({task.shipment.storage_class for task in _pickups(route)})


def stop_mass_g(stop: Stop) -> int:
    """Grams that pass at the stop by the plan."""
    return sum(task.shipment.mass_g for task in stop.tasks.all())


def is_pickup(stop: Stop) -> bool:
    """Whether something is fetched there; it may be dropped there as well."""
    return any(task.is_pickup for task in stop.tasks.all())


def pins(stops: Sequence[Stop]) -> list[MapPin]:
    """The stops on a map, with what passes there; the next one stands out."""
    return [_pin(stop, is_next=number == 0) for number, stop in enumerate(stops)]


def _pin(stop: Stop, *, is_next: bool) -> MapPin:
    tasks = list(stop.tasks.all())
    return MapPin(
        lon=stop.location.lon,
        lat=stop.location.lat,
        title=f"{stop.sequence}. {stop.location.name}",
        mass_g=stop_mass_g(stop),
        storage=tasks[0].shipment.storage_class if tasks else "ambient",
        detail=stop.location.address,
        urgency="urgent" if is_next else "calm",
    )


def _pickups(route: Route) -> list[StopTask]:
    return [task for stop in route.stops.all() for task in stop.tasks.all() if task.is_pickup]
