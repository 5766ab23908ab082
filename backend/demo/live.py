"""Keeps the demonstration alive: the simulation's day, in fast motion, day after day."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import structlog
from django.db import connection

from backend.accounts.models import User
from backend.common import clock
from backend.common.actor import Actor, person
from backend.common.clock import DatabaseClock
from backend.common.models import DemoClock
from backend.couriers.models import Courier, Vehicle
from backend.demo.day import BEGINS_H, Day, local_instant, plan_day, planned_surplus
from backend.demo.world import Charity, Donor, Driver, Maker, Size, World, make_world
from backend.listings.models import Listing
from backend.organizations.models import Location, Membership, Programme
from backend.regions.domain.pack import RegionPack

#: Simulated seconds per real second: a day takes about three quarters of an hour.
RATE = Decimal(20)
LISTINGS_A_DAY = 120
NIGHT = timedelta(hours=8)
LONGEST_NAP_S = 0.5
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the demonstration is made of; the same seed gives the same people and surplus."""

    region: RegionPack
    seed: int = 1
    size: Size = field(default_factory=Size)


def set_clock(simulated: datetime) -> None:
    """Lets the demonstration's time run on from this instant."""
    DemoClock.objects.update_or_create(
        id=DemoClock.SINGLETON,
        defaults={
            "real_from": DatabaseClock().now(),
            "simulated_from": simulated,
            "rate": RATE,
        },
    )
    clock.forget()


def seed_if_empty(wanted: Settings, told: Callable[[str], None]) -> bool:
    """Makes the world on an empty database, with time set to this morning; whether it did."""
    if Location.objects.exists():
        return False
    rng = random.Random(wanted.seed)  # noqa: S311 - a demonstration keeps no secrets
    begins_at = local_instant(DatabaseClock().now(), BEGINS_H, wanted.region)
    set_clock(begins_at + timedelta(hours=2))
    make_world(wanted.region, rng, size=wanted.size, now=begins_at, told=told)
    return True


def known_world(region: RegionPack) -> World:
    """The demonstration's people as they are stored, in the order in which they were made."""
    del region
    members = {row.organization_id: person(row.user_id) for row in Membership.objects.current()}
    world = World()
    for place in Location.objects.filter(organization__is_donor=True).order_by("pk"):
        if place.organization_id in members:
            world.donors.append(Donor(place, members[place.organization_id]))
    programmes = Programme.objects.filter(closed_at__isnull=True).select_related("location")
    for programme in programmes.order_by("pk"):
        place, consents = programme.location, programme.consents.in_force().exists()
        if place.organization_id in members:
            by = members[place.organization_id]
            world.charities.append(Charity(programme, place, by, consents))
    for courier in Courier.objects.order_by("pk"):
        world.drivers.append(Driver(courier.pk, person(courier.user_id)))
    return world


def nobody_visits(by: Actor) -> bool:
    """Whether no visitor has signed in as this person, who then acts by themselves."""
    visited = User.objects.filter(last_login__isnull=False).values_list("pk", flat=True)
    return by.user_id not in set(visited)


class Demonstration:
    """Runs in a thread of its own beside the server; ends when told to."""

    def __init__(self, wanted: Settings) -> None:
        self._wanted = wanted
        self._rng = random.Random()  # noqa: S311 - each visit sees another day

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self._live_a_day(stop)
        finally:
            connection.close()

    def _live_a_day(self, stop: threading.Event) -> None:
        now = clock.now()
        day = self._plan(now)
        while not stop.is_set():
            at = day.agenda.next_at()
            if at is None or at >= day.ends_at:
                break
            if at > clock.now():
                wait_s = (at - clock.now()).total_seconds() / float(RATE)
                stop.wait(min(max(wait_s, 0.01), LONGEST_NAP_S))
                continue
            _, deed = day.agenda.pop()
            self._do(deed)
        if not stop.is_set():
            self._sleep_until_morning(day)

    def _plan(self, now: datetime) -> Day:
        region, world = self._wanted.region, known_world(self._wanted.region)
        ahead = [
            posting
            for posting in planned_surplus(
                world, region, self._rng, listings=LISTINGS_A_DAY, day=now
            )
            if posting.at > now or Listing.objects.count() < LISTINGS_A_DAY // 4
        ]
        self._plan_shifts(region, world, now)
        return plan_day(world, region, self._rng, postings=ahead, now=now, free=nobody_visits)

    def _plan_shifts(self, region: RegionPack, world: World, now: datetime) -> None:
        """Every driver drives again today, unless today's shifts are planned already."""
        maker = Maker(region, self._rng, now=now)
        vehicles: dict[UUID, UUID] = dict(
            Vehicle.objects.filter(retired_at__isnull=True).values_list("courier_id", "pk")
        )
        for driver in world.drivers:
            courier = Courier.objects.get(pk=driver.courier_id)
            if not courier.shifts.filter(until_at__gt=now).exists():
                maker.shifts(driver.courier_id, vehicles[driver.courier_id], driver.by)

    def _do(self, deed: Callable[[datetime], None]) -> None:
        """A deed that fails is logged; the demonstration goes on."""
        try:
            deed(clock.now())
        except Exception:
            log.exception("demo.deed_failed")

    def _sleep_until_morning(self, day: Day) -> None:
        set_clock(local_instant(day.ends_at + NIGHT, BEGINS_H, self._wanted.region))
        time.sleep(LONGEST_NAP_S)
