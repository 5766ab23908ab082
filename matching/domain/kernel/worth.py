"""What shares are worth, and how they are written into the books."""

import numpy as np

from matching.domain.curve import HELP, KNOTS, SLOPES
from matching.domain.kernel.arrays import Books, Fair, Floats, Ints, Options
from matching.domain.kernel.columns import MAY_TRY, TRIED
from matching.domain.kernel.compiling import compiled, entry

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
def value(options: Options, books: Books, fair: Fair, o: int, mass_g: int) -> float:
    """What adding this much to an option would be worth now, with its trip unless that is made."""
    d = options.homes[o]
    county = fair.county_of[d]
    total = options.per_gram[o] * mass_g
    more = help_g(books.level[d] + mass_g, fair.home_g[d]) - books.met[d]
    total += fair.recipient_need * more
    level = books.county_level[county] + mass_g
    more = help_g(level, fair.county_g[county]) - books.county_met[county]
    total += fair.county_need * more
    wanted = min(mass_g, books.need[options.needs[o]])
    if wanted > 0:
        total += fair.preference * wanted
    if books.trips[options.ways[o]] == 0:
        total -= options.costs[o]
    return total


@compiled
def takes_g(options: Options, books: Books, s: int, o: int) -> int:
    """The most that programme and trip can add now, in any amount."""
    held = books.grams[o]
    if held == 0 and books.splits[s] < 1:
        return 0
    return max(0, min(books.room[options.stores[o]], options.most[o] - held))


@compiled
def in_steps(room_g: int, left_g: int, step_g: int) -> int:
    """The largest share for so much room: all that is left of the lot, or whole steps."""
    if room_g >= left_g:
        return left_g
    return max(0, room_g - room_g % step_g)


@compiled
def fits_g(options: Options, books: Books, s: int, o: int) -> int:
    """The most that this option can add now: all that is left of the lot, or whole steps."""
    return in_steps(takes_g(options, books, s, o), books.left[s], options.steps[s])


@entry
def add(options: Options, books: Books, fair: Fair, s: int, o: int, mass_g: int) -> None:
    """Take a share or more of one; with a negative mass, give it back."""
    d = options.homes[o]
    county = fair.county_of[d]
    held = books.grams[o]
    books.grams[o] = held + mass_g
    if held == 0:
        books.splits[s] -= 1
        books.trips[options.ways[o]] += 1
    elif held + mass_g == 0:
        books.splits[s] += 1
        books.trips[options.ways[o]] -= 1
    books.left[s] -= mass_g
    books.room[options.stores[o]] -= mass_g
    books.need[options.needs[o]] -= mass_g
    books.level[d] += mass_g
    books.county_level[county] += mass_g
    books.met[d] = help_g(books.level[d], fair.home_g[d])
    books.county_met[county] = help_g(books.county_level[county], fair.county_g[county])


@entry
def open_books(books: Books, fair: Fair) -> None:
    """Fills in the help that everybody has had before."""
    for d in range(len(books.level)):
        books.met[d] = help_g(books.level[d], fair.home_g[d])
    for county in range(len(books.county_level)):
        level = books.county_level[county]
        books.county_met[county] = help_g(level, fair.county_g[county])


@compiled
def is_spent(books: Books) -> bool:
    """Whether a search has tried as much as it may."""
    return books.tries[TRIED] >= books.tries[MAY_TRY]


@entry
def values(
    options: Options, books: Books, fair: Fair, s: int, mass_g: int, worths: Floats, takes: Ints
) -> None:
    """For every option of a lot: what this much would be worth there, and how much it takes."""
    begin = options.starts[s]
    for o in range(begin, options.starts[s + 1]):
        worths[o - begin] = value(options, books, fair, o, mass_g)
        takes[o - begin] = takes_g(options, books, s, o)
