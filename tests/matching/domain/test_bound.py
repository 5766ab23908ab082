"""The bound is above every plan there is, tried out on problems small enough to try all of them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.domain.candidates import candidates_of
from matching.domain.case import Case
from matching.domain.kernel.arrays import Tariff
from matching.domain.objective import score_terms
from matching.domain.problem import Problem
from matching.domain.solution import Limits
from matching.domain.solver import solve
from matching.domain.solver.bound import Prices, in_kilograms
from matching.domain.solver.exact import exact_bound, is_small
from matching.domain.solver.offer import Offer
from matching.domain.weights import Weights
from tests.matching.domain.worlds import settled_world, world

QUICK = Limits(shakes=20, drivers=False, program=False)
#: Into how many parts each lot is cut when all plans are tried.
PARTS = 2

seeds = st.integers(0, 100_000)


def every_plan(case: Case) -> Iterator[list[tuple[int, int, int, int]]]:
    """All ways of giving each lot whole, or in two parts, to whoever may have it."""
    ways = [list(_ways_of_lot(case, supply)) for supply in range(len(case.supplies))]
    for chosen in product(*ways):
        plan = [share for shares in chosen for share in shares]
        if _fits(case, plan):
            yield plan


def _ways_of_lot(case: Case, supply: int) -> Iterator[list[tuple[int, int, int, int]]]:
    lot = case.supplies[supply].lot
    splits = case.supplies[supply].splits - case.shares[lot.lot_id]
    half_g = lot.left_g // PARTS // lot.step_g * lot.step_g
    options = [o for d in range(len(case.demands)) if (o := case.option(supply, d))]
    yield []
    for first in options:
        for mass_g in {lot.left_g, half_g} - {0}:
            if mass_g <= first.most_g and splits >= 1:
                share = supply, first.demand, mass_g, first.trip.leg.distance_m
                yield [share]
                rest_g = lot.left_g - mass_g
                for second in options:
                    another = splits >= 2 and second.demand != first.demand
                    if another and 0 < rest_g <= second.most_g:
                        metres = second.trip.leg.distance_m
                        yield [share, (supply, second.demand, rest_g, metres)]


def _fits(case: Case, plan: list[tuple[int, int, int, int]]) -> bool:
    room_g = dict(case.room_g)
    for supply, demand, mass_g, _ in plan:
        place = case.demands[demand].recipient.location_id
        store = place, case.supplies[supply].lot.storage_class
        room_g[store] -= mass_g
        if room_g[store] < 0:
            return False
    return True


def best_of_all(case: Case) -> float:
    return max(sum(score_terms(case, plan).values()) for plan in every_plan(case))


@settings(max_examples=40, deadline=None)
@given(seed=seeds, demands=st.integers(1, 3), settled=st.booleans())
def test_no_plan_at_all_is_above_it(seed: int, demands: int, settled: bool) -> None:
    problem = settled_world(seed, 3, demands) if settled else world(seed, 3, demands)
    best = best_of_all(Case(problem))
    solution = solve(problem, limits=QUICK)
    assert solution.bound >= best - 1e-6
    assert solution.score >= 0.6 * best


@settings(max_examples=30, deadline=None)
@given(seed=seeds, demands=st.integers(1, 3), settled=st.booleans())
def test_no_plan_at_all_is_above_that_of_the_program(
    seed: int, demands: int, settled: bool
) -> None:
    problem = settled_world(seed, 3, demands) if settled else world(seed, 3, demands)
    case = Case(problem)
    offer = Offer(case, candidates_of(case, Limits(candidates=demands, equity=0)))
    if is_small(offer):
        assert in_kilograms(exact_bound(offer)) >= best_of_all(case) - 1e-6


def test_weights_in_whole_numbers_prove_the_same() -> None:
    whole = Weights(urgency=1, recipient_need=3, county_need=1, preference=1, km=1, stickiness=1)
    exact = replace(whole, recipient_need=3.0, county_need=1.0, preference=1.0, km=1.0)
    one = replace(settled_world(1, 8, 3), weights=whole)
    assert solve(one, limits=QUICK) == solve(replace(one, weights=exact), limits=QUICK)


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_any_prices_at_all_prove_a_bound(seed: int) -> None:
    """Weak duality needs no good prices, and few candidates hide nobody."""
    case = Case(settled_world(seed, 3, 3))
    random = np.random.default_rng(seed)
    prices = Prices(Offer(case, candidates_of(case, Limits(candidates=1, equity=0))))
    tops = (case.weights.recipient_need, case.weights.county_need, 1.0, case.weights.preference)
    prices.tariff = Tariff(
        *(random.uniform(0, top, len(row)) for row, top in zip(prices.tariff, tops, strict=True))
    )
    proved = prices.prove()
    assert in_kilograms(proved) >= best_of_all(case) - 1e-6


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_lots_that_share_a_trip_pay_no_more_than_the_trip_together(seed: int) -> None:
    """However often what each pays follows what it gains, and whoever joins on the way."""
    case = Case(settled_world(seed, 12, 4))
    prices = Prices(Offer(case, candidates_of(case, Limits(candidates=1, equity=0))))
    prices.lower(floor=0.0, times=30)
    prices.join(by=0.0)
    prices.lower(floor=0.0, times=30)
    market = prices.market()
    parts = np.divide(
        market.paid, market.trips, out=np.zeros_like(market.paid), where=market.trips > 0
    )
    assert (parts >= 0).all()
    assert (np.bincount(market.options.ways, weights=parts) <= 1 + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(seed=seeds, more_g=st.integers(0, 60_000))
def test_at_the_same_prices_more_room_never_lowers_it(seed: int, more_g: int) -> None:
    before, after = _proved(world(seed, 8, 1), 0), _proved(world(seed, 8, 1), more_g)
    assert after >= before - 1e-6


def _proved(problem: Problem, more_g: int) -> float:
    """What prices that know nothing prove when every store has so much more room."""
    case = Case(problem)
    for store in case.room_g:
        case.room_g[store] += more_g
    prices = Prices(Offer(case, candidates_of(case, Limits())))
    return prices.prove()
