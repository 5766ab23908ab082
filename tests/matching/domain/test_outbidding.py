"""Who outbids is found among all pairs, however few are looked at one by one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.domain.candidates import candidates_of
from matching.domain.case import Case
from matching.domain.kernel.arrays import Cells, Floats
from matching.domain.kernel.cells import SIDE_M, cells_of
from matching.domain.kernel.columns import EARTH_RADIUS_M
from matching.domain.solution import Limits
from matching.domain.solver import bound
from matching.domain.solver.bound import Prices
from matching.domain.solver.offer import Offer, among
from tests.matching.domain.worlds import settled_world, world

seeds = st.integers(0, 100_000)


def prices_of(seed: int) -> Prices:
    """Random prices for a problem of three towns; only one pair of each lot is an option."""
    make = settled_world if seed % 2 else world
    case = Case(make(seed, 14, 40))
    prices = Prices(Offer(case, candidates_of(case, Limits(candidates=1, equity=0))))
    random = np.random.default_rng(seed)
    for row in prices.tariff:
        row[:] = random.uniform(0, 0.5, len(row))
    return prices


def joined(prices: Prices) -> list[tuple[int, ...]]:
    """Lots and programmes of all options once outbidders have joined."""
    prices.join(by=0.0)
    found = prices.offer.found
    return sorted(zip(found.lots.tolist(), found.demands.tolist(), strict=True))


def everywhere(places: Floats) -> Cells:
    """One cell for all, as wide as the globe: nobody is too far away to be looked at."""
    count = len(places)
    return Cells(np.arange(count), np.array([0, count]), np.zeros((1, 3)), np.full(1, 10.0))


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_cells_that_are_too_far_away_hide_nobody(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bound, "cells_of", everywhere)
        all_of_them = joined(prices_of(seed))
    assert joined(prices_of(seed)) == all_of_them


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_little_place_to_write_them_down_loses_nobody(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bound, "_BIDS_AT_ONCE", 0)
        few_at_once = joined(prices_of(seed))
    assert joined(prices_of(seed)) == few_at_once


def test_every_place_is_in_one_small_cell() -> None:
    points: Any = np.random.default_rng(1).normal(size=(400, 3)) / 500 + (0.0, 0.6, 0.8)
    cells = cells_of(np.hstack([points, np.zeros((400, 1))]))
    assert sorted(cells.homes.tolist()) == list(range(400))
    assert cells.starts[0] == 0
    assert cells.starts[-1] == 400
    assert cells.radii.max() <= 2 * SIDE_M / EARTH_RADIUS_M
    for cell, (begin, end) in enumerate(zip(cells.starts, cells.starts[1:], strict=False)):
        apart = np.linalg.norm(points[cells.homes[begin:end]] - cells.centres[cell], axis=1)
        assert len(apart) > 0
        assert apart.max() <= cells.radii[cell]


def test_without_programmes_there_are_no_cells() -> None:
    assert cells_of(np.zeros((0, 4))).starts.tolist() == [0]


@given(st.lists(st.integers(-5, 20)), st.sets(st.integers(-5, 20)))
def test_keys_are_found_among_known_ones(keys: list[int], known: set[int]) -> None:
    found = among(np.array(keys, dtype=np.int64), np.array(sorted(known), dtype=np.int64))
    assert found.tolist() == [key in known for key in keys]
