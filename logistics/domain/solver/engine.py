"""What an improving engine takes and gives, so that one can replace another."""

from dataclasses import dataclass
from typing import Protocol

from logistics.domain.limits import Limits, OnProgress, Pace, Stop
from logistics.domain.solver.construct import Draft


@dataclass(frozen=True, slots=True)
class Improved:
    """Routes by car, not yet trusted: the caller checks each and keeps the better plan.

    `iterations` is the work done in the unit of `Limits`; `truncated` says the wall clock ended it.
    """

    routes: list[tuple[int, ...]]
    iterations: int
    truncated: bool = False
    bound: int | None = None


class Engine(Protocol):
    """Improves a feasible draft; deterministic for the same draft, limits and seed."""

    name: str

    @property
    def builds(self) -> bool:
        """Whether it also inserts what the draft has left out, and quickly."""

    def improve(
        self,
        draft: Draft,
        *,
        limits: Limits,
        seed: int,
        on_progress: OnProgress | None,
        stop: Stop | None,
        pace: Pace | None,
    ) -> Improved | None:
        """A plan at least as good as the draft, or None when the engine found nothing."""
