"""How long hand-overs take: what a region expects, corrected by what a place has shown.

Times are lognormal: their logarithms are spread like a bell, so that some take much longer and none
less than nothing. Formula and sources: docs/concepts/routing.md, "How sure it is".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist, fmean
from typing import Final

#: Nobody hands food over in less; what seems to is two buttons pressed at once.
SHORTEST_S: Final = 15.0
#: Longer than any hand-over may be said to take: somebody forgot to press a button.
LONGEST_S: Final = 3 * 3600.0
_BELL: Final = NormalDist()
NINE_OF_TEN: Final = _BELL.inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Spread:
    """A time that varies: half of all cases take no longer than `median_s`.

    `sigma` is the standard deviation of its logarithm; 0 for a time that is certain.
    """

    median_s: float
    sigma: float = 0.0

    def quantile_s(self, share: float) -> float:
        """What that share of all cases (more than 0, less than 1) does not exceed."""
        if not self.sigma:
            return self.median_s
        return self.median_s * exp(self.sigma * _BELL.inv_cdf(share))


def sigma_of(*, p50: float, p90: float) -> float:
    """The spread of a lognormal of which half lies under `p50` and nine of ten under `p90`."""
    return log(p90 / p50) / NINE_OF_TEN


def learnt(expected: Spread, seen_s: Sequence[float], *, weight: float) -> Spread:
    """What to expect at a place that has shown these times, of one hand-over each.

    The expectation counts as much as `weight` times of its own (conjugate normal-inverse-gamma on
    logarithms), so a place without a history has the expectation alone and one with a long history
    its own figures. Times that cannot be (SHORTEST_S, LONGEST_S) are left out.
    """
    logs = [log(time) for time in seen_s if SHORTEST_S <= time <= LONGEST_S]
    if not logs:
        return expected
    count, mean, centre = len(logs), fmean(logs), log(max(expected.median_s, SHORTEST_S))
    total = weight + count
    within = sum((each - mean) ** 2 for each in logs)
    between = weight * count / total * (mean - centre) ** 2
    variance = (weight * expected.sigma**2 + within + between) / total
    return Spread(exp((weight * centre + count * mean) / total), variance**0.5)
