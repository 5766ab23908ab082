"""When a service may start, by the windows of its node."""

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.compiling import compiled
from logistics.domain.solver.kernel.tables import Ints


@compiled
def opening(window: Ints, node: Ints, soonest: int) -> int:
    """The first moment from `soonest` on; `NEVER` when all windows are over."""
    if soonest > node[col.LAST]:
        return col.NEVER
    if node[col.WINDOWS] == 1:
        return max(soonest, node[col.FIRST])
    for at in range(node[col.WINDOW], node[col.WINDOW] + node[col.WINDOWS]):
        if soonest <= window[at, 1]:
            return max(soonest, window[at, 0])
    return col.NEVER


@compiled
def closing(window: Ints, node: Ints, latest: int) -> int:
    """The last moment up to `latest`; `-NEVER` when none has opened by then."""
    if latest < node[col.FIRST]:
        return -col.NEVER
    if node[col.WINDOWS] == 1:
        return min(latest, node[col.LAST])
    for at in range(node[col.WINDOW] + node[col.WINDOWS] - 1, node[col.WINDOW] - 1, -1):
        if latest >= window[at, 0]:
            return min(latest, window[at, 1])
    return -col.NEVER
