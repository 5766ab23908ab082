"""A tighter bound for small rounds: the whole round as a mixed-integer program, at its root.

The program has every rule of a plan but the drivers: whole steps, one share that is the rest,
shares, trips once per listing, rooms, tiers of need, wishes. Whatever bound its solver proves
therefore holds for every plan over the options; the caller sees to it that these are all possible
pairs. Cuts at the root, of capacities against whole trips and steps, are what prices alone cannot
see. The solver counts in floating point, to a millionth; so much is added to what it proves.
"""

from collections.abc import Iterable
from math import inf
from typing import Any, Final

import numpy as np
from ortools.linear_solver import pywraplp

from matching.domain.case import KILOGRAM_G
from matching.domain.curve import segments
from matching.domain.kernel import columns as c
from matching.domain.kernel.arrays import Options
from matching.domain.solver.offer import Offer

#: Larger programs take too long at their root.
MOST_LOTS: Final = 200
MOST_OPTIONS: Final = 1_500
#: Work is counted in nodes; seconds are a safety net only.
_LIMITS: Final = "limits/nodes=1\nlimits/time=30\n"
_ROUNDING: Final = 1e-6


def is_small(offer: Offer) -> bool:
    """Whether the round is worth a program."""
    lots, options = len(offer.lots), len(offer.found.demands)
    return 1 < lots <= MOST_LOTS and 0 < options <= MOST_OPTIONS


def exact_bound(offer: Offer) -> float:
    """What no plan over the options exceeds, in grams; infinite when the solver proves nothing."""
    program = _Program(offer)
    proved = program.bound()
    return proved * KILOGRAM_G * (1 + _ROUNDING) if np.isfinite(proved) else inf


class _Program:
    """Masses are in kilograms, so that all coefficients are of a similar size."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._solver: Any = pywraplp.Solver.CreateSolver("SCIP")
        self._goal = self._solver.Objective()
        self._goal.SetMaximization()
        options = offer.options
        self._taken = [self._solver.BoolVar("") for _ in options.homes]
        self._mass = [
            self._gaining(float(kg), worth)
            for kg, worth in zip(options.most / KILOGRAM_G, options.per_gram, strict=True)
        ]
        self._full = [self._solver.BoolVar("") for _ in offer.lots]
        self._trips(options)
        for option, lot in enumerate(options.lots.tolist()):
            self._share(option, lot)
        splits, starts = offer.books(0).splits.tolist(), options.starts.tolist()
        for lot in range(len(offer.lots)):
            self._lot(lot, range(starts[lot], starts[lot + 1]), splits[lot])
        for store, rows in _groups(options.stores):
            self._at_most(offer.room[store] / KILOGRAM_G, rows)
        self._needs(options)

    def _gaining(self, most: float, worth: float) -> Any:
        """A quantity of which each unit is worth so much."""
        quantity = self._solver.NumVar(0.0, most, "")
        self._goal.SetCoefficient(quantity, float(worth))
        return quantity

    def _row(self, low: float, high: float, terms: Iterable[tuple[Any, float]]) -> None:
        row = self._solver.Constraint(low, high)
        for quantity, factor in terms:
            row.SetCoefficient(quantity, float(factor))

    def _trips(self, options: Options) -> None:
        """A trip is paid once, by whichever of its options is taken; one made anyway is free."""
        for way, rows in _groups(options.ways):
            if self._offer.made[way]:
                continue
            made = self._solver.BoolVar("")
            self._goal.SetCoefficient(made, -float(options.costs[rows].min()) / KILOGRAM_G)
            for row in rows:
                self._row(-inf, 0.0, [(self._taken[row], 1.0), (made, -1.0)])

    def _share(self, option: int, lot: int) -> None:
        """Whole steps, and the rest if the lot is all given away."""
        left_g = int(self._offer.lots[lot, c.L_LEFT])
        step_g = int(self._offer.lots[lot, c.L_STEP])
        most_g = int(self._offer.options.most[option])
        steps = self._solver.IntVar(0, most_g // step_g, "")
        terms = [(self._mass[option], -1.0), (steps, step_g / KILOGRAM_G)]
        if left_g % step_g:
            rest = self._solver.BoolVar("")
            terms.append((rest, left_g % step_g / KILOGRAM_G))
            self._row(-inf, 0.0, [(rest, 1.0), (self._full[lot], -1.0)])
        self._row(0.0, 0.0, terms)
        self._row(
            -inf, 0.0, [(self._mass[option], 1.0), (self._taken[option], -most_g / KILOGRAM_G)]
        )

    def _lot(self, lot: int, options: range, splits: int) -> None:
        left_kg = int(self._offer.lots[lot, c.L_LEFT]) / KILOGRAM_G
        masses = [(self._mass[option], 1.0) for option in options]
        self._row(-inf, left_kg, masses)
        self._row(0.0, inf, [*masses, (self._full[lot], -left_kg)])
        self._row(-inf, max(0, splits), [(self._taken[option], 1.0) for option in options])

    def _at_most(self, most: float, rows: Any, more: Iterable[tuple[Any, float]] = ()) -> None:
        self._row(-inf, float(most), [*((self._mass[row], 1.0) for row in rows), *more])

    def _needs(self, options: Options) -> None:
        """Tiers of need and wishes: what arrives fills them, and no more than arrives."""
        case, fair = self._offer.case, self._offer.fair
        counties = fair.county_of[options.homes]
        levels = (
            (options.homes, case.level_g, case.fair_g, fair.recipient_need),
            (counties, case.county_level_g, case.county_fair_g, fair.county_need),
        )
        for places, level_g, fair_g, weight in levels:
            for place, rows in _groups(places):
                tiers = segments(level_g[place], fair_g[place])
                self._fill(rows, [(grams, weight * slope) for grams, slope in tiers])
        for slot, rows in _groups(options.needs):
            if self._offer.need[slot] > 0:
                self._fill(rows, [(float(self._offer.need[slot]), fair.preference)])

    def _fill(self, rows: Any, tiers: list[tuple[float, float]]) -> None:
        filled = [(self._gaining(grams / KILOGRAM_G, worth), 1.0) for grams, worth in tiers]
        self._row(-inf, 0.0, [*filled, *((self._mass[row], -1.0) for row in rows)])

    def bound(self) -> float:
        self._solver.SetSolverSpecificParametersAsString(_LIMITS)
        status = self._solver.Solve()
        if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return inf
        return float(self._goal.BestBound())


def _groups(keys: Any) -> list[tuple[int, Any]]:
    """Rows by key."""
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return list(zip(found.tolist(), np.split(order, starts[1:]), strict=True))
