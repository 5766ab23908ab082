"""One entry for every size of problem: greedy for one fresh lot, prices and search for a round."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matching.domain.candidates import candidates_of
from matching.domain.case import Case
from matching.domain.kernel import columns as c
from matching.domain.kernel import search, shakes
from matching.domain.kernel.arrays import Books, Floats, Ints
from matching.domain.problem import Problem
from matching.domain.solution import Assignment, Limits, Solution
from matching.domain.solver.bound import Prices, in_kilograms
from matching.domain.solver.crews import Driven, drivable
from matching.domain.solver.exact import exact_bound, is_small
from matching.domain.solver.offer import Offer
from matching.domain.solver.report import solution_of
from matching.domain.solver.state import State

#: So many options of a lot, the best at the prices found, are tried again and again.
PROMISING = 48
#: At most so many lots are taken back together.
RIVALS = 8
#: A small round is shaken at most so often for each of its lots.
SHAKES_PER_LOT = 600
#: A round of so many lots at most is begun so many times, with half of the shakes each.
SMALL_ROUND = 200
STARTS = 4
#: With more lots than this there is time for so many only.
LEISURELY = 4_000
HASTY_SHAKES = 40_000
#: Grams by which a plan may get worse in a shake at first, for each gram of a usual lot.
HEAT = 0.1
#: By how much a gram outbidders must outbid to join after each half of the steps of pricing; with
#: more lots than this there is no room for as many.
KEENNESS = (0.1, 0.0)
HASTY_KEENNESS = (0.3, 0.05)
MANY_LOTS = 20_000
SETTLING = 30
#: A round of so many lots takes the steps of pricing that the limits allow; a smaller one more, up
#: to so many times as many, a large one fewer.
USUAL_ROUND = 2_000
LEISURE = 4
LARGE_ROUND = 40_000
#: Rounds with no more pairs than this are looked at as a whole.
MOST_PAIRS = 20_000
SEEDS = 1 << 63
#: Steps of pricing for a single lot, which does not wait.
SINGLE_STEPS = 20


def solve(problem: Problem, *, limits: Limits | None = None, seed: int = 0) -> Solution:
    """The best plan found within the limits; the same for the same problem, limits and seed.

    Never fails on a valid problem: what cannot be placed is reported with its reason.
    """
    return solve_case(Case(problem), limits=limits or Limits(), seed=seed)[0]


def solve_case(case: Case, *, limits: Limits, seed: int) -> tuple[Solution, State]:
    """The plan, and the state that explains it."""
    offer = Offer(case, candidates_of(case, limits))
    plan = _plan_single if len(case.supplies) == 1 else _plan_round
    books, bound = plan(offer, limits, seed)
    truncated = bool(books.tries[c.TRIED] >= books.tries[c.MAY_TRY])
    truncated |= search.settle(offer.options, books, offer.fair, SETTLING)
    driven = Driven()
    if limits.drivers and case.problem.couriers:
        driven = drivable(offer, books, _placer(offer, books))
    state = State(offer, books, driven)
    return solution_of(state, bound=in_kilograms(bound), truncated=truncated), state


def _plan_single(offer: Offer, limits: Limits, seed: int) -> tuple[Books, float]:
    """One fresh lot where it is worth most now, and a bound."""
    prices = Prices(offer)
    _price_out(prices, floor=0.0, times=min(SINGLE_STEPS, limits.pricing))
    return _place_single(offer, limits), prices.prove()


def _plan_round(offer: Offer, limits: Limits, seed: int) -> tuple[Books, float]:
    """The best plan found for many lots, and the lowest bound proved."""
    prices = Prices(offer)
    _price_out(prices, floor=_first_guess(offer, limits), times=limits.pricing)
    books, worth = _search(offer, prices, limits, seed)
    bound = _proved(prices, floor=worth, times=limits.pricing)
    return books, min(bound, _exact(offer.case, limits))


def _place_single(offer: Offer, limits: Limits) -> Books:
    books = offer.books(limits.evaluations)
    _construct(offer, books, np.zeros(1, dtype=np.int64))
    return books


def _first_guess(offer: Offer, limits: Limits) -> float:
    """What a plan without any foresight is worth: prices need not go below it."""
    books = offer.books(limits.evaluations)
    return _construct(offer, books, _heaviest_first(offer))


def _construct(offer: Offer, books: Books, order: Ints) -> float:
    """Places lots in this order as if room were free; returns what they are worth."""
    worth: float = search.construct(
        offer.options, books, offer.fair, _free(offer), order, _kept(offer, 1)
    )
    return worth


def _price_out(prices: Prices, *, floor: float, times: int) -> None:
    """Lowers prices; outbidders join the options on the way, the keenest first."""
    times = _steps_of(prices, times) // len(KEENNESS)
    for keenness in HASTY_KEENNESS if _is_vast(prices) else KEENNESS:
        prices.lower(floor=floor, times=times)
        prices.join(by=keenness)


def _is_vast(prices: Prices) -> bool:
    return len(prices.offer.lots) > MANY_LOTS


def _proved(prices: Prices, *, floor: float, times: int) -> float:
    """The bound for all pairs, now that a plan tells how low it may be."""
    times = _steps_of(prices, times) // 2
    prices.lower(floor=floor, times=times)
    return prices.prove(floor=floor, times=0 if _is_vast(prices) else times)


def _exact(case: Case, limits: Limits) -> float:
    """The bound of a small round's program, over all possible pairs."""
    pairs = len(case.supplies) * len(case.demands)
    if not limits.program or pairs > MOST_PAIRS:
        return np.inf
    everything = replace(limits, candidates=max(1, len(case.demands)), equity=0)
    offer = Offer(case, candidates_of(case, everything))
    return exact_bound(offer) if is_small(offer) else np.inf


def _steps_of(prices: Prices, times: int) -> int:
    """How many steps of pricing a round of this size has time for."""
    lots = len(prices.offer.lots)
    leisure = min(LEISURE, max(1.0, USUAL_ROUND / max(1, lots)))
    return round(times * leisure * LARGE_ROUND / max(lots, LARGE_ROUND))


def _search(offer: Offer, prices: Prices, limits: Limits, seed: int) -> tuple[Books, float]:
    """Places all lots with the foresight of prices, then searches for better without them.

    Returns the plan and what it is worth at least, in grams. A small round depends much on chance:
    it begins several times, and the best plan counts.
    """
    prices.promise(PROMISING)
    starts, share = 1, limits
    if len(offer.lots) <= SMALL_ROUND:
        starts = STARTS
        share = replace(limits, shakes=limits.shakes // 2, evaluations=limits.evaluations // starts)
    found = [_begun(offer, prices.rents(), share, (seed + turn) % SEEDS) for turn in range(starts)]
    books, worth = max(found, key=lambda each: each[1])
    offer.widen()
    order = np.arange(len(offer.lots))
    table = offer.options, books, offer.fair
    worth += search.slope(*table, _free(offer), order, _kept(offer, 2))
    return books, worth


def _begun(offer: Offer, rents: Floats, limits: Limits, seed: int) -> tuple[Books, float]:
    """A plan from one start, and what it is worth."""
    books = offer.books(limits.evaluations)
    free, kept = _free(offer), _kept(offer, RIVALS + 1)
    table = offer.options, books, offer.fair
    worth: float = search.resume(*table, rents, _heaviest_first(offer), offer.suggested, kept)
    random = np.random.default_rng(seed)
    for _ in range(limits.passes):
        worth += search.slope(*table, free, random.permutation(len(offer.lots)), kept)
    heat = HEAT * float(np.median(offer.lots[:, c.L_LEFT])) if len(offer.lots) else 0.0
    worth += shakes.recreate(
        *table,
        free,
        offer.by_home(),
        offer.by_way(),
        _shakes(limits, len(offer.lots)),
        heat,
        np.array([seed], dtype=np.uint64),
        kept,
    )
    return books, worth


def _shakes(limits: Limits, lots: int) -> int:
    """How many shakes a round of so many lots has time for."""
    times = min(limits.shakes, SHAKES_PER_LOT * lots)
    return min(times, HASTY_SHAKES) if lots > LEISURELY else times


def _placer(offer: Offer, books: Books) -> Callable[[Ints], None]:
    """Places lots anew, whatever else could be done with them."""

    def place_anew(lots: Ints) -> None:
        books.tries[c.MAY_TRY] = np.iinfo(np.int64).max
        search.slope(offer.options, books, offer.fair, _free(offer), lots, _kept(offer, 2))
        search.settle(offer.options, books, offer.fair, SETTLING)

    return place_anew


def _free(offer: Offer) -> Floats:
    """No rent in any store."""
    return np.zeros(len(offer.room))


def _kept(offer: Offer, count: int) -> Ints:
    """Places to write shares down in: as many as a lot is split at most."""
    most = int(offer.lots[:, c.L_SPLITS].max(initial=1))
    return np.zeros((max(2, count), min(most, offer.widest) + 1, 2), dtype=np.int64)


def _heaviest_first(offer: Offer) -> Ints:
    """Lots by mass, the urgent ones counting more."""
    weight: Floats = offer.base * offer.lots[:, c.L_LEFT]
    return np.argsort(-weight, kind="stable").astype(np.int64)


def place_one_by_one(
    case: Case, order: list[int], limits: Limits | None = None
) -> list[Assignment]:
    """Each lot in its turn where it is worth most at that moment, as a fresh lot is placed."""
    limits = limits or Limits()
    offer = Offer(case, candidates_of(case, limits))
    books = offer.books(limits.evaluations)
    _construct(offer, books, np.array(order, dtype=np.int64))
    return list(
        solution_of(State(offer, books, Driven()), bound=np.inf, truncated=False).assignments
    )
