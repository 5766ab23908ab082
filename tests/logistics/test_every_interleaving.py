"""Whatever is done, and in whatever order records arrive, every ledger always balances."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Model, QuerySet
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.claims.actions.cancel_claim import cancel_claim
from backend.claims.models import Claim, Transport
from backend.claims.tasks import lapse_due as lapse_claims
from backend.common.actor import system
from backend.common.refusals import Refusal
from backend.couriers.models import Shift
from backend.custody.domain.replay import Kind, Remainder
from backend.custody.models import AttemptReason
from backend.events.relay import drain
from backend.impact.selectors.invariants import check_all
from backend.listings.actions.withdraw_listing import withdraw_listing
from backend.listings.models import Listing, Lot
from backend.listings.tasks import close_due
from logistics.actions.abandon_route import abandon_route
from logistics.actions.accept_route_offer import accept_route_offer
from logistics.actions.arrive_at_stop import arrive_at_stop
from logistics.actions.decline_route_offer import decline_route_offer
from logistics.actions.fail_stop import fail_stop
from logistics.actions.hand_over_at_stop import hand_over_at_stop
from logistics.actions.start_route import start_route
from logistics.domain.lifecycle import OPEN_STOPS
from logistics.models import AbandonReason, Route, RouteOffer, Shipment, Stop, StopTask
from logistics.tasks import expire_due, lapse_due
from tests.builders.claims import make_claim
from tests.builders.couriers import make_shift
from tests.builders.custody import hand_over, lines_of
from tests.builders.listings import make_lot
from tests.builders.logistics import driver_of, make_route_offer
from tests.builders.needs import make_taker
from tests.conftest import MORNING

STEP = system("tests.step")
NUMBERS = st.integers(0, 30)
MOST_LOTS = 4
OPEN_ROUTES = ("offered", "accepted", "under_way")
MASSES_G = st.sampled_from([500, 2_000, 5_000, 10_000])
#: Shares of what a line promised, as a device may report them.
SHARES = st.sampled_from([0.0, 0.5, 1.0, 1.2])
REMAINDERS = st.sampled_from(Remainder)
AGO = st.sampled_from([0, 10, 45, 120]).map(lambda minutes: timedelta(minutes=minutes))
LATER = st.sampled_from([5, 20, 90, 240]).map(lambda minutes: timedelta(minutes=minutes))


class Marketplace(RuleBasedStateMachine):
    """Two charities, two couriers and as many listings, claims and routes as come about.

    Refusals are normal; anything else that is raised, and any invariant that breaks, is a bug.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self._undo = transaction.atomic()
        self._undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)

    @initialize()
    def open_for_business(self) -> None:
        self.programmes = [make_taker(room_g=12_000), make_taker()]
        until_at = MORNING + timedelta(days=2)
        self.shifts = [make_shift(from_at=MORNING, until_at=until_at) for _ in range(2)]
        self.post()
        self.post()
        for number in (0, 1):
            self.reserve(number, 5_000, number, Transport.COURIER)
        self.set_out(whose=0, most=1)

    @precondition(lambda self: Lot.objects.count() < MOST_LOTS)
    @rule()
    def post(self) -> None:
        make_lot(now=self.now)

    @rule(
        number=NUMBERS,
        mass_g=MASSES_G,
        whose=st.integers(0, 1),
        transport=st.sampled_from([Transport.COURIER, Transport.COURIER, Transport.SELF_COLLECT]),
    )
    def reserve(self, number: int, mass_g: int, whose: int, transport: str) -> None:
        lot = one_of(Lot.objects.all(), number)
        with suppress(Refusal):
            programme = self.programmes[whose]
            make_claim(lot, mass_g, now=self.now, programme=programme, transport=transport)

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        with suppress(Refusal):
            claim = one_of(Claim.objects.all(), number)
            cancel_claim(claim_id=claim.pk, reason="mistake", by=STEP, now=self.now)

    @rule(number=st.integers(0, 3))
    def withdraw(self, number: int) -> None:
        if number == 0:
            with suppress(Refusal):
                listing = one_of(Listing.objects.all(), number)
                withdraw_listing(listing_id=listing.pk, reason="sold", by=STEP, now=self.now)

    @rule(later=LATER)
    def time_passes(self, later: timedelta) -> None:
        self.now += later
        lapse_due(now=self.now)
        expire_due(now=self.now)
        lapse_claims(now=self.now)
        close_due(now=self.now)

    @rule()
    def hear(self) -> None:
        drain(now=self.now)
        assert list(stuck()) == []

    @rule(whose=st.integers(0, 1), most=st.integers(1, 3))
    def set_out(self, whose: int, most: int) -> None:
        """What waits is planned, accepted and started, as far as that goes."""
        drain(now=self.now)
        self.plan(whose, most)
        self.answer(0, yes=True)
        for number in range(Route.objects.filter(status="accepted").count()):
            self.start(number, give_up=False)

    @rule(whose=st.integers(0, 1), most=st.integers(1, 3))
    def plan(self, whose: int, most: int) -> None:
        shipments = list(Shipment.objects.filter(status="waiting")[:most])
        if not shipments:
            return
        shift = Shift.objects.get(pk=self.shifts[whose].pk)
        with suppress(Refusal), transaction.atomic():
            make_route_offer(shift, shipments, now=self.now)

    @rule(number=NUMBERS, yes=st.booleans())
    def answer(self, number: int, yes: bool) -> None:
        with suppress(Refusal):
            offer = one_of(RouteOffer.objects.filter(status="offered"), number)
            by = driver_of(offer.route)
            if yes:
                accept_route_offer(offer_id=offer.pk, by=by, now=self.now)
            else:
                decline_route_offer(offer_id=offer.pk, reason="", by=by, now=self.now)

    @rule(number=NUMBERS, give_up=st.sampled_from([False, False, False, True]))
    def start(self, number: int, give_up: bool) -> None:
        with suppress(Refusal):
            route = one_of(Route.objects.filter(status__in=OPEN_ROUTES), number)
            by = driver_of(route)
            if give_up:
                reason = AbandonReason.OTHER
                abandon_route(route_id=route.pk, reason=reason, by=by, now=self.now)
            else:
                start_route(route_id=route.pk, by=by, now=self.now)

    @rule(number=NUMBERS, fails=st.booleans())
    def come(self, number: int, fails: bool) -> None:
        with suppress(Refusal):
            stop = one_of(Stop.objects.filter(route__status="under_way"), number)
            by = driver_of(stop.route)
            if fails:
                fail_stop(
                    stop_id=stop.pk,
                    client_id=uuid4(),
                    reason=AttemptReason.CLOSED,
                    at=self.now,
                    by=by,
                    now=self.now,
                )
            else:
                arrive_at_stop(stop_id=stop.pk, by=by, now=self.now)

    @rule(
        number=NUMBERS,
        accepted=SHARES,
        refused=SHARES,
        remainder=REMAINDERS,
        ago=AGO,
        back=st.sampled_from([None, None, None, Kind.RETURNED, Kind.DISPOSED]),
        times=st.integers(1, 2),
    )
    def hand_over_somewhere(self, number: int, back: Kind | None, times: int, **said: Any) -> None:
        """At any stop, as if it had happened a while ago, perhaps sent twice."""
        with suppress(Refusal):
            stop = one_of(Stop.objects.filter(tasks__isnull=False).distinct(), number)
            task = stop.tasks.first()
            kind = back or (Kind.COLLECTED if task.is_pickup else Kind.DELIVERED)
            self.send(stop, task.shipment.claim, kind, times=times, **said)

    @rule(accepted=st.sampled_from([0.5, 1.0, 1.2]), remainder=REMAINDERS)
    def drive_on(self, accepted: float, remainder: Remainder) -> None:
        """The next stop of a route under way, and then as it should be to the end."""
        for share in (accepted, 1.0, 1.0):
            stops = Stop.objects.filter(route__status="under_way", status__in=OPEN_STOPS)
            stop = stops.order_by("route_id", "sequence").first()
            task = stop.tasks.first() if stop else None
            if stop is not None and task is not None:
                kind = Kind.COLLECTED if task.is_pickup else Kind.DELIVERED
                said = {"accepted": share, "refused": 1 - share, "remainder": remainder}
                self.send(stop, task.shipment.claim, kind, ago=timedelta(), **said)

    @rule(accepted=SHARES, remainder=REMAINDERS, ago=AGO)
    def fetch_next(self, accepted: float, remainder: Remainder, ago: timedelta) -> None:
        """Only the next pickup, of a part, recorded late."""
        tasks = StopTask.objects.filter(is_pickup=True, stop__status__in=OPEN_STOPS)
        task = tasks.filter(stop__route__status="under_way").first()
        if task is not None:
            said = {"accepted": accepted, "refused": 0.5, "remainder": remainder}
            self.send(task.stop, task.shipment.claim, Kind.COLLECTED, ago=ago, **said)

    def send(
        self,
        stop: Stop,
        claim: Claim,
        kind: Kind,
        *,
        accepted: float,
        refused: float,
        remainder: Remainder,
        ago: timedelta,
        times: int = 1,
    ) -> None:
        promised_g = claim.lines.get().mass_g
        sent = {
            "stop_id": stop.pk,
            "client_id": uuid4(),
            "claim_id": claim.pk,
            "kind": kind,
            "lines": lines_of(
                claim,
                round(promised_g * accepted),
                refused_g=max(round(promised_g * refused / 2), 0),
                remainder=remainder,
            ),
            "at": self.now - ago,
        }
        for _ in range(times):
            with suppress(Refusal):
                hand_over_at_stop(**sent, by=driver_of(stop.route), now=self.now)

    @rule(number=NUMBERS, accepted=SHARES, ago=AGO)
    def fetch(self, number: int, accepted: float, ago: timedelta) -> None:
        """A charity comes itself, whatever was agreed."""
        with suppress(Refusal):
            claim = one_of(Claim.objects.all(), number)
            accepted_g = round(claim.lines.get().mass_g * accepted)
            hand_over(claim, at=self.now - ago, now=self.now, accepted_g=accepted_g)

    @invariant()
    def everything_balances(self) -> None:
        assert [verdict for verdict in check_all() if not verdict.holds] == []


def stuck() -> Iterator[str]:
    """What nobody would ever see to again, once everybody has heard of everything."""
    for route in Route.objects.filter(status="under_way"):
        loaded = route.commitments.filter(shipment__status="on_board").exists()
        if not loaded and not route.stops.filter(status__in=OPEN_STOPS).exists():
            yield f"route {route.pk} has nothing left to do and goes on"
    for shipment in Shipment.objects.filter(status="planned"):
        visits = StopTask.objects.filter(shipment=shipment, is_pickup=True)
        if not visits.filter(stop__route__commitments__shipment=shipment).filter(
            stop__status__in=OPEN_STOPS
        ):
            yield f"shipment {shipment.pk} is planned and will not be fetched"
    for shipment in Shipment.objects.filter(status="waiting"):
        if not shipment.lines.filter(claim_line__reserved_g__gt=0).exists():
            yield f"shipment {shipment.pk} waits with nothing to fetch"


def one_of(rows: QuerySet[Any], number: int) -> Any:
    """Any of the rows, the same for the same number."""
    found: list[Model] = list(rows.order_by("pk"))
    if not found:
        raise Refusal()
    return found[number % len(found)]


@pytest.mark.django_db
def test_any_interleaving_leaves_every_ledger_balanced(now: datetime) -> None:
    assert now == MORNING
    small = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
    )
    run_state_machine_as_test(Marketplace, settings=small)
