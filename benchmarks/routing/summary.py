"""What many runs amount to: figures per set and size, and how we stand against each peer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.routing.record import Objective, Run, Status

OURS = "ours"
SAME = 1e-6
"""Relative difference below which two costs are the same: doubles summed in another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Runs of one method on one set and size. Figures against the best known count only runs that
    have both a plan and a best known; they are None where no run has.

    `gap` is the mean over all of these, `gap_at_fewest` over those with the best-known number of
    vehicles or fewer, which `at_fewest` is the share of. Runs without a plan are not at fewest.
    """

    family: str
    size: int
    method: str
    runs: int
    solved: int
    gap: float | None
    gap_at_fewest: float | None
    at_fewest: float | None
    vehicles: int
    best_known_vehicles: int
    distance: float
    time_to_best: float | None
    memory_mb: float | None


def groups(runs: Sequence[Run]) -> list[Group]:
    keys = dict.fromkeys((run.family, run.size, run.method) for run in runs)
    return [_group(key, [run for run in runs if _key(run) == key]) for key in sorted(keys)]


def _key(run: Run) -> tuple[str, int, str]:
    return run.family, run.size, run.method


def _group(key: tuple[str, int, str], runs: Sequence[Run]) -> Group:
    family, size, method = key
    solved = [run for run in runs if run.status is Status.OK]
    known = [run for run in runs if run.best_known_vehicles is not None]
    fewest = [run for run in known if _at_fewest(run)]
    both = [run for run in known if run.status is Status.OK]
    return Group(
        family=family,
        size=size,
        method=method,
        runs=len(runs),
        solved=len(solved),
        gap=_mean(run.gap for run in both),
        gap_at_fewest=_mean(run.gap for run in fewest),
        at_fewest=len(fewest) / len(known) if known else None,
        vehicles=sum(run.vehicles or 0 for run in both),
        best_known_vehicles=sum(run.best_known_vehicles or 0 for run in both),
        distance=sum(run.cost or 0 for run in solved),
        time_to_best=_mean(run.time_to_best for run in solved),
        memory_mb=max((run.memory_mb for run in solved if run.memory_mb), default=None),
    )


def _at_fewest(run: Run) -> bool:
    if run.status is not Status.OK or run.vehicles is None or run.best_known_vehicles is None:
        return False
    return run.vehicles <= run.best_known_vehicles


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Ours against a peer, run by run (same instance, seed, seconds and cores).

    `ratio` is our summed cost over theirs where both have as many vehicles (vehicles first) or
    both have a plan (distance alone); `worse` names the instances that we lose.
    """

    family: str
    size: int
    peer: str
    runs: int
    better: int
    same: int
    worse: tuple[str, ...]
    compared: int
    ratio: float | None


def duels(runs: Sequence[Run]) -> list[Duel]:
    ours = {_match(run): run for run in runs if run.method == OURS}
    peers = [run for run in runs if run.method != OURS and _match(run) in ours]
    keys = dict.fromkeys(map(_key, peers))
    return [
        _duel(key, [(ours[_match(run)], run) for run in peers if _key(run) == key])
        for key in sorted(keys)
    ]


def _match(run: Run) -> tuple[str, str, int, float, int]:
    return run.instance.lower(), run.objective, run.seed, run.seconds, run.cores


def _duel(key: tuple[str, int, str], pairs: Sequence[tuple[Run, Run]]) -> Duel:
    family, size, peer = key
    signs = [_sign(ours, theirs) for ours, theirs in pairs]
    level = [(a.cost or 0, b.cost or 0) for a, b in pairs if _level(a, b)]
    theirs = sum(cost for _, cost in level)
    return Duel(
        family=family,
        size=size,
        peer=peer,
        runs=len(pairs),
        better=signs.count(-1),
        same=signs.count(0),
        worse=tuple(a.instance for (a, _), sign in zip(pairs, signs, strict=True) if sign > 0),
        compared=len(level),
        ratio=sum(cost for cost, _ in level) / theirs if theirs else None,
    )


def _sign(ours: Run, theirs: Run) -> int:
    """-1 where our plan is better, 0 where both are worth the same or neither has one."""
    (our_vehicles, our_cost), (their_vehicles, their_cost) = ours.value, theirs.value
    if our_vehicles != their_vehicles:
        return -1 if our_vehicles < their_vehicles else 1
    if our_cost == their_cost or abs(our_cost - their_cost) <= SAME * their_cost:
        return 0
    return -1 if our_cost < their_cost else 1


def _level(ours: Run, theirs: Run) -> bool:
    if any(run.status is not Status.OK or run.late for run in (ours, theirs)):
        return False
    return ours.objective is Objective.DISTANCE or ours.vehicles == theirs.vehicles
