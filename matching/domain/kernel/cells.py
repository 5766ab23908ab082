"""Programmes by where they are, so that those too far away need not be asked one by one."""

from typing import Final

import numpy as np

from matching.domain.kernel.arrays import Cells, Floats
from matching.domain.kernel.columns import AT_X, AT_Z, EARTH_RADIUS_M

#: Metres; cells are cubes in which a piece of the globe lies.
SIDE_M: Final = 10_000
#: In radii of the earth; more than the arithmetic of distances may be wrong by.
_SLACK: Final = 1e-9


def cells_of(places: Floats) -> Cells:
    """Cells of places (rows: the columns of `globe`)."""
    points = places[:, AT_X : AT_Z + 1]
    cubes = np.floor(points * (EARTH_RADIUS_M / SIDE_M)).astype(np.int64)
    _, cell, sizes = np.unique(cubes, axis=0, return_inverse=True, return_counts=True)
    cell = cell.reshape(-1)
    sums = [np.bincount(cell, weights=axis) / sizes for axis in points.T]
    centres: Floats = np.stack(sums, axis=1).astype(np.float64)
    radii = np.zeros(len(sizes))
    np.maximum.at(radii, cell, np.linalg.norm(points - centres[cell], axis=1))
    return Cells(
        homes=np.argsort(cell, kind="stable").astype(np.int64),
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        centres=centres,
        radii=radii + _SLACK,
    )
