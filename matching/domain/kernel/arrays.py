"""The arrays that compiled functions read and write, by name.

Shapes are told in brackets. Masses are whole grams; worth is in grams of food, and prices are worth
per gram. A *need* is a group of food at a programme, a *way* a listing's trip to a programme.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
Bits = NDArray[np.bool_]


class World(NamedTuple):
    """Everything that decides which pairs are possible; columns of tables are named in columns.py.

    Instants and spans are microseconds, from the problem's `now`, unless their names say seconds.
    """

    lots: Ints
    """(lots, L)."""
    homes: Ints
    """(programmes, D)."""
    hours: Ints
    """(spans, 2): when programmes open and close, in the order of time, those of each together."""
    at: Floats
    """(lots, AT)."""
    to: Floats
    """(programmes, AT): the figure is how far it fetches at most, as a chord."""
    travel: Floats
    """(T)."""
    given: Ints
    """(edges, 3): given ways by lot and programme, as programme, metres and seconds."""
    given_starts: Ints
    """(lots + 1): where each lot's given ways begin."""
    first: Codes
    """(kinds of lots, kinds of programmes): the first standing rule that fails, 0 for none; of the
    rules before the one about the same organization.
    """
    second: Codes
    """The same of the rules behind that one, before the one about capacity."""
    third: Codes
    """The same of the rules behind that one."""
    codes: Codes
    """(10): the codes of the reasons that pairs.py finds itself, in its order."""
    asked: Ints
    """(lots or more, 3): where each lot's rows begin and end; in the third column whom it asked."""
    shifts: Ints
    """(shifts, C)."""
    garages: Floats
    """(shifts, AT): where shifts begin; the figure is their speed in metres a second."""
    crew: Ints
    """(shifts + 1, R): what shifts can do for the lot in hand, in the last row which lot that is
    and how many they are; `muster` fills it in.
    """


class Options(NamedTuple):
    """What never changes in a search: the options of each lot, in one long list."""

    starts: Ints
    """(lots + 1): a lot has the options `starts[s]:starts[s + 1]`, the promising ones first."""
    ends: Ints
    """(lots): where its promising options end."""
    steps: Ints
    """(lots): grams of which its shares are multiples, as long as some of it is left."""
    homes: Short
    """(options): the programme."""
    lots: Short
    """(options): the lot."""
    stores: Short
    """(options): the store of the programme's place that keeps it."""
    needs: Short
    """(options): the need that it may meet."""
    ways: Short
    """(options): the way that it takes."""
    most: Ints
    """(options): grams that one trip brings at most."""
    per_gram: Floats
    """(options): the worth of a gram, but for need, preference and trip."""
    costs: Floats
    """(options): the worth that its trip takes."""


class Books(NamedTuple):
    """What shares leave, with those of a plan under change taken off."""

    left: Ints
    """(lots): grams that nobody has yet."""
    splits: Ints
    """(lots): how many shares more there may be."""
    room: Ints
    """(stores): grams of room."""
    need: Ints
    """(needs): grams that are still wished for; below 0 where more came."""
    level: Ints
    """(programmes): grams that each has, with what it had before."""
    county_level: Ints
    """(counties): the same together."""
    trips: Ints
    """(ways): how many shares travel on each; it is paid for once."""
    grams: Ints
    """(options): the shares of the plan."""
    met: Floats
    """(programmes): the help of what each has; see `curve.help_at`."""
    county_met: Floats
    """(counties): the same."""
    tries: Ints
    """(2): options tried so far, and how many may be; see columns.py."""


class Fair(NamedTuple):
    """Fair shares, and what need and preference weigh."""

    home_g: Floats
    """(programmes): a fair share."""
    county_g: Floats
    """(counties): a fair share."""
    county_of: Ints
    """(programmes): the county."""
    recipient_need: float
    """The worth of a gram to a programme that has nothing."""
    county_need: float
    """The same to a county."""
    preference: float
    """The worth of a gram that was wished for."""


class Grouped(NamedTuple):
    """All options once more, together by programme or by way."""

    options: Ints
    """(options): rows of `Options`."""
    starts: Ints
    """(groups + 1): a group has `options[starts[g]:starts[g + 1]]`."""


class Cells(NamedTuple):
    """Programmes by where they are: small parts of the globe, in radii of the earth."""

    homes: Ints
    """(programmes): the programmes, by cell."""
    starts: Ints
    """(cells + 1): a cell has `homes[starts[c]:starts[c + 1]]`."""
    centres: Floats
    """(cells, 3): a point in the middle of its programmes."""
    radii: Floats
    """(cells): none of them is farther from it."""


class Tariff(NamedTuple):
    """A number for each price: the price, how far it is from clearing, or where it is heading.

    A gram that arrives at programme d is worth `own[d] + shared[county]`, plus `wanted` for its
    need, less `rent` for its store.
    """

    own: Floats
    """(programmes)."""
    shared: Floats
    """(counties)."""
    rent: Floats
    """(stores)."""
    wanted: Floats
    """(needs)."""


class Curve(NamedTuple):
    """How need falls with what somebody has; see `curve`."""

    knots: Floats
    """(tiers + 1): where tiers begin and end, in fair shares."""
    slopes: Floats
    """(tiers): what a gram helps, as a part of the weight of need."""


class Market(NamedTuple):
    """What is sold, to whom, and what each option pays of its trip."""

    options: Options
    books: Books
    fair: Fair
    curve: Curve
    paid: Floats
    """(options): what it pays of its trip; the parts of a way add up to one at most."""
    trips: Floats
    """(options): the worth that its whole trip takes, nothing where it is made anyway."""
    sizes: Ints
    """(options): grams of the largest share."""


class Listings(NamedTuple):
    """Lots by the listing whose trips they share."""

    parts: Floats
    """(lots): the part that a lot is of its listing's mass."""
    of_lot: Ints
    """(lots): the listing."""
    lots: Ints
    """(lots and trips made anyway): by listing its lots, and -1 less each programme to which it
    goes anyway.
    """
    starts: Ints
    """(listings + 1): a listing has `lots[starts[l]:starts[l + 1]]`."""
