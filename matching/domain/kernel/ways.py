"""How far it is from a lot to a programme, as the crow flies or as given, and how long it takes."""

from math import asin, sqrt
from typing import Any

import numpy as np

from matching.domain.kernel.columns import (
    AT_X,
    AT_Y,
    AT_Z,
    EARTH_RADIUS_M,
    T_DETOUR,
    T_GIVEN,
    T_LEG_S,
    T_SECONDS_PER_M,
)
from matching.domain.kernel.compiling import compiled, entry

Table = Any


@compiled
def straight_m(places: Table, row: int, others: Table, column: int) -> float:
    """Great-circle metres from chord to arc."""
    x = places[row, AT_X] - others[column, AT_X]
    y = places[row, AT_Y] - others[column, AT_Y]
    z = places[row, AT_Z] - others[column, AT_Z]
    half = sqrt(x * x + y * y + z * z) / 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, half))


@compiled
def chord(places: Table, row: int, others: Table, column: int) -> float:
    """The square of the chord: in the order of distances, and cheap."""
    x = places[row, AT_X] - others[column, AT_X]
    y = places[row, AT_Y] - others[column, AT_Y]
    z = places[row, AT_Z] - others[column, AT_Z]
    return x * x + y * y + z * z


@compiled
def way_m(at: Table, to: Table, ways: Table, given: Table, starts: Table, s: int, d: int) -> int:
    """Metres by road, or -1 where no way is known."""
    if ways[T_GIVEN] == 0:
        return int(np.rint(straight_m(at, s, to, d) * ways[T_DETOUR]))
    found = _given(given, starts, s, d)
    return -1 if found < 0 else given[found, 1]


@compiled
def _given(given: Table, starts: Table, s: int, d: int) -> int:
    low, high = starts[s], starts[s + 1]
    while low < high:
        middle = (low + high) // 2
        if given[middle, 0] < d:
            low = middle + 1
        else:
            high = middle
    return low if low < starts[s + 1] and given[low, 0] == d else -1


@compiled
def way_s(ways: Table, given: Table, starts: Table, s: int, d: int, metres: int) -> int:
    if ways[T_GIVEN] == 0:
        return int(np.rint(metres * ways[T_SECONDS_PER_M])) + int(ways[T_LEG_S])
    return given[_given(given, starts, s, d), 2]


@entry
def distances(
    at: Table, to: Table, ways: Table, given: Table, starts: Table, s: int, out: Table
) -> None:
    """Metres by road from one lot to every programme; -1 where no way is known."""
    for d in range(len(out)):
        out[d] = way_m(at, to, ways, given, starts, s, d)
