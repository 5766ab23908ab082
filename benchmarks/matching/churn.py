"""How much of a plan changes when a few lots have gone and a few have come since it was made."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.command import BadInput
from benchmarks.matching.measure import BATCH, Source
from benchmarks.matching.world import lots_of
from matching.domain.checker_score import score_of
from matching.domain.problem import Incumbent, Problem, Supply
from matching.domain.solution import Assignment
from matching.domain.solver import solve

#: Of so many lots one has gone, and another one has come.
ONE_IN: Final = 20
HEAD: Final = (
    f"{'problem':<16} {'lots':>6} {'changed %':>9} {'lost %':>7} {'changed % without':>18}"
)


@dataclass(frozen=True, slots=True)
class Churn:
    """Of the lots that stayed, the share whose programmes are others now; the share of the
    objective that keeping to suggestions costs, counted without what keeping pays. `without` is
    the share that changes in a round that knows no suggestions.
    """

    problem: str
    lots: int
    changed: float
    lost: float
    without: float


def churns(sources: Sequence[Source]) -> Iterator[Churn]:
    """One for each problem; a plan for it is what was suggested."""
    for source in sources:
        if source.file:
            raise BadInput("--churn makes its own problems; it takes no --problem")
        yield churn_of(source)


def churn_of(source: Source) -> Churn:
    before, _ = source.read()
    suggested = solve(before, limits=BATCH, seed=source.seed).assignments
    anew = _churned(before, source)
    stayed = {supply.id for supply in before.supplies} & {supply.id for supply in anew.supplies}
    pairs = sorted({(each.lot_id, each.programme_id) for each in suggested})
    known = tuple(Incumbent(*pair) for pair in pairs if pair[0] in stayed)
    stable = solve(replace(anew, incumbents=known), limits=BATCH, seed=source.seed).assignments
    free = solve(anew, limits=BATCH, seed=source.seed).assignments
    return Churn(
        problem=source.name,
        lots=len(stayed),
        changed=changed(suggested, stable, stayed),
        lost=1 - score_of(anew, stable) / score_of(anew, free),
        without=changed(suggested, free, stayed),
    )


def _churned(problem: Problem, source: Source) -> Problem:
    gone = max(1, len(problem.supplies) // ONE_IN)
    new = lots_of(gone, seed=1_000 + source.seed)
    return replace(problem, supplies=(*problem.supplies[gone:], *map(Supply, new)))


def changed(before: Sequence[Assignment], after: Sequence[Assignment], stayed: set[str]) -> float:
    was, now = _takers(before), _takers(after)
    return sum(was[lot] != now[lot] for lot in stayed) / max(1, len(stayed))


def _takers(plan: Sequence[Assignment]) -> defaultdict[str, set[str]]:
    takers = defaultdict[str, set[str]](set)
    for share in plan:
        takers[share.lot_id].add(share.programme_id)
    return takers


def line_of(churn: Churn) -> str:
    return (
        f"{churn.problem:<16} {churn.lots:>6} {100 * churn.changed:>9.1f}"
        f" {100 * churn.lost:>7.3f} {100 * churn.without:>18.1f}"
    )
