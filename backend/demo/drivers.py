"""How the simulated drivers behave: they answer offers, set out, and hand over stop by stop."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from backend.common.actor import Actor
from backend.common.ids import new_id
from backend.common.refusals import Refusal
from backend.custody.domain.replay import Kind, Remainder
from backend.custody.domain.submission import SubmittedLine
from backend.custody.models import AttemptReason
from backend.demo.agenda import Agenda
from backend.demo.world import World
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.fail_stop import fail_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.actions.start_route import start_route
from logistics.domain.lifecycle import OPEN_STOPS, RouteStatus, ShipmentStatus
from logistics.models import Route, RouteOffer, RouteOfferStatus, Shipment, Stop
from logistics.selectors.hand_over_times import SETUP_S

ACCEPTS, DECLINES = 0.94, 0.03
FAILS, REFUSES, WEIGHS_LESS = 0.01, 0.02, 0.05
WEIGHS_LESS_BY, REFUSED_SHARE = 0.92, 0.2
ANSWERS_WITHIN = timedelta(minutes=3)
#: Who answers at all does so within this part of the time that is left.
IN_TIME = 0.8
#: How much longer a leg or a visit takes than planned, at most, as a share.
SLOWER_BY = 0.15
TEMPERATURES_DC = {"chilled": 50, "frozen": -185, "hot": 640}

Tell = Callable[[str], None]
Free = Callable[[Actor], bool]
Deed = Callable[[datetime], None]


class Drivers:
    """Puts on the agenda what drivers do; each offer and each route is found once."""

    def __init__(
        self, world: World, rng: random.Random, agenda: Agenda, *, tell: Tell, free: Free
    ) -> None:
        self._rng, self._agenda, self._tell, self._free = rng, agenda, tell, free
        self._by: dict[UUID, Actor] = {driver.courier_id: driver.by for driver in world.drivers}
        self._seen: set[UUID] = set()

    def look(self, now: datetime) -> None:
        offers = RouteOffer.objects.filter(status=RouteOfferStatus.OFFERED).order_by("pk")
        for offer in offers:
            if self._drives_itself(offer.courier_id) and self._is_new(offer.pk):
                within = min(ANSWERS_WITHIN, (offer.answer_by_at - now) * IN_TIME)
                at = now + within * self._rng.random()
                self._agenda.at(at, self._answer(offer.pk, self._by[offer.courier_id]))
        accepted = Route.objects.filter(status=RouteStatus.ACCEPTED).order_by("starts_at", "pk")
        for route in accepted:
            if self._drives_itself(route.courier_id) and self._is_new(route.pk):
                self._agenda.at(max(now, route.starts_at), self._set_out(route.pk))

    def _drives_itself(self, courier_id: UUID) -> bool:
        by = self._by.get(courier_id)
        return by is not None and self._free(by)

    def _answer(self, offer_id: UUID, by: Actor) -> Deed:
        mood = self._rng.random()

        def answer(now: datetime) -> None:
            if mood < ACCEPTS:
                accept_route_offer(offer_id=offer_id, by=by, now=now)
            elif mood < ACCEPTS + DECLINES:
                decline_route_offer(offer_id=offer_id, reason="", by=by, now=now)

        return self._trying("route_answered", answer)

    def _set_out(self, route_id: UUID) -> Deed:
        def set_out(now: datetime) -> None:
            route = Route.objects.get(pk=route_id)
            if route.status != RouteStatus.ACCEPTED:
                return
            busy = Route.objects.filter(courier=route.courier_id, status=RouteStatus.UNDER_WAY)
            if busy.exists():
                self._agenda.at(now + timedelta(minutes=5), self._set_out(route_id))
                return
            start_route(route_id=route_id, by=self._by[route.courier_id], now=now)
            self._go_on(route, now, left_at=max(now, route.starts_at))

        return self._trying("set_out", set_out)

    def _go_on(self, route: Route, now: datetime, *, left_at: datetime) -> None:
        """Plans the arrival at the next open stop; the route is over when there is none."""
        stop = route.stops.filter(status__in=OPEN_STOPS).order_by("sequence").first()
        if stop is None:
            return
        before = route.stops.filter(sequence__lt=stop.sequence).order_by("-sequence").first()
        planned = stop.arrive_at - (before.leave_at if before else route.starts_at)
        driving = max(planned, timedelta(0)) * (1 + SLOWER_BY * self._rng.random())
        self._agenda.at(max(now, left_at + driving), self._visit(stop.pk))

    def _visit(self, stop_id: UUID) -> Deed:
        def visit(now: datetime) -> None:
            stop = Stop.objects.select_related("route", "location").get(pk=stop_id)
            if stop.route.status != RouteStatus.UNDER_WAY:
                return
            if stop.status not in OPEN_STOPS:
                self._go_on(stop.route, now, left_at=now)
                return
            by = self._by[stop.route.courier_id]
            arrive_at_stop(stop_id=stop_id, by=by, now=now)
            self._agenda.at(self._opens(stop, now) + self._takes(stop), self._serve(stop_id, by))

        return self._trying("arrived", visit)

    def _opens(self, stop: Stop, now: datetime) -> datetime:
        """After parking, when the food is ready and the door open that the plan waits for."""
        setup = timedelta(seconds=SETUP_S)
        pickups = stop.tasks.filter(is_pickup=True)
        ready = pickups.aggregate(at=Max("shipment__pickup_from_at"))["at"]
        waits = stop.service_from_at > stop.arrive_at + setup
        return max(now + setup, ready or now, stop.service_from_at if waits else now)

    def _takes(self, stop: Stop) -> timedelta:
        """By what the place says, not by the plan: plans learn from what happens here."""
        usual = timedelta(seconds=stop.location.handling_s * stop.tasks.count())
        return usual * (1 + SLOWER_BY * self._rng.random())

    def _serve(self, stop_id: UUID, by: Actor) -> Deed:
        def serve(now: datetime) -> None:
            stop = Stop.objects.select_related("route").get(pk=stop_id)
            tasks = list(stop.tasks.select_related("shipment"))
            fails = self._rng.random() < FAILS
            if fails and all(task.is_pickup for task in tasks):
                fail_stop(
                    stop_id=stop_id,
                    client_id=new_id(),
                    reason=AttemptReason.CLOSED,
                    at=now,
                    by=by,
                    now=now,
                )
            else:
                for task in tasks:
                    self._hand_over(stop, task.shipment, is_pickup=task.is_pickup, by=by, now=now)
            self._give_back(stop, by, now)
            self._go_on(Route.objects.get(pk=stop.route_id), now, left_at=now)

        return self._trying("served", serve)

    def _hand_over(
        self, stop: Stop, shipment: Shipment, *, is_pickup: bool, by: Actor, now: datetime
    ) -> None:
        ready = ShipmentStatus.PLANNED if is_pickup else ShipmentStatus.ON_BOARD
        shipment.refresh_from_db()
        if shipment.status != ready:
            return
        claim = shipment.claim
        lines = tuple(self._lines(shipment, is_pickup=is_pickup))
        if lines:
            hand_over_at_stop(
                stop_id=stop.pk,
                client_id=new_id(),
                claim_id=claim.pk,
                kind=Kind.COLLECTED if is_pickup else Kind.DELIVERED,
                lines=lines,
                at=now,
                code=claim.pickup_code if is_pickup else claim.delivery_code,
                by=by,
                now=now,
            )

    def _lines(self, shipment: Shipment, *, is_pickup: bool) -> list[SubmittedLine]:
        """At the donor's now and then less than promised; at the charity's a part refused."""
        lines = []
        for part in shipment.lines.select_related("claim_line").order_by("pk"):
            here_g = part.claim_line.reserved_g if is_pickup else part.claim_line.on_board_g
            if not here_g:
                continue
            less = is_pickup and self._rng.random() < WEIGHS_LESS
            refused = not is_pickup and self._rng.random() < REFUSES
            refused_g = round(here_g * REFUSED_SHARE) if refused else 0
            accepted_g = round(here_g * WEIGHS_LESS_BY) if less else here_g - refused_g
            lines.append(
                SubmittedLine(
                    claim_line_id=part.claim_line_id,
                    accepted_g=accepted_g,
                    refused_g=refused_g,
                    reason="damaged" if refused else "",
                    remainder=Remainder.NEVER_THERE if less else Remainder.NONE,
                    temperature_dc=TEMPERATURES_DC.get(shipment.storage_class),
                )
            )
        return lines

    def _give_back(self, stop: Stop, by: Actor, now: datetime) -> None:
        """What was refused here is disposed of, so that the route can end."""
        held = Shipment.objects.filter(
            commitment__route=stop.route_id,
            status=ShipmentStatus.ON_BOARD,
            stop_tasks__stop=stop,
            stop_tasks__is_pickup=False,
        )
        for shipment in held.order_by("pk"):
            lines = tuple(
                SubmittedLine(
                    claim_line_id=part.claim_line_id, accepted_g=part.claim_line.on_board_g
                )
                for part in shipment.lines.select_related("claim_line")
                if part.claim_line.on_board_g
            )
            if lines:
                hand_over_at_stop(
                    stop_id=stop.pk,
                    client_id=new_id(),
                    claim_id=shipment.claim_id,
                    kind=Kind.DISPOSED,
                    lines=lines,
                    at=now,
                    by=by,
                    now=now,
                )

    def _trying(self, word: str, deed: Deed) -> Deed:
        def tried(now: datetime) -> None:
            try:
                deed(now)
            except Refusal as refusal:
                self._tell(f"refused.{refusal.code}")
            else:
                self._tell(word)

        return tried

    def _is_new(self, key: UUID) -> bool:
        new = key not in self._seen
        self._seen.add(key)
        return new
