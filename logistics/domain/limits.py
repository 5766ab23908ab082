"""How much work a solve may do: counted, so that a seed fixes the result on any machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from logistics.domain.invalid import Findings

Progress = Mapping[str, int]
"""`cost`, `missed`, `unassigned` and `iterations` of the best plan so far."""

OnProgress = Callable[[Progress], None]

Stop = Callable[[], bool]
"""Asked between steps, by several threads; True ends the search with the best plan so far.

The edge owns the clock.
"""

Pace = Callable[[], float]
"""Asked between steps: which share of the time is spent, from 0; the search ends at 1.

For callers who limit time instead of work; the plan then depends on the speed of the machine.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """`iterations` counts ruins or accepted moves; None lets the size of the problem decide.

    `wall_s` is only a safety net: a plan cut short by it says `truncated`. Zero of either gives
    the plan of the constructor alone.
    """

    iterations: int | None = None
    wall_s: float = 30.0

    def __post_init__(self) -> None:
        found = Findings()
        found.optional_natural("iterations", self.iterations)
        found.seconds("wall_s", self.wall_s)
        found.raise_if_any()

    @property
    def constructs_only(self) -> bool:
        return self.iterations == 0 or self.wall_s == 0
