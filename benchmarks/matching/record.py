"""One measured run, as it is printed and written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from benchmarks.matching.figures import Figures, mean_of

OURS: Final = "ours"
NEAREST: Final = "nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A method on one problem: score in kilograms, the bound that ours proved, what it cost.

    `breaches` counts what the checker found. `bound` and `captured` are filled in when all methods
    of the problem are done. Peak memory is of the whole process, problem and interpreter included.
    """

    problem: str
    method: str
    seed: int
    figures: Figures
    score: float
    cpu_s: float
    memory_mb: float
    breaches: int
    bound: float | None = None
    captured: float | None = None
    broken: float | None = None

    @property
    def gap(self) -> float | None:
        return None if not self.bound else 1 - self.score / self.bound

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"gap": self.gap}


def against_bound(runs: Sequence[Run]) -> list[Run]:
    """All runs on one problem, with the bound of ours and what each captured above the nearest."""
    bound = next((run.bound for run in runs if run.method == OURS), None)
    floor = next((run.score for run in runs if run.method == NEAREST), None)
    return [replace(run, bound=bound, captured=_captured(run, bound, floor)) for run in runs]


def _captured(run: Run, bound: float | None, floor: float | None) -> float | None:
    if bound is None or floor is None or bound <= floor:
        return None
    return (run.score - floor) / (bound - floor)


def means(runs: Sequence[Run]) -> list[Run]:
    """One row per method: the mean over problems of one size, the most memory, all breaches."""
    rows = []
    for method in dict.fromkeys(run.method for run in runs):
        own = [run for run in runs if run.method == method]
        rows.append(
            replace(
                own[0],
                problem="mean",
                figures=mean_of([run.figures for run in own]),
                score=_mean([run.score for run in own]) or 0.0,
                bound=_mean([run.bound for run in own]),
                captured=_mean([run.captured for run in own]),
                broken=_mean([run.broken for run in own]),
                cpu_s=_mean([run.cpu_s for run in own]) or 0.0,
                memory_mb=max(run.memory_mb for run in own),
                breaches=sum(run.breaches for run in own),
            )
        )
    return rows


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
