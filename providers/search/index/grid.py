"""The grid by which listings are sorted: cells of a quarter degree, row by row.

A circle is then one or two runs of cells a row. Cells only choose candidates: they
are taken a little too wide, and distances decide.
"""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin

import numpy as np

from providers import geo

PER_DEGREE = 4
ROWS, COLUMNS = 180 * PER_DEGREE, 360 * PER_DEGREE
NOWHERE = ROWS * COLUMNS  # the cell of listings without a point, after all others
# A sphere's angles against the ellipsoid's distances differ by up to 0.6 %.
_MARGIN = 1.01


def cells(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """The cell of each point; NaN is nowhere. Degrees in, int32 out."""
    known = ~np.isnan(latitude)
    found = np.full(len(latitude), NOWHERE, np.int32)
    row = np.floor((latitude[known] + 90) * PER_DEGREE).astype(np.int32)
    column = np.floor((longitude[known] + 180) * PER_DEGREE).astype(np.int32)
    found[known] = np.minimum(row, ROWS - 1) * COLUMNS + column % COLUMNS
    return found


def runs(centre: geo.Point, radius_km: float) -> tuple[np.ndarray, np.ndarray]:
    """First and last cells (inclusive) of the runs that cover a circle.

    Units: kilometres over the ground. Shape: two arrays of one length.
    """
    reach = degrees(radius_km * _MARGIN / geo.EARTH_RADIUS_KM)
    south = max(0, int((centre.latitude - reach + 90) * PER_DEGREE))
    north = min(ROWS - 1, int((centre.latitude + reach + 90) * PER_DEGREE))
    first = np.arange(south, north + 1) * COLUMNS
    spans = _columns(centre, reach)
    starts = np.concatenate([first + west for west, _ in spans])
    ends = np.concatenate([first + east for _, east in spans])
    return starts, ends


def _columns(centre: geo.Point, reach: float) -> list[tuple[int, int]]:
    """The columns that a circle touches; two spans where it crosses the date line."""
    if abs(centre.latitude) + reach >= 90:  # a pole lies inside
        return [(0, COLUMNS - 1)]
    widest = asin(min(1.0, sin(radians(reach)) / cos(radians(centre.latitude))))
    west = int((centre.longitude - degrees(widest) + 180) * PER_DEGREE // 1)
    east = int((centre.longitude + degrees(widest) + 180) * PER_DEGREE // 1)
    if east - west >= COLUMNS - 1:
        return [(0, COLUMNS - 1)]
    west, east = west % COLUMNS, east % COLUMNS
    return [(west, east)] if west <= east else [(0, east), (west, COLUMNS - 1)]


def middles(cell: np.ndarray, level: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells grouped in squares of 2**level: (square, latitude, longitude of the cell).

    The latitude and the longitude are of the middle of each small cell, in degrees.
    """
    row, column = cell // COLUMNS, cell % COLUMNS
    square = (row >> level) * COLUMNS + (column >> level)
    latitude = (row + 0.5) / PER_DEGREE - 90
    return square, latitude, (column + 0.5) / PER_DEGREE - 180
