"""The parts of a large plan, among workers: each is in the cache until somebody has answered it.

Nothing in the cache is the only record of anything. Who works the plan out has the parts as well,
takes part in the work, and takes over what a worker leaves lying. A part has one answer, whoever
works it out, so it does no harm if two do.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.core.cache import cache

from backend.common.solver_process import Order, SolverCancelled, SolverError
from logistics.adapters.running_plan import RunningPlan, Wishes
from logistics.domain.invalid import InvalidProblem
from logistics.domain.limits import Progress
from logistics.domain.solution import Cost, Solution
from logistics.domain.splitting.parts import Part
from logistics.domain.splitting.wire import part_from_json, part_to_json
from logistics.domain.wire import solution_from_json, solution_to_json

log = structlog.get_logger(__name__)

#: A part whose worker has said nothing for so long is taken over.
LEASE_S = 15
SAY_EVERY_S = 1.0
LOOK_EVERY_S = 0.25
#: Longer than any plan is worked out.
KEPT_S = 600
#: After this a split plan comes to an end with what it has.
PLAN_WALL_S = 150.0
SUMMED = ("cost", "missed", "unassigned", "iterations")

T = TypeVar("T")
SolvePart = Callable[..., Solution]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cache holds a part, who works on it and how far it is, and its answer."""

    plan_id: UUID
    stage: int
    number: int

    def _key(self, what: str) -> str:
        return f"logistics:plan-part:{self.plan_id}:{self.stage}:{self.number}:{what}"

    @property
    def keys(self) -> tuple[str, str, str]:
        part, worker, answer = map(self._key, ("part", "worker", "answer"))
        return part, worker, answer

    def offer(self, part: Part) -> None:
        cache.set(self._key("part"), part_to_json(part), KEPT_S)

    def part(self) -> Part | None:
        """None when the stage is over."""
        told = cache.get(self._key("part"))
        return None if told is None else part_from_json(told)

    def claim(self) -> bool:
        """Whether the part is mine to work out: nobody else is at it."""
        return bool(cache.add(self._key("worker"), {}, LEASE_S))

    def go_on(self, progress: Progress) -> bool:
        """Say that it is still being worked on; False when the answer is no longer wanted."""
        cache.set(self._key("worker"), dict(progress), LEASE_S)
        return cache.has_key(self._key("part"))

    def let_go(self) -> None:
        cache.delete(self._key("worker"))

    def answer(self, plan: Solution) -> None:
        cache.set(self._key("answer"), solution_to_json(plan), KEPT_S)


def help_with(place: Place, solve: SolvePart) -> bool:
    """Works out one part for whoever works out the plan; False when there is nothing to do.

    `solve` takes a problem as `RoutingProcess.solve` does. A part that fails is left to others.
    """
    part = place.part()
    if part is None or not place.claim():
        return False
    helper = _Helper(place)
    try:
        answer = solve(
            part.problem,
            limits=part.limits,
            seed=part.seed,
            start=part.start,
            on_progress=helper.hear,
            watch=helper.order,
        )
    except SolverCancelled:
        return False
    except SolverError:
        place.let_go()
        raise
    place.answer(answer)
    return True


class _Helper:
    """Goes with one part in the thread that waits for it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._wishes = Wishes(place.plan_id)
        self._latest: Progress = {}
        self._said_s = time.monotonic()

    def hear(self, progress: Progress) -> None:
        self._latest = progress

    def order(self) -> Order:
        now_s = time.monotonic()
        if now_s - self._said_s >= SAY_EVERY_S:
            self._said_s = now_s
            if not self._place.go_on(self._latest):
                return Order.CANCEL
        return self._wishes.order()


class PlanParts:
    """Solves the parts of one plan after another, and with `ask` lets others help.

    `solve` works out a part here and must watch `order`; `ask` calls a worker to a part.
    """

    def __init__(
        self,
        plan_id: UUID,
        running: RunningPlan,
        *,
        ask: Callable[[Place], None] | None,
        wall_s: float = PLAN_WALL_S,
    ) -> None:
        self._plan_id, self._running, self._ask = plan_id, running, ask
        self._wall_s = wall_s
        self._over_s: float | None = None
        self._looked_s = 0.0
        self._stage = 0
        self._done = 0
        self._places: list[Place] = []
        self._heard: list[Progress] = []
        self._answers: dict[int, Solution | None] = {}
        self._mine: int | None = None
        self._error: SolverError | None = None

    def order(self) -> Order:
        """What shall become of the search now; meanwhile looks after the parts of others."""
        self._look_after_parts()
        order = self._running.order()
        is_late = self._over_s is not None and time.monotonic() >= self._over_s
        return Order.FINISH if is_late and order is Order.GO_ON else order

    def is_over(self) -> bool:
        """Whether the plan shall come to an end with what it has."""
        return self.order() is not Order.GO_ON

    def solve(self, parts: Sequence[Part], solve: SolvePart) -> list[Solution | None]:
        """An answer for each part; None where there is none.

        Raises SolverCancelled, and what the solver said when none of the first parts has an answer.
        """
        self._begin(parts)
        while len(self._answers) < len(parts):
            number = self._next()
            if number is None:
                self._wait()
            else:
                self._keep(number, self._solved(parts[number], number, solve))
                self._mine = None
        self._done += sum(each.get("iterations", 0) for each in self._heard)
        self._share(lambda: cache.delete_many([key for one in self._places for key in one.keys]))
        if self._stage == 1 and self._error is not None and not any(self._answers.values()):
            raise self._error
        return [self._answers[number] for number in range(len(parts))]

    def _begin(self, parts: Sequence[Part]) -> None:
        self._stage += 1
        if self._over_s is None:
            self._over_s = time.monotonic() + self._wall_s
        self._places = [Place(self._plan_id, self._stage, at) for at in range(len(parts))]
        self._answers = {}
        self._heard = [_progress(part.cost, part.unassigned, 0) for part in parts]
        self._tell()
        if len(parts) > 1:
            self._share(lambda: self._call(parts))

    def _call(self, parts: Sequence[Part]) -> None:
        for place, part in zip(self._places, parts, strict=True):
            place.offer(part)
        for place in self._places[:-1]:
            if self._ask is not None:
                self._ask(place)

    def _next(self) -> int | None:
        """A part that nobody is at, from the end, while workers begin at the front."""
        self._look_after_parts(at_once=True)
        for number in reversed(range(len(self._places))):
            claim = self._places[number].claim
            if number not in self._answers and self._share(claim, otherwise=True):
                self._mine = number
                return number
        return None

    def _wait(self) -> None:
        time.sleep(LOOK_EVERY_S / 5)
        if self.order() is Order.CANCEL:
            raise SolverCancelled("the plan was called off")

    def _solved(self, part: Part, number: int, solve: SolvePart) -> Solution | None:
        try:
            return solve(
                part.problem,
                limits=part.limits,
                seed=part.seed,
                start=part.start,
                on_progress=lambda progress: self._hear(number, progress),
            )
        except SolverCancelled:
            raise
        except SolverError as error:
            self._error = error
            log.warning("part_not_solved", plan_id=str(self._plan_id), error=type(error).__name__)
            return None

    def _hear(self, number: int, progress: Progress) -> None:
        self._heard[number] = progress
        self._tell()

    def _tell(self) -> None:
        """The sum over all parts."""
        told = {name: sum(each.get(name, 0) for each in self._heard) for name in SUMMED}
        self._running.hear({**told, "iterations": self._done + told["iterations"]})

    def _look_after_parts(self, *, at_once: bool = False) -> None:
        now_s = time.monotonic()
        if at_once or now_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now_s
            self._share(self._look)

    def _look(self) -> None:
        """Keep what I work on, and see how far others are and what they have answered."""
        if self._mine is not None:
            self._places[self._mine].go_on(self._heard[self._mine])
        others = [n for n in range(len(self._places)) if n not in {*self._answers, self._mine}]
        told = cache.get_many([key for n in others for key in self._places[n].keys[1:]])
        for number in others:
            _, worker, answer = self._places[number].keys
            if told.get(worker):
                self._heard[number] = told[worker]
            if answer in told:
                self._take(number, told[answer])
        if told:
            self._tell()

    def _take(self, number: int, answer: Mapping[str, Any]) -> None:
        """What cannot be read is worked out here."""
        try:
            self._keep(number, solution_from_json(answer))
        except InvalidProblem as invalid:
            log.warning("part_not_read", plan_id=str(self._plan_id), issues=str(invalid))
            cache.delete_many(self._places[number].keys[1:])

    def _keep(self, number: int, answer: Solution | None) -> None:
        self._answers[number] = answer
        if answer is not None:
            steps = sum(n for name, n in answer.figures.items() if name.endswith("_iterations"))
            self._heard[number] = _progress(answer.cost, len(answer.unassigned), steps)
            self._tell()

    def _share(self, act: Callable[[], T], otherwise: T | None = None) -> T | None:
        """Something that concerns others; where they cannot be reached, the rest is done alone."""
        if self._ask is None:
            return otherwise
        try:
            return act()
        except Exception:
            log.warning("parts_not_shared", plan_id=str(self._plan_id), exc_info=True)
            self._ask = None
            return otherwise


def _progress(cost: Cost, unassigned: int, iterations: int) -> Progress:
    told = {"cost": cost.total, "missed": cost.missed, "unassigned": unassigned}
    return told | {"iterations": iterations}
