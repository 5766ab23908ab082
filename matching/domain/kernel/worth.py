"""What shares are worth, and the books in which they are kept.

An *offer* is what never changes in a search: the options of each lot, in one long list. Each lot
has all of `starts[s]:starts[s + 1]`, the promising ones first, up to `ends[s]`. The *books* are
what shares leave. Grams are whole; worth is in grams of food.
"""

from typing import Any

import numpy as np

from matching.domain.curve import HELP, KNOTS, SLOPES
from matching.domain.kernel.compiling import compiled, entry

Table = Any
_KNOTS = np.array(KNOTS)
_SLOPES = np.array(SLOPES)
_HELP = np.array(HELP)
_LAST = len(SLOPES)


@compiled
def help_g(level_g: float, fair_g: float) -> float:
    """Grams of help for someone who has so much; see `curve.help_at`."""
    if fair_g <= 0:
        return 0.0
    level = level_g / fair_g
    if level >= _KNOTS[_LAST]:
        return fair_g * _HELP[_LAST]
    segment = 0
    while _KNOTS[segment + 1] <= level:
        segment += 1
    return fair_g * (_HELP[segment] + _SLOPES[segment] * (level - _KNOTS[segment]))


@compiled
def value(offer: Table, books: Table, fair: Table, o: int, mass_g: int) -> float:
    """What adding this much to an option would be worth now, with its trip unless that is made."""
    _, _, homes, _, _, needs, ways, _, per_kg, costs = offer
    _, _, _, need, level, county_level, trips, _, met, county_met, _ = books
    fair_g, county_fair_g, county_of, weights = fair
    d = homes[o]
    county = county_of[d]
    total = per_kg[o] * mass_g
    total += weights[0] * (help_g(level[d] + mass_g, fair_g[d]) - met[d])
    more = help_g(county_level[county] + mass_g, county_fair_g[county]) - county_met[county]
    total += weights[1] * more
    wanted = min(mass_g, need[needs[o]])
    if wanted > 0:
        total += weights[2] * wanted
    if trips[ways[o]] == 0:
        total -= costs[o]
    return total


@compiled
def takes_g(offer: Table, books: Table, s: int, o: int) -> int:
    """The most that programme and trip can add now, in any amount."""
    _, _, _, _, stores, _, _, most, _, _ = offer
    _, splits, room, _, _, _, _, grams, _, _, _ = books
    if grams[o] == 0 and splits[s] < 1:
        return 0
    return max(0, min(room[stores[o]], most[o] - grams[o]))


@compiled
def fits_g(offer: Table, books: Table, steps: Table, s: int, o: int) -> int:
    """The most that this option can add now: all that is left of the lot, or whole steps."""
    room_g = takes_g(offer, books, s, o)
    left_g = books[0][s]
    if room_g >= left_g:
        return left_g
    return room_g - room_g % steps[s]


@compiled
def add(offer: Table, books: Table, fair: Table, s: int, o: int, mass_g: int) -> None:
    """Take a share or more of one; with a negative mass, give it back."""
    _, _, homes, _, stores, needs, ways, _, _, _ = offer
    left, splits, room, need, level, county_level, trips, grams, met, county_met, _ = books
    fair_g, county_fair_g, county_of, _ = fair
    d = homes[o]
    county = county_of[d]
    held = grams[o]
    grams[o] = held + mass_g
    if held == 0:
        splits[s] -= 1
        trips[ways[o]] += 1
    elif held + mass_g == 0:
        splits[s] += 1
        trips[ways[o]] -= 1
    left[s] -= mass_g
    room[stores[o]] -= mass_g
    need[needs[o]] -= mass_g
    level[d] += mass_g
    county_level[county] += mass_g
    met[d] = help_g(level[d], fair_g[d])
    county_met[county] = help_g(county_level[county], county_fair_g[county])


@entry
def open_books(books: Table, fair: Table) -> None:
    """Fills in the help that everybody has had before."""
    level, county_level, met, county_met = books[4], books[5], books[8], books[9]
    for d in range(len(level)):
        met[d] = help_g(level[d], fair[0][d])
    for county in range(len(county_level)):
        county_met[county] = help_g(county_level[county], fair[1][county])


@entry
def values(
    offer: Table, books: Table, fair: Table, s: int, mass_g: int, worths: Table, takes: Table
) -> None:
    """For every option of a lot: what this much would be worth there, and how much it takes."""
    begin = offer[0][s]
    for o in range(begin, offer[0][s + 1]):
        worths[o - begin] = value(offer, books, fair, o, mass_g)
        takes[o - begin] = takes_g(offer, books, s, o)


@entry
def change(offer: Table, books: Table, fair: Table, s: int, o: int, mass_g: int) -> None:
    """`add` for callers outside."""
    add(offer, books, fair, s, o, mass_g)
