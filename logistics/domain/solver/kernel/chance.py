"""Random numbers of the kernel: a generator whose state is part of the plan.

SplitMix64 (Steele, Lea, Flood 2014): the same sequence on every machine, whichever thread draws.
"""

import numpy as np

from logistics.domain.solver.kernel import columns as col
from logistics.domain.solver.kernel.compiling import compiled
from logistics.domain.solver.kernel.tables import Ints


@compiled
def draw(totals: Ints) -> np.uint64:
    """The next 64 random bits."""
    bits = np.uint64(totals[col.RANDOM]) + np.uint64(0x9E3779B97F4A7C15)
    totals[col.RANDOM] = np.int64(bits)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@compiled
def below(totals: Ints, end: int) -> int:
    """A whole number from 0 up to, not including, `end`."""
    return int(draw(totals) % np.uint64(end))


@compiled
def share(totals: Ints) -> float:
    """A number from 0 up to, not including, 1."""
    return np.float64(draw(totals) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
