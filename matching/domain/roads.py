"""How far every programme is from every lot."""

import numpy as np
from numpy.typing import NDArray

from backend.claims.domain.trips import Leg
from backend.regions.domain.points import EARTH_RADIUS_M, Point
from matching.domain.problem import Problem

Matrix = NDArray[np.float64]


class Roads:
    """Road metres from each supply (row) to each demand (column); infinite without a way."""

    def __init__(self, problem: Problem) -> None:
        self._travel = problem.travel
        self._given_s: dict[tuple[int, int], int] = {}
        lots = [supply.lot.point for supply in problem.supplies]
        programmes = [demand.recipient.point for demand in problem.demands]
        if problem.edges is None:
            self.metres = np.rint(straight_m(lots, programmes) * problem.travel.detour)
        else:
            self.metres = np.full((len(lots), len(programmes)), np.inf)
            self._take_given(problem)

    def _take_given(self, problem: Problem) -> None:
        rows = {supply.id: index for index, supply in enumerate(problem.supplies)}
        columns = {demand.id: index for index, demand in enumerate(problem.demands)}
        for edge in problem.edges or ():
            pair = rows[edge.lot_id], columns[edge.programme_id]
            self.metres[pair] = edge.distance_m
            self._given_s[pair] = edge.travel_s

    def leg(self, supply: int, demand: int) -> Leg:
        """The way between one pair that has one."""
        distance_m = int(self.metres[supply, demand])
        travel_s = self._given_s.get((supply, demand))
        return Leg(
            distance_m=distance_m,
            travel_s=self._travel.travel_s(distance_m) if travel_s is None else travel_s,
            longest_m=self._travel.longest_m,
        )


def straight_m(origins: list[Point], targets: list[Point]) -> Matrix:
    """Great-circle metres from each origin to each target (haversine)."""
    if not origins or not targets:
        return np.zeros((len(origins), len(targets)))
    a, b = np.radians(np.array(origins)), np.radians(np.array(targets))
    half = (b[None, :, :] - a[:, None, :]) / 2
    chord = np.sin(half[..., 1]) ** 2
    chord += np.cos(a[:, None, 1]) * np.cos(b[None, :, 1]) * np.sin(half[..., 0]) ** 2
    metres: Matrix = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return metres
