"""Which requests lie near each other: in space for ruins, in time and space for insertions."""

from typing import Final

import numpy as np

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.tables import Ints, Small

NEAREST: Final = 200
NEAR_TASKS: Final = 16
WAITING_WEIGHT: Final = 0.2
"""A second of waiting that cannot be avoided, in seconds of driving (Vidal et al. 2013)."""


def nearest_requests(points: Ints, requests: int, drive: Small) -> Small:
    """For each request all others (at most `NEAREST`) by how near their tasks lie, itself first."""
    pickups, deliveries = points[0 : 2 * requests : 2], points[1 : 2 * requests : 2]
    rows = []
    for r in range(requests):
        from_p, from_d = drive[pickups[r]], drive[deliveries[r]]
        away = np.minimum(from_p[pickups], from_d[pickups]).astype(np.int64)
        away += np.minimum(from_p[deliveries], from_d[deliveries])
        away[r] = -1
        rows.append(np.argsort(away, kind="stable")[:NEAREST])
    return np.array(rows, dtype=np.int32).reshape(requests, -1)


def requests_around(nodes: Ints, requests: int, drive: Small) -> Small:
    """For each request those with one of the tasks nearest to either of its own; -1 fills up."""
    table = np.full((requests, 2 * NEAR_TASKS), col.NONE, dtype=np.int32)
    tasks = nodes[: 2 * requests]
    for r in range(requests):
        near = np.concatenate([_nearest_tasks(tasks, drive, 2 * r + half) for half in (0, 1)])
        others = dict.fromkeys((near // 2).tolist())
        others.pop(r, None)
        table[r, : len(others)] = list(others)
    return table


def _nearest_tasks(tasks: Ints, drive: Small, one: int) -> Ints:
    points = tasks[:, col.POINT]
    here = tasks[one]
    on = _nearness(here, tasks, drive[here[col.POINT]][points])
    back = _nearness(tasks, here, drive[points, here[col.POINT]])
    away = np.minimum(on, back)
    away[one] = np.inf
    nearest = np.argsort(away, kind="stable")[:NEAR_TASKS]
    return nearest[np.isfinite(away[nearest])]


def _nearness(
    before: Ints, after: Ints, way: Small
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Driving and unavoidable waiting from one task to another; infinite when it comes too late."""
    before, after = np.atleast_2d(before), np.atleast_2d(after)
    soonest = before[:, col.FIRST] + before[:, col.SERVICE] + way
    latest = before[:, col.LAST] + before[:, col.SERVICE] + way
    waiting = np.maximum(0, after[:, col.FIRST] - latest)
    return np.where(soonest > after[:, col.LAST], np.inf, way + WAITING_WEIGHT * waiting)
