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


class ByHome(NamedTuple):
    """All options once more, programme by programme."""

    options: Ints
    """(options): rows of `Options`."""
    starts: Ints
    """(programmes + 1): a programme has `options[starts[d]:starts[d + 1]]`."""


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
    """(options): worth, for the largest share."""
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
