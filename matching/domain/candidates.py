"""Which pairs are worth looking at: the nearest, and far ones in counties that got least."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

import numpy as np

from matching.domain.case import Case, Option
from matching.domain.solution import Limits

#: From this mass and life on, a lot is worth bringing far.
FAR_FROM_G: Final = 100_000
FAR_FROM_LIFE: Final = timedelta(hours=48)
#: So many programmes are tried for each equity edge that is wanted.
TRIES: Final = 4


def options_of(case: Case, limits: Limits) -> list[list[Option]]:
    """For each supply, its options: nearest first, then the equity edges."""
    poorest = _poorest_first(case)
    return [_options(case, supply, poorest, limits) for supply in range(len(case.supplies))]


def _options(case: Case, supply: int, poorest: list[int], limits: Limits) -> list[Option]:
    near = list(islice(_possible(case, supply, _nearest(case, supply)), limits.candidates))
    if not _may_go_far(case, supply) or len(near) < limits.candidates:
        return near
    known = {option.demand for option in near}
    others = [demand for demand in poorest if demand not in known]
    tried = others[: TRIES * limits.equity]
    return near + list(islice(_possible(case, supply, tried), limits.equity))


def _nearest(case: Case, supply: int) -> Iterable[int]:
    open_to = np.flatnonzero(case.feasibility.codes[supply] == 0)
    order = np.argsort(case.roads.metres[supply, open_to], kind="stable")
    return (int(demand) for demand in open_to[order])


def _possible(case: Case, supply: int, demands: Iterable[int]) -> Iterator[Option]:
    for demand in demands:
        option = case.option(supply, demand)
        if option is not None:
            yield option


def _may_go_far(case: Case, supply: int) -> bool:
    life = case.supplies[supply].ends_at - case.problem.now
    return case.supplies[supply].lot.left_g >= FAR_FROM_G and life >= FAR_FROM_LIFE


def _poorest_first(case: Case) -> list[int]:
    """Demands by how little their county has of its fair share, then by how little they have."""
    return sorted(
        range(len(case.demands)),
        key=lambda demand: (
            _level(case.county_level_g, case.county_fair_g, case.county_of[demand]),
            _level(case.level_g, case.fair_g, demand),
            demand,
        ),
    )


def _level(levels_g: list[int], fairs_g: list[float], index: int) -> float:
    return levels_g[index] / fairs_g[index] if fairs_g[index] else 0.0
