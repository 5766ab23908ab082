"""Which pairs are worth looking at: the nearest, and far ones in counties that got least."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from matching.domain.case import Case
from matching.domain.kernel import columns as c
from matching.domain.kernel import nearness
from matching.domain.kernel.arrays import Bits, Floats, Ints
from matching.domain.solution import Limits

#: From this mass and life on, a lot is worth bringing far.
FAR_FROM_G: Final = 100_000
FAR_FROM_LIFE: Final = timedelta(hours=48)
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


def found_pairs(count: int, rows: Ints) -> Found:
    """Pairs of so many lots, as the kernel writes them down, in the order of their lots."""
    lots = rows[:, c.P_LOT]
    return Found(
        starts=np.searchsorted(lots, np.arange(count + 1)).astype(np.int64),
        lots=lots.copy(),
        demands=rows[:, c.P_HOME].copy(),
        metres=rows[:, c.P_METRES].copy(),
        most_g=rows[:, c.P_MOST].copy(),
    )


def no_pairs(places: int) -> Ints:
    """Places for the kernel to write so many pairs down."""
    return np.zeros((places, c.P_COLUMNS), dtype=np.int64)


def candidates_of(case: Case, limits: Limits) -> Found:
    """For each supply the nearest possible, then the equity edges, then earlier suggestions."""
    tables = case.feasibility.tables
    count = len(case.supplies)
    room = np.array([case.room_g[store] for store in tables.stores], dtype=np.int64)
    each = max(FEWEST, MOST_AT_FIRST // max(1, count))
    wanted = max(1, min(limits.candidates, each, len(case.demands)))
    far = _may_go_far(case)
    places = count * wanted + int(far.sum()) * limits.equity
    rows = no_pairs(places + 1)
    poorest = _poorest_first(case)
    filled = nearness.nearest(tables.world, room, far, poorest, wanted, limits.equity, rows)
    near = found_pairs(count, rows[:filled])
    return near.joined(_suggested(case, near))[0] if any(case.incumbents) else near


def _suggested(case: Case, near: Found) -> Found:
    """What an earlier round suggested and is possible still, unless it is near anyway."""
    rows = list[tuple[int, int, int, int]]()
    for supply, demands in enumerate(case.incumbents):
        known = near.demands[near.starts[supply] : near.starts[supply + 1]]
        for demand in sorted(demands.difference(known.tolist())):
            option = case.option(supply, demand)
            if option is not None:
                rows.append((supply, demand, option.trip.leg.distance_m, option.most_g))
    table = np.array(rows, dtype=np.int64).reshape(-1, c.P_COLUMNS)
    return found_pairs(len(case.supplies), table)


def _may_go_far(case: Case) -> Bits:
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
