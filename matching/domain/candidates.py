"""Which pairs are worth looking at: the nearest, and far ones in counties that got least."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.domain.case import Case
from matching.domain.kernel import columns as c
from matching.domain.kernel import nearness
from matching.domain.kernel.arrays import Floats, Ints
from matching.domain.solution import Limits

#: From this mass and life on, a lot is worth bringing far.
FAR_FROM_G: Final = 100_000
FAR_FROM_LIFE: Final = timedelta(hours=48)
#: So many programmes are tried for each equity edge that is wanted.
TRIES: Final = 4
#: Options of a very large round at first: each lot then begins with fewer, but with the least.
MOST_AT_FIRST: Final = 600_000
FEWEST: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """Possible pairs: lot, programme, metres of road, the most that one trip brings; by lot."""

    starts: Ints
    lots: Ints
    demands: Ints
    metres: Ints
    most_g: Ints

    def joined(self, more: "Found") -> tuple["Found", Ints]:
        """Both, by lot, pairs of this one first; and the order in which they were put."""
        lots = np.concatenate([self.lots, more.lots])
        order = np.argsort(lots, kind="stable")
        whole = Found(
            self.starts + more.starts,
            lots,
            np.concatenate([self.demands, more.demands]),
            np.concatenate([self.metres, more.metres]),
            np.concatenate([self.most_g, more.most_g]),
        )
        return whole.reordered(order), order

    def reordered(self, order: Ints) -> "Found":
        """The same pairs in another order within each lot."""
        return Found(
            self.starts,
            self.lots[order],
            self.demands[order],
            self.metres[order],
            self.most_g[order],
        )


def found_pairs(count: int, rows: Ints, most_g: Ints) -> Found:
    """Pairs as rows of lot, programme and metres, in the order of their lots."""
    lots = rows[:, 0]
    starts = np.searchsorted(lots, np.arange(count + 1)).astype(np.int64)
    return Found(starts, lots.copy(), rows[:, 1].copy(), rows[:, 2].copy(), most_g.copy())


def candidates_of(case: Case, limits: Limits) -> Found:
    """For each supply the nearest possible, then the equity edges, then earlier suggestions."""
    tables = case.feasibility.tables
    count = len(case.supplies)
    room = np.array([case.room_g[store] for store in tables.stores], dtype=np.int64)
    each = max(FEWEST, MOST_AT_FIRST // max(1, count))
    wanted = max(1, min(limits.candidates, each, len(case.demands)))
    far = _may_go_far(case)
    places = count * wanted + int(far.sum()) * limits.equity
    starts = np.zeros(count + 1, dtype=np.int64)
    found = np.zeros((places + 1, 2), dtype=np.int64)
    most_g = np.zeros(places + 1, dtype=np.int64)
    filled = nearness.nearest(
        *(tables.world, tables.shifts, tables.garages, room),
        *(far, _poorest_first(case), wanted, limits.equity, TRIES * limits.equity),
        *(starts, found, most_g),
        np.zeros(c.F_COLUMNS, dtype=np.int64),
        *(np.zeros(len(case.demands)), np.zeros(len(case.demands) + 1, dtype=np.int64)),
    )
    lots = np.repeat(np.arange(count), np.diff(starts))
    near = Found(
        starts, lots, found[:filled, 0].copy(), found[:filled, 1].copy(), most_g[:filled].copy()
    )
    return near.joined(_suggested(case, near))[0] if any(case.incumbents) else near


def _suggested(case: Case, near: Found) -> Found:
    """What an earlier round suggested and is possible still, unless it is near anyway."""
    rows, most_g = list[tuple[int, int, int]](), list[int]()
    for supply, demands in enumerate(case.incumbents):
        known = near.demands[near.starts[supply] : near.starts[supply + 1]]
        for demand in sorted(demands.difference(known.tolist())):
            option = case.option(supply, demand)
            if option is not None:
                rows.append((supply, demand, option.trip.leg.distance_m))
                most_g.append(option.most_g)
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return found_pairs(len(case.supplies), table, np.array(most_g, dtype=np.int64))


def _may_go_far(case: Case) -> NDArray[np.bool_]:
    now = case.problem.now
    return np.array(
        [
            supply.lot.left_g >= FAR_FROM_G and supply.ends_at - now >= FAR_FROM_LIFE
            for supply in case.supplies
        ],
        dtype=bool,
    )


def _poorest_first(case: Case) -> Ints:
    """Demands by how little their county has of its fair share, then by how little they have."""
    county_levels = _levels(case.county_level_g, case.county_fair_g)[case.county_of]
    return np.lexsort((_levels(case.level_g, case.fair_g), county_levels)).astype(np.int64)


def _levels(levels_g: list[int], fairs_g: list[float]) -> Floats:
    levels, fairs = np.array(levels_g, dtype=np.float64), np.array(fairs_g, dtype=np.float64)
    return np.divide(levels, fairs, out=np.zeros_like(levels), where=fairs > 0)
