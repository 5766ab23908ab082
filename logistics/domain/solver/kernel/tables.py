"""The problem and the plan as arrays: what the compiled functions read and write.

Request r has two nodes, its pickup 2r and its delivery 2r + 1; behind those come a start and an end
for every vehicle. Seconds, metres and cost are whole numbers in the problem's units. The arrays are
few and wide, because compiling takes longer with each one that a function is given.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Marks = NDArray[np.uint8]


class Facts(NamedTuple):
    """What a search never changes; shared by all searches on one problem.

    `grid`: (matrices, points, points) seconds or metres, each also with rows and columns exchanged,
    so that a scan reads along rows only. `near`: for each request the `nearest` others, itself
    first, then those with a task near in time and space, filled up with -1. `able`: 1 where a
    vehicle could carry a request alone. `lagged`: some request has a LAG; `timed`: seconds cost
    money. See columns.py for the rest.
    """

    grid: Small
    window: Ints
    car: Ints
    request: Ints
    able: Marks
    near: Small
    requests: int
    vehicles: int
    dimensions: int
    nearest: int
    lagged: bool
    timed: bool


class Plan(NamedTuple):
    """Routes under change, by vehicle, each from its start node to its end node.

    `sequence`: nodes in order by vehicle; behind those the same as before the step, and one row to
    draft in. `memory`: (requests, vehicles) best places. See columns.py for the rest.
    """

    node: Ints
    sequence: Small
    route: Ints
    pad: Ints
    memory: Ints
    place: Ints
    chain: Ints
    totals: Ints
