"""The shape of need: how much less each further kilogram helps, measured against a fair share."""

from bisect import bisect_right
from itertools import accumulate, pairwise
from math import log1p
from typing import Final

#: Levels, in fair shares, between which every kilogram helps alike.
KNOTS: Final = (0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
#: Help per kilogram in each segment: the mean slope of ln(1 + level); 0.94 at first, 0.62
#: beyond half a share.
SLOPES: Final = tuple((log1p(b) - log1p(a)) / (b - a) for a, b in pairwise(KNOTS))
HELP: Final = tuple(
    accumulate(
        (s * (b - a) for s, (a, b) in zip(SLOPES, pairwise(KNOTS), strict=True)), initial=0.0
    )
)


def help_at(level: float) -> float:
    """Help, in fair shares, for someone who has `level` of them; eight are all that counts."""
    segment = bisect_right(KNOTS, level) - 1
    if segment >= len(SLOPES):
        return HELP[-1]
    return HELP[segment] + SLOPES[segment] * (level - KNOTS[segment])


def need_met(level_g: float, more_g: float, fair_g: float) -> float:
    """Grams of help that `more_g` brings to someone with `level_g` and a fair share of `fair_g`.

    Negative when `more_g` is; 0 where nobody has any fair share.
    """
    if fair_g <= 0:
        return 0.0
    return fair_g * (help_at((level_g + more_g) / fair_g) - help_at(level_g / fair_g))


def segments(level_g: float, fair_g: float) -> list[tuple[float, float]]:
    """What lies ahead of someone who has `level_g`: (grams, help per gram), steepest first."""
    if fair_g <= 0:
        return []
    level = level_g / fair_g
    return [
        ((end - max(start, level)) * fair_g, slope)
        for slope, (start, end) in zip(SLOPES, pairwise(KNOTS), strict=True)
        if end > level
    ]
