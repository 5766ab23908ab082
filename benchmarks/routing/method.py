"""What is measured: a method takes a problem and gives back who does which tasks in which order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Final, Protocol, cast

from logistics.domain.problem import Problem, Task
from logistics.domain.solution import Route

Routes = Sequence[tuple[str, Sequence[Task]]]
"""Vehicle and its tasks in order."""

Tell = Callable[[], None]
"""Called at each better plan; whoever gave it notes the time."""


class Feature(StrEnum):
    """Parts of our problem that not every peer can model."""

    SEVERAL_WINDOWS = "several windows"
    MOST_STOPS = "most stops"
    ON_BOARD = "longest time on board"


@dataclass(frozen=True, slots=True)
class Budget:
    """`seconds` of wall clock from the moment the problem is handed over, on so many cores."""

    seconds: float
    seed: int
    cores: int = 1
    start: Sequence[Route] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`figures` are counts of the method's work."""

    routes: Routes
    figures: Mapping[str, int] = field(default_factory=dict)


class Method(Protocol):
    """A module with these names."""

    PARALLEL: bool
    """Uses all cores in one run; otherwise a run per core starts at once and the best counts."""

    MODELS: frozenset[Feature]

    def missing(self) -> str:
        """What has to be installed first; empty when all is there."""

    def prepare(self) -> None:
        """Import and warm up: what a running service has done before the clock starts."""

    def plan(self, problem: Problem, budget: Budget, tell: Tell) -> Plan | None:
        """The best plan within the budget; None without one."""


PLACES: Final = {
    "ours": "benchmarks.routing.ours",
    "ortools": "benchmarks.routing.peers.ortools",
    "vroom": "benchmarks.routing.peers.vroom",
    "pyvrp": "benchmarks.routing.peers.pyvrp",
}
PEERS: Final = ("ortools", "vroom", "pyvrp")


def method(name: str) -> Method:
    return cast("Method", import_module(PLACES[name]))
