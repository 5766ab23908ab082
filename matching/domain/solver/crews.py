"""Drivers are few: of the trips that a plan wants driven, as many as shifts have time for are kept.

Each trip gets a place of its own in a shift, with the way to it. What finds none is taken back, its
way is closed for this round, and its lots are placed anew, until all that is left can be driven.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from matching.domain.kernel import columns as c
from matching.domain.kernel import crews, pairs, worth
from matching.domain.kernel.arrays import Books, Ints
from matching.domain.solver.offer import Offer

#: After so many times nothing is placed anew; what cannot be driven is only taken back.
TIMES: Final = 8
#: A shift has no more stops than this.
STOPS: Final = 40
#: What a place in a shift changes about a trip.
_TIMES: Final = [c.F_DEPARTS, c.F_REACHES, c.F_HANDS_OVER, c.F_OUT_OF_COLD_S, c.F_SHIFT]


@dataclass(frozen=True, slots=True)
class Driven:
    """The trips that couriers drive: by option, the row of times and shift."""

    of_option: dict[int, Ints] = field(default_factory=dict)


def drivable(offer: Offer, books: Books, place_anew: Callable[[Ints], None]) -> Driven:
    """Takes back what nobody can drive; `place_anew` gets the lots of which something was."""
    for turn in range(TIMES):
        driven, lost = _crew_up(offer, books)
        if not len(lost):
            return driven
        lots = _close(offer, books, lost)
        if turn < TIMES - 1:
            place_anew(lots)
    return _crew_up(offer, books)[0]


def _crew_up(offer: Offer, books: Books) -> tuple[Driven, Ints]:
    """Who is driven by whom, and the ways that nobody can drive."""
    world = offer.case.feasibility.tables.world
    used = np.flatnonzero(books.grams)
    lots, demands = offer.found.lots[used], offer.found.demands[used]
    rows = offer.case.feasibility.trips(lots, demands)
    by_courier = rows[:, c.F_TRANSPORT] == pairs.COURIER
    used, rows = used[by_courier], rows[by_courier]
    if not len(used):
        return Driven(), np.zeros(0, dtype=np.int64)
    ways = offer.options.ways[used]
    order = np.argsort(ways, kind="stable")
    used, rows, ways = used[order], rows[order], ways[order]
    firsts = np.flatnonzero(np.diff(ways, prepend=-1))
    starts = np.append(firsts, len(used)).astype(np.int64)
    parts = np.stack([offer.found.lots[used], books.grams[used]], 1)
    trips = rows[firsts]
    trips[:, c.F_TRAVEL_S] = np.maximum.reduceat(rows[:, c.F_TRAVEL_S], firsts)
    homes, order = offer.found.demands[used[firsts]], _dearest_first(offer, parts, starts, trips)
    stops = np.zeros((len(world.shifts), STOPS, 4), dtype=np.int64)
    counts = np.zeros(len(world.shifts), dtype=np.int64)
    crews.crew_up(world, parts, starts, homes, order, trips, stops, counts)
    kept = trips[:, c.F_SHIFT] != c.NO_TRIP
    trip_of = np.repeat(np.arange(len(firsts)), np.diff(starts))
    rows[:, _TIMES] = trips[trip_of][:, _TIMES]
    driven = {int(option): row for option, row in zip(used, rows, strict=True)}
    lost = np.repeat(~kept, np.diff(starts))
    for option in used[lost].tolist():
        del driven[option]
    return Driven(driven), ways[firsts][~kept]


def _dearest_first(offer: Offer, parts: Ints, starts: Ints, trips: Ints) -> Ints:
    """Trips by the worth of what they bring for each second of the way."""
    worths = np.add.reduceat(offer.base[parts[:, 0]] * parts[:, 1], starts[:-1])
    seconds = trips[:, c.F_TRAVEL_S] + 600
    return np.argsort(-worths / seconds, kind="stable").astype(np.int64)


def _close(offer: Offer, books: Books, ways: Ints) -> Ints:
    """Takes back the shares of these ways and lets nothing more go there; returns their lots."""
    rows = np.flatnonzero(np.isin(offer.options.ways, ways))
    lots = offer.found.lots[rows]
    for lot, option in zip(lots.tolist(), rows.tolist(), strict=True):
        mass_g = int(books.grams[option])
        if mass_g:
            worth.add(offer.options, books, offer.fair, lot, option, -mass_g)
    offer.options.most[rows] = 0
    touched = np.unique(lots)
    _straighten(offer, books, touched)
    return touched


def _straighten(offer: Offer, books: Books, lots: Ints) -> None:
    """Where some of a lot is left, all its shares must be whole steps: trim the one that is not."""
    for lot in lots[books.left[lots] > 0].tolist():
        step_g = int(offer.lots[lot, c.L_STEP])
        for option in range(int(offer.found.starts[lot]), int(offer.found.starts[lot + 1])):
            odd_g = int(books.grams[option]) % step_g
            if odd_g:
                worth.add(offer.options, books, offer.fair, lot, option, -odd_g)
