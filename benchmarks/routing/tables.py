"""Runs and summaries as lines of text."""

from collections.abc import Sequence

from benchmarks.routing.record import Run, Status
from benchmarks.routing.summary import Duel, Group

HEAD = (
    f"{'instance':<14} {'method':<8} {'seed':>4} {'vehicles':>8} {'known':>5} {'cost':>12}"
    f" {'gap %':>7} {'best at':>8} {'took':>7} {'MB':>6}"
)


def number(value: float | None, digits: int, ending: str = "") -> str:
    """Rounded, without the sign of a negative zero."""
    return "-" if value is None else f"{round(value, digits) + 0.0:.{digits}f}{ending}"


def run_line(run: Run) -> str:
    line = (
        f"{run.instance:<14} {run.method:<8} {run.seed:>4} {number(run.vehicles, 0):>8}"
        f" {number(run.best_known_vehicles, 0):>5} {number(run.cost, 2):>12}"
        f" {number(run.gap, 2):>7} {number(run.time_to_best, 1, ' s'):>8}"
        f" {number(run.took, 1, ' s'):>7} {number(run.memory_mb, 0):>6}"
    )
    verdict = {Status.OK: "", Status.NONE: "no plan", Status.INVALID: "INVALID"}[run.status]
    return " ".join(filter(None, [line, verdict, "late" if run.late else "", run.note]))


def group_table(rows: Sequence[Group]) -> list[str]:
    head = (
        f"{'set':<17} {'size':>5} {'method':<8} {'solved':>8} {'gap %':>7} {'gap at known':>12}"
        f" {'at known':>8} {'vehicles':>11} {'distance':>12} {'best at':>8} {'MB':>6}"
    )
    return [head, *map(_group_line, rows)]


def _group_line(one: Group) -> str:
    share = None if one.at_fewest is None else 100 * one.at_fewest
    vehicles = f"{one.vehicles}/{one.best_known_vehicles}" if one.best_known_vehicles else "-"
    return (
        f"{one.family:<17} {one.size:>5} {one.method:<8} {f'{one.solved}/{one.runs}':>8}"
        f" {number(one.gap, 2):>7} {number(one.gap_at_fewest, 2):>12}"
        f" {number(share, 0, ' %'):>8} {vehicles:>11} {one.distance:>12.1f}"
        f" {number(one.time_to_best, 1, ' s'):>8} {number(one.memory_mb, 0):>6}"
    )


def duel_table(rows: Sequence[Duel]) -> list[str]:
    head = (
        f"{'ours against':<17} {'size':>5} {'peer':<8} {'better':>6} {'same':>5} {'worse':>5}"
        f" {'never worse':>11} {'ratio':>7} {'of':>4}  worse on"
    )
    return [head, *map(_duel_line, rows)]


def _duel_line(one: Duel) -> str:
    return (
        f"{one.family:<17} {one.size:>5} {one.peer:<8} {one.better:>6} {one.same:>5}"
        f" {len(one.worse):>5} {'no' if one.worse else 'yes':>11}"
        f" {number(one.ratio, 4):>7} {one.compared:>4}  {', '.join(one.worse)}"
    ).rstrip()
