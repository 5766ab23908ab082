"""The plan: timed routes, what stayed out and why, and what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from logistics.domain.problem import Task, TaskKind


class Reason(StrEnum):
    """Why a shipment is on no route, most telling first; shown to people through these codes."""

    NO_VEHICLE_WITH_SKILL = "no_vehicle_with_skill"
    TOO_LARGE_FOR_EVERY_VEHICLE = "too_large_for_every_vehicle"
    UNREACHABLE = "unreachable"
    WINDOWS_IMPOSSIBLE = "windows_impossible"
    SHIFT_TOO_SHORT = "shift_too_short"
    NO_ROOM_LEFT = "no_room_left"
    NOT_WORTH_THE_WAY = "not_worth_the_way"


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One task with its times: `arrival_s` at the visit, service from `start_s` to `departure_s`.

    Between arrival and start lie set-up (first task of a visit only) and waiting. `load` is what
    the vehicle carries when it leaves.
    """

    shipment_id: str
    kind: TaskKind
    point: int
    arrival_s: int
    start_s: int
    departure_s: int
    load: tuple[int, ...]

    @property
    def task(self) -> Task:
        return Task(self.shipment_id, self.kind)


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost in the problem's unit; `unserved` sums the prizes of optional shipments left out.

    `missed` counts mandatory shipments left out; one of them outweighs every other cost, so plans
    compare by `key`.
    """

    distance: int = 0
    time: int = 0
    fixed: int = 0
    unserved: int = 0
    missed: int = 0

    @property
    def total(self) -> int:
        return self.distance + self.time + self.fixed + self.unserved

    @property
    def key(self) -> tuple[int, int]:
        return self.missed, self.total

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            distance=self.distance + other.distance,
            time=self.time + other.time,
            fixed=self.fixed + other.fixed,
            unserved=self.unserved + other.unserved,
            missed=self.missed + other.missed,
        )


def left_out(prizes: Iterable[int | None]) -> Cost:
    """What leaving out shipments of these prizes costs; None stands for a mandatory one."""
    asked = list(prizes)
    given_up = [prize for prize in asked if prize is not None]
    return Cost(unserved=sum(given_up), missed=len(asked) - len(given_up))


@dataclass(frozen=True, slots=True)
class Route:
    """What one vehicle does: never empty; `tasks` in order, times absolute in the problem's epoch.

    `start_s` is the departure, `end_s` the arrival at the end point (end of the last service when
    there is none). `rest_s` is when the break starts, None for a vehicle without one.
    """

    vehicle_id: str
    tasks: tuple[PlannedTask, ...]
    start_s: int
    end_s: int
    rest_s: int | None
    distance_m: int
    driving_s: int
    waiting_s: int
    cost: Cost

    @property
    def duration_s(self) -> int:
        return self.end_s - self.start_s

    @property
    def sequence(self) -> tuple[Task, ...]:
        return tuple(planned.task for planned in self.tasks)


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole plan. `truncated`: the wall clock cut it short, so a seed does not repeat it.

    `bound` is a proved lower bound of `cost.total` when the engine has one. `figures` are counts
    of the engine's work (iterations, improvements), never seconds.
    """

    routes: tuple[Route, ...]
    unassigned: Mapping[str, Reason]
    cost: Cost
    engine: str
    seed: int
    truncated: bool = False
    bound: int | None = None
    figures: Mapping[str, int] = field(default_factory=dict)

    def route(self, vehicle_id: str) -> Route | None:
        """The route of this vehicle; None when it stays where it is."""
        return next((route for route in self.routes if route.vehicle_id == vehicle_id), None)
