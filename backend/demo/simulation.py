"""Steps through a simulated day in one process: clock, deeds, relay, handlers and queued tasks."""

import random
import time
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from backend.common import clock, ids, sweeping
from backend.demo.day import BEGINS_H, local_instant, plan_day, planned_surplus
from backend.demo.places import world_from_file
from backend.demo.queue import run_queued
from backend.demo.report import Report, report
from backend.demo.world import Size, World, make_world
from backend.events.relay import drain
from backend.listings.domain.lifecycle import ListingStatus
from backend.listings.models import Listing
from backend.regions.domain.pack import RegionPack
from backend.regions.packs import pack
from matching.domain.case import Case
from matching.domain.weights import Weights
from matching.selectors.round_inputs import round_inputs

#: Even for a handful of listings the world has so large a part of the usual number of people.
SMALLEST_WORLD = 0.6
#: (what is being done, how far it is between 0 and 1)
Progress = Callable[[str, float], None]


def size_for(listings: int) -> Size:
    """A world that so many listings a day keep busy, up to the usual size."""
    usual = Size()
    share = min(1.0, max(SMALLEST_WORLD, listings / usual.donors))
    return Size(
        donors=round(usual.donors * share),
        charities=round(usual.charities * share),
        couriers=round(usual.couriers * share),
    )


def simulate(
    *,
    region_code: str,
    listings: int,
    seed: int,
    day: datetime,
    places: Path | None = None,
    progress: Progress = lambda _, __: None,
) -> Report:
    """One day on a database that holds nothing else; the same seed gives the same report.

    Raises whatever a handler, a task or a row of a sweep raises: in a simulation nothing is retried
    later.
    """
    began_s = time.monotonic()
    region, rng = pack(region_code), random.Random(seed)  # noqa: S311 - a simulation
    begins_at = local_instant(day, BEGINS_H, region)
    with (
        ids.use(ids.SeededIds(seed)),
        clock.use(clock.SteppedClock(begins_at)) as stepped,
        sweeping.strictly(),
    ):
        world = _world(
            region, rng, listings=listings, places=places, now=begins_at, progress=progress
        )
        settle(begins_at)
        postings = planned_surplus(world, region, rng, listings=listings, day=begins_at)
        plan = plan_day(world, region, rng, postings=postings, now=begins_at)
        feasible = Feasible()
        while (at := plan.agenda.next_at()) is not None and at < plan.ends_at:
            instant, deed = plan.agenda.pop()
            stepped.move_to(max(instant, stepped.now()))
            deed(stepped.now())
            feasible.note_new(stepped.now())
            settle(stepped.now())
            progress("day", (at - begins_at) / (plan.ends_at - begins_at))
        return report(
            region=region_code,
            seed=seed,
            feasible_g=feasible.total_g,
            counts=plan.counts,
            seconds=time.monotonic() - began_s,
        )


def settle(now: datetime) -> None:
    """Publishes and handles every event and runs every queued task, until nothing is left."""
    while True:
        drain(now=now)
        if not run_queued():
            return


def _world(
    region: RegionPack,
    rng: random.Random,
    *,
    listings: int,
    places: Path | None,
    now: datetime,
    progress: Progress,
) -> World:
    size = size_for(listings)
    expected = size.donors + size.charities + size.couriers
    made = 0

    def told(_: str) -> None:
        nonlocal made
        made += 1
        progress("world", min(1.0, made / expected))

    if places is not None:
        return world_from_file(places, region, rng, size=size, now=now, told=told)
    return make_world(region, rng, size=size, now=now, told=told)


class Feasible:
    """Adds up the mass that had, when it was posted, a recipient by every rule and a way there."""

    def __init__(self) -> None:
        self.total_g = 0
        self._seen: set[UUID] = set()

    def note_new(self, now: datetime) -> None:
        fresh = Listing.objects.filter(status=ListingStatus.OPEN).exclude(pk__in=self._seen)
        for listing_id, area in list(fresh.values_list("pk", "road_group")):
            self._seen.add(listing_id)
            self.total_g += _feasible_g(area, [listing_id], now)


def _feasible_g(area: str, listing_ids: Collection[UUID], now: datetime) -> int:
    inputs = round_inputs(area, now=now, weights=Weights(), listing_ids=listing_ids)
    if inputs.is_idle:
        return 0
    case = Case(inputs.problem)
    demands = range(len(case.demands))
    return sum(
        supply.lot.left_g
        for number, supply in enumerate(case.supplies)
        if any(case.feasibility.trip(number, demand) is not None for demand in demands)
    )
