"""Seven days of rounds: food comes, is promised, and is brought or not for want of a driver."""

import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Final

from backend.claims.domain.facts import COURIER, LotFacts
from backend.organizations.domain.hours import Interval
from benchmarks.command import BadInput
from benchmarks.matching.drivers import Drivers
from benchmarks.matching.figures import Figures, shared_out
from benchmarks.matching.measure import METHODS, Source, run_method
from benchmarks.matching.reach import counties_within_reach
from benchmarks.matching.record import OURS, Run
from benchmarks.matching.world import HOUR, MIDNIGHT, World, lots_of, world_of
from matching.domain.problem import Demand, Problem, Supply
from matching.domain.solution import Assignment, Limits
from matching.domain.solver import solve

DAYS: Final = 7
#: Rounds begin with these hours; food comes between six and nine in the evening.
ROUNDS: Final = range(7, 22)
FIRST_H, LAST_H = 6, 21
#: Our rounds look at food that keeps longer than this only twice a day.
KEEPS: Final = timedelta(hours=48)
PATIENT_ROUNDS: Final = (9, 14)
URGENT: Final = timedelta(hours=24)

#: A round of a week has few lots; fewer shakes than usual do for them.
WEEK_SHAKES: Final = 2_000

OURS_BLIND: Final = "ours, blind"
"""Ours without a look at what drivers are already promised."""

Answer = Callable[[Problem, int], Sequence[Assignment]]


def measured_weeks(sources: Sequence[Source], methods: Sequence[str]) -> Iterator[list[Run]]:
    """All methods over the same week, each in a process of its own."""
    wanted = [*methods, OURS_BLIND] if OURS in methods else list(methods)
    for source in sources:
        if source.file:
            raise BadInput("--week makes its own problems; it takes no --problem")
        yield [_alone(source, method) for method in wanted]


def _alone(source: Source, method: str) -> Run:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(run_week, source, method).result()


@dataclass(slots=True)
class Week:
    """What has become of the food so far."""

    world: World
    open_lots: dict[str, LotFacts] = field(default_factory=dict)
    room_g: Counter[tuple[str, str]] = field(default_factory=Counter)
    given_g: Counter[str] = field(default_factory=Counter)
    promised_g: int = 0
    broken_g: int = 0
    driven_m: int = 0
    touched: set[str] = field(default_factory=set)


def run_week(source: Source, method: str) -> Run:
    """Plays the week with one method; the clock runs only while it decides."""
    run_method(Source("warm", 0, 40, 22), OURS if method == OURS_BLIND else method)
    lots = _lots(source)
    world = _without_past(world_of(source.programmes, lots, seed=source.seed, days=DAYS))
    week, drivers = Week(world), Drivers(world.couriers)
    coming = sorted(lots, key=lambda lot: (lot.pickup_from_at, lot.lot_id))
    cpu_s = 0.0
    for day in range(DAYS):
        week.room_g.clear()
        for hour in ROUNDS:
            now = MIDNIGHT + (24 * day + hour) * HOUR
            while coming and coming[0].pickup_from_at <= now:
                lot = coming.pop(0)
                week.open_lots[lot.lot_id] = lot
            problem = _problem(week, drivers, now, method)
            if not problem.supplies:
                continue
            began = time.process_time()
            plan = _answer(method)(problem, source.seed)
            cpu_s += time.process_time() - began
            _keep(week, drivers, problem, plan)
    return _run(source, method, week, lots, cpu_s)


def _lots(source: Source) -> list[LotFacts]:
    each = max(1, source.lots // DAYS)
    lots: list[LotFacts] = []
    for day in range(DAYS):
        begin = MIDNIGHT + 24 * day * HOUR
        today = lots_of(
            each,
            seed=1_000 * source.seed + day,
            from_at=begin + FIRST_H * HOUR,
            until_at=begin + LAST_H * HOUR,
        )
        lots += today
    return lots


def _without_past(world: World) -> World:
    """Nobody has had anything yet, so that the week alone tells how evenly a method shares."""
    return replace(world, demands=tuple(replace(each, received_g=0) for each in world.demands))


def _answer(method: str) -> Answer:
    if method in METHODS:
        return METHODS[method]
    limits = Limits(drivers=method == OURS, shakes=WEEK_SHAKES, program=False)
    return lambda problem, seed: solve(problem, limits=limits, seed=seed).assignments


def _problem(week: Week, drivers: Drivers, now: datetime, method: str) -> Problem:
    """What is open now, and the rest of this day's hours, room and shifts."""
    for lot in list(week.open_lots.values()):
        if min(lot.pickup_until_at, lot.safe_until_at) <= now:
            del week.open_lots[lot.lot_id]
    ours = method in (OURS, OURS_BLIND)
    hour = int((now - MIDNIGHT) / HOUR) % 24
    wait = ours and hour not in PATIENT_ROUNDS
    supplies = tuple(
        Supply(lot)
        for lot in week.open_lots.values()
        if not (wait and min(lot.pickup_until_at, lot.safe_until_at) - now > KEEPS)
    )
    shifts = drivers.shifts(now) if method == OURS_BLIND or not ours else drivers.free(now)
    return Problem(
        now=now,
        supplies=supplies,
        demands=tuple(_today(week, demand, now) for demand in week.world.demands),
        couriers=shifts,
    )


def _today(week: Week, demand: Demand, now: datetime) -> Demand:
    facts = demand.recipient
    midnight = MIDNIGHT + timedelta(days=(now - MIDNIGHT) // timedelta(days=1) + 1)
    hours = tuple(
        Interval(max(since, now), min(until, midnight))
        for since, until in facts.open_hours
        if until > now and since < midnight
    )
    room = {
        storage: max(0, limit_g - week.room_g[facts.location_id, storage])
        for storage, limit_g in facts.capacity_g.items()
    }
    return replace(
        demand,
        recipient=replace(facts, open_hours=hours, capacity_g=room),
        received_g=demand.received_g + week.given_g[demand.id],
    )


def _keep(week: Week, drivers: Drivers, problem: Problem, plan: Sequence[Assignment]) -> None:
    """Every share is accepted at once; those that need a driver are kept if one can come."""
    lots = {supply.id: supply.lot for supply in problem.supplies}
    facts = {demand.id: demand.recipient for demand in problem.demands}
    trips: defaultdict[tuple[str, str, str], list[Assignment]] = defaultdict(list)
    for share in plan:
        trips[lots[share.lot_id].listing_id, share.programme_id, share.transport].append(share)
    ordered = sorted(trips.values(), key=lambda parts: (parts[0].departs_at, parts[0].lot_id))
    for parts in ordered:
        first = parts[0]
        recipient = facts[first.programme_id]
        mass_g = sum(part.mass_g for part in parts)
        week.promised_g += mass_g
        kept = first.transport != COURIER or drivers.take(
            [(lots[part.lot_id], part) for part in parts], recipient, problem.travel, problem.now
        )
        week.driven_m += first.distance_m if kept else 0
        for part in parts:
            _share(week, part, recipient.location_id, kept=bool(kept))


def _share(week: Week, part: Assignment, location_id: str, *, kept: bool) -> None:
    """What is promised is gone from the board, and from the room, whether it is kept or not."""
    lot = week.open_lots[part.lot_id]
    week.room_g[location_id, lot.storage_class] += part.mass_g
    if kept:
        week.given_g[part.programme_id] += part.mass_g
        week.touched.add(part.lot_id)
    else:
        week.broken_g += part.mass_g
    left_g = lot.left_g - part.mass_g
    if left_g == 0:
        del week.open_lots[part.lot_id]
        return
    volume_ml = lot.volume_ml * left_g // lot.left_g
    week.open_lots[part.lot_id] = replace(lot, left_g=left_g, volume_ml=volume_ml)


def _run(source: Source, method: str, week: Week, lots: Sequence[LotFacts], cpu_s: float) -> Run:
    given_g = sum(week.given_g.values())
    offered_g = sum(lot.left_g for lot in lots)
    urgent = [lot for lot in lots if lot.safe_until_at - lot.pickup_from_at < URGENT]
    world = week.world
    problem = Problem(
        now=MIDNIGHT,
        supplies=tuple(map(Supply, lots)),
        demands=world.demands,
        couriers=world.couriers,
    )
    figures = Figures(
        rescued=given_g / offered_g,
        urgent_lots=sum(lot.lot_id in week.touched for lot in urgent) / max(1, len(urgent)),
        km_per_100_kg=week.driven_m / max(1, given_g) * 100,
        **shared_out(problem, week.given_g, world.rural, counties_within_reach(problem)),
    )
    return Run(
        problem=f"week {source.name}",
        method=method,
        seed=source.seed,
        figures=figures,
        score=given_g / 1_000,
        cpu_s=cpu_s,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        breaches=0,
        broken=week.broken_g / max(1, week.promised_g),
    )
