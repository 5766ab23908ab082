"""The engine: two lanes of ruin and recreate, apart on large problems, in turn on small ones."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from logistics.domain.limits import Limits, OnProgress, Pace, Stop
from logistics.domain.solver.construct import Draft
from logistics.domain.solver.engine import Improved
from logistics.domain.solver.kernel import building, warming
from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.covering import recombined
from logistics.domain.solver.kernel.lanes import FEW_ROUTES, Budget, Lane
from logistics.domain.solver.kernel.pool import Pool
from logistics.domain.solver.kernel.tables import Facts, Marks, Small

LANES: Final = 2
"""Always two, whatever the machine has, so that a seed gives the same plan everywhere."""

FEWEST_STEPS: Final = 2_000
STEPS_PER_REQUEST: Final = 250
MOST_STEPS: Final = 60_000

LARGE: Final = 150
"""Requests from which the lanes take a half of the routes each instead of all, unless these are few
and long: then a request that has no place in one half often has one in the other."""

SETTLED: Final = 0.08
COVERED: Final = 0.2
SHRUNK: Final = 0.3
"""Shares of the budget by which the first plan has settled, routes met are enough to cover all with
a vehicle less, and the fleet has shrunk."""

LOOSENINGS: Final = ((0.45, 0.55), (0.65, 0.72))
"""Shares of the budget by which a plan with a vehicle more is good, and that vehicle is given up
again; twice, as much depends on chance, and as the first time may leave even fewer vehicles, whose
routes nobody has shortened yet."""

ROUNDS: Final = 40
"""How often the lanes meet while they anneal."""

RECOMBINING: Final = frozenset({8, 12, 16, 20, 24, 28, 32, 35, 38})
"""Of these rounds, those after which a lane goes on from the best plan of routes that were met."""

FEW: Final = 25
"""Requests up to which walking alone finds the best plan."""

MOST_RECOMBINING: Final = 0.1
"""Share of the time since annealing began that recombining may have taken if it is to go on."""

SETTLING: Final = 1.0
INSISTING: Final = 2.0
GIVING_UP: Final = 8.0
"""Temperatures in short hops: while the first plan settles, while the fleet shrinks, and while a
good plan gives up a vehicle."""

HOT: Final = 0.5
COOL: Final = 0.05
COLD: Final = 0.02
"""Temperatures between which the lanes anneal, in what serving a request costs on average; with a
vehicle more only until it is cool."""

WARM: Final = 0.2
"""The first of them where a good plan is to be bettered and not to be found anew."""

PATIENCE: Final = 2
"""Rounds without a full plan after which a lane goes back to the best one."""


def default_steps(requests: int) -> int:
    """Steps in each lane that a problem of this size deserves."""
    return min(max(FEWEST_STEPS, STEPS_PER_REQUEST * requests), MOST_STEPS)


class RuinAndRecreate:
    """Improves, or first builds, a plan; a seed repeats it when steps are what is limited."""

    name = "ruin_and_recreate"

    @property
    def builds(self) -> bool:
        """When machine code is at hand; starts making it in the background if not."""
        return warming.is_ready()

    def improve(
        self,
        draft: Draft,
        *,
        limits: Limits,
        seed: int,
        on_progress: OnProgress | None,
        stop: Stop | None,
        pace: Pace | None = None,
    ) -> Improved | None:
        """See `Engine`; None without machine code, and where figures are too large for it."""
        held = building.fixed(draft)
        if not held.free or not building.fits(draft.compiled) or not warming.is_ready():
            return None
        facts = building.facts(draft.compiled, draft.able, held)
        steps = limits.iterations or default_steps(len(held.free))
        team = Team(draft, facts, held, seed % (1 << 60), Budget(steps, pace, stop))
        team.on_progress = on_progress
        team.run()
        routes = [tuple(map(int, row[1 : row[0] + 1])) for row in team.best]
        done = max(lane.done for lane in team.lanes)
        return Improved(routes, done, truncated=pace is not None or done < steps)


class Team:
    """The lanes, the best plan that they found together, and the order of their work."""

    def __init__(
        self, draft: Draft, facts: Facts, held: building.Fixed, seed: int, budget: Budget
    ) -> None:
        self.facts, self.budget = facts, budget
        self.on_progress: OnProgress | None = None
        self.begun, self.ends, self.fair = 0.0, 1.0, 1.0
        self.warm = draft.warm
        self.hot, self.cold = WARM if draft.warm else HOT, COLD
        self.fleet: int | None = None
        self.lent, self.in_halves = False, False
        self.recombines = facts.requests > FEW
        self.recombining = 0.0
        self.best = _rows(draft, 2 * facts.requests + 4)
        self.hop = _short_hop(facts)
        plans = [building.plan(draft.compiled, facts, held, LANES * seed + n) for n in range(LANES)]
        self.lanes = [Lane(facts, plan, self.best) for plan in plans]
        self.least = self.lanes[0].least
        self.given_up = draft.price_of(draft.out - held.free)
        self.random = np.random.default_rng(seed)

    def run(self) -> None:
        """Fill, settle, shrink the fleet where vehicles come first, anneal."""
        self._all(Lane.fill)
        self._share()
        self._all(lambda lane: lane.anneal(self.budget, SETTLED, lambda spent: SETTLING * self.hop))
        self._share()
        if self._vehicles_come_first() or self.least >= col.MISSED:
            self._all(self._shrink)
            self._share()
        if self._vehicles_come_first():
            self._loosen_and_tighten()
        self._anneal(1.0, COLD)

    def _shrink(self, lane: Lane) -> None:
        """Shut routes; the last lane then tries with a vehicle less and the routes it has met."""
        if lane is self.lanes[-1] and self.recombines:
            lane.shrink(self.budget, COVERED, INSISTING * self.hop)
            if lane.least < col.MISSED and lane.in_use > 1 and self._vehicles_come_first():
                self._cover(lane, [lane.pool], lane.routes, lane.in_use - 1)
        lane.shrink(self.budget, SHRUNK, INSISTING * self.hop)

    def _cover(self, lane: Lane, pools: list[Pool], best: Small, fleet: int | None) -> None:
        """Lay the best plan of routes that were met, complete or not; else the best one known."""
        lane.lay(best)
        lane.pool.collect(lane.plan)
        rows = recombined(self.facts, pools, best, fleet)
        if rows is None:
            return
        if fleet is not None:
            lane.keep_to(fleet)
        lane.lay(rows)
        lane.fill()
        if lane.plan.totals[col.DRIVEN] >= col.MISSED:
            lane.lay(best)

    def _keep_to_fleet(self) -> int:
        """From here on no more vehicles than now; how many these are."""
        self.fleet = max(lane.in_use for lane in self.lanes)
        for lane in self.lanes:
            lane.keep_to(self.fleet)
        return self.fleet

    def _loosen_and_tighten(self) -> None:
        """Where another vehicle can be lent, and the plan is not one that runs already."""
        fleet = self._keep_to_fleet()
        if fleet == self.facts.vehicles or self.warm:
            return
        for good, given_up in LOOSENINGS:
            fleet = self._loosen(fleet, good, given_up)

    def _loosen(self, fleet: int, good: float, given_up: float) -> int:
        """Anneal with a vehicle more, then give it up again: it shows the way out of tight plans.

        What comes of it counts where it is better than the plan found before. How many vehicles
        there are then.
        """
        tight = self.best, self.least
        self.fleet, self.lent = fleet + 1, True
        for lane in self.lanes:
            lane.lend(fleet + 1)
        self.least = self.lanes[0].least
        self._anneal(good, COOL)
        for lane in self.lanes:
            lane.give_back()
            lane.lay(self.best)
        if self.recombines:
            last = self.lanes[-1]
            self._cover(last, [each.pool for each in self.lanes], self.best, fleet)
        heat = GIVING_UP * self.hop
        self._all(lambda lane: lane.shrink(self.budget, given_up, heat, fleet - 1))
        (self.best, self.least), self.lent = tight, False
        self._share()
        if self.least < tight[1]:
            self.hot = WARM
        return self._keep_to_fleet()

    def _anneal(self, until: float, cold: float) -> None:
        """Rounds up to that share of the budget, at falling temperature."""
        self.begun = max(self.budget.spent(lane.done) for lane in self.lanes)
        self.ends, self.cold = until, cold
        most = max(lane.in_use for lane in self.lanes)
        self.in_halves = self.facts.requests >= LARGE and most > FEW_ROUTES
        self.fair = max(lane.cost_per_request for lane in self.lanes)
        for number in range(1, ROUNDS + 1):
            self._round(number, self.begun + (until - self.begun) * number / ROUNDS)

    def _round(self, number: int, until: float) -> None:
        if self.in_halves:
            self._anneal_halves(until)
        else:
            self._all(lambda lane: lane.anneal(self.budget, until, self._heat))
            if 2 * number > ROUNDS:
                self._share()
            else:
                self._note(self._ahead())
        if number in RECOMBINING and self.recombines and not self.lent:
            self._recombine()
        self._come_back()

    def _recombine(self) -> None:
        """A lane goes on from the best plan of routes that both have met, complete or not."""
        lane = self.lanes[0 if self.in_halves else -1]
        begun = self.budget.spent(lane.done)
        if self.recombining > MOST_RECOMBINING * (begun - self.begun):
            return
        self._cover(lane, [each.pool for each in self.lanes], self.best, self.fleet)
        self._note(lane)
        self.recombining += self.budget.spent(lane.done) - begun

    def _heat(self, spent: float) -> float:
        gone = (spent - self.begun) / max(self.ends - self.begun, 1e-9)
        return self.fair * self.hot * (self.cold / self.hot) ** min(max(gone, 0.0), 1.0)

    def _come_back(self) -> None:
        """Lanes that have met no full plan for some rounds go on from the best, if that is one."""
        lost = [lane for lane in self.lanes if lane.strayed >= PATIENCE]
        if self.least >= col.MISSED:
            return
        for lane in self.lanes if self.in_halves and lost else lost:
            lane.lay(self.best)
            lane.strayed = 0

    def _share(self) -> None:
        """Lanes that are behind go on from the best plan of all."""
        self._note(self._ahead())
        for lane in self.lanes:
            if lane.least > self.least:
                lane.lay(self.best)

    def _ahead(self) -> Lane:
        return min(self.lanes, key=lambda lane: lane.least)

    def _note(self, lane: Lane) -> None:
        """Its best plan is the best of all, if it is."""
        if lane.least < self.least:
            self.best, self.least = lane.routes.copy(), lane.least
            self._tell(lane)

    def _anneal_halves(self, until: float) -> None:
        """Each lane with the routes of its side; together they have all."""
        now = self.lanes[0].now()
        sides = self._sides(now)
        for at, (lane, mine) in enumerate(zip(self.lanes, sides, strict=True)):
            lane.lay(now, mine, banks=at == 0)
        self._share_out_fleet()
        self._all(lambda lane: lane.anneal(self.budget, until, self._heat))
        least = sum(lane.least for lane in self.lanes)
        best, now = np.zeros_like(now), np.zeros_like(now)
        for lane, mine in zip(self.lanes, sides, strict=True):
            best[mine == 1] = lane.routes[mine == 1]
            now[mine == 1] = lane.now()[mine == 1]
        if least < self.least:
            self.best, self.least = best, least
            self._tell(self.lanes[0])
        self.lanes[0].lay(now)

    def _share_out_fleet(self) -> None:
        """Each side keeps the vehicles it has; the first may also use those that were given up."""
        if self.fleet is None:
            return
        first, second = self.lanes
        second.keep_to(second.in_use)
        first.keep_to(self.fleet - second.in_use)

    def _sides(self, routes: Small) -> list[Marks]:
        """Two halves of the routes by how far they lie from a task drawn at random."""
        used = np.flatnonzero(routes[:, 0])
        if not used.size:
            return [np.full(len(routes), side, dtype=np.uint8) for side in (1, 0)]
        point = self.lanes[0].plan.node[:, col.POINT]
        pivot = point[routes[self.random.choice(used), 1]]
        away = [
            np.mean(self.facts.grid[0, pivot, point[routes[v, 1 : routes[v, 0] + 1]]]) for v in used
        ]
        ordered = used[np.argsort(away, kind="stable")]
        tasks = np.cumsum(routes[ordered, 0])
        near = np.zeros(len(routes), dtype=np.uint8)
        near[ordered[2 * tasks <= tasks[-1]]] = 1
        near[np.flatnonzero(routes[:, 0] == 0)[::2]] = 1
        return [near, (1 - near).astype(np.uint8)]

    def _vehicles_come_first(self) -> bool:
        """Whether one vehicle costs more than all driving."""
        fixed = self.facts.car[:, col.FIXED]
        plan = self.lanes[0].plan
        driven = plan.totals[col.DRIVEN] - int((fixed * plan.route[: len(fixed), col.USED]).sum())
        return bool(fixed.min(initial=col.NEVER) > max(driven, 0))

    def _all(self, work: Callable[[Lane], None]) -> None:
        """Let every lane do it at once; compiled code runs beside the interpreter."""
        with ThreadPoolExecutor(LANES) as pool:
            for done in [pool.submit(work, lane) for lane in self.lanes]:
                done.result()

    def _tell(self, lane: Lane) -> None:
        if self.on_progress is None or self.lent:
            return
        missed, cost = divmod(self.least, col.MISSED)
        served = sum(int((row[1 : row[0] + 1] % 2).sum()) for row in self.best)
        self.on_progress(
            {
                "cost": cost + self.given_up[1],
                "missed": missed + self.given_up[0],
                "unassigned": self.facts.requests - served,
                "iterations": lane.done,
            }
        )


def _rows(draft: Draft, longest: int) -> Small:
    """The routes of a draft as the kernel saves them: the length, then the nodes."""
    rows = np.zeros((len(draft.tracks), longest), dtype=np.int32)
    for row, track in zip(rows, draft.tracks, strict=True):
        row[0] = len(track.nodes)
        row[1 : len(track.nodes) + 1] = track.nodes
    return rows


def _short_hop(facts: Facts) -> float:
    """What it costs to go to one of the nearest other places: the measure of temperature."""
    car = facts.car[0]
    points = facts.grid.shape[1]
    cost = facts.grid[car[col.METRE]].astype(np.float64) * max(int(car[col.PER_M]), 0)
    cost += facts.grid[car[col.TIME]].astype(np.float64) * int(car[col.PER_S])
    cost[np.arange(points), np.arange(points)] = np.inf
    nearest = np.sort(cost, axis=1)[:, :3]
    known = nearest[np.isfinite(nearest) & (nearest < col.FAR)]
    return max(float(known.mean()) if known.size else 1.0, 1.0)
