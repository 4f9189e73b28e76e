"""The grid by which listings are sorted: cells of a quarter degree, along a curve.

It is Hilbert's: neighbours in memory are neighbours on the ground, and every square of
2, 4, 8 … cells a side is one run of rows.
"""

from __future__ import annotations

import numpy as np

PER_DEGREE = 4
ROWS, COLUMNS = 180 * PER_DEGREE, 360 * PER_DEGREE
_BITS = 11  # of a row or a column
_HALVED = 5  # how often a cell is halved each way, to sort what is in it
_SQUARES_PER_DEGREE = PER_DEGREE << _HALVED
NOWHERE = 1 << 22  # the cell of listings without a point, after all others


def along(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """How far along the curve each point lies, in squares of 1/32 of a cell a side.

    Degrees in, int64 out; NaN is in the cell NOWHERE.
    """
    known = ~np.isnan(latitude)
    row = np.floor((latitude[known] + 90) * _SQUARES_PER_DEGREE).astype(np.int64)
    column = np.floor((longitude[known] + 180) * _SQUARES_PER_DEGREE).astype(np.int64)
    found = np.full(len(latitude), NOWHERE << 2 * _HALVED)
    # The north pole belongs to the last row; 180° east is 180° west.
    row, column = np.minimum(row, (ROWS << _HALVED) - 1), column % (COLUMNS << _HALVED)
    found[known] = _walked(row, column, _BITS + _HALVED)
    return found


def cells(along: np.ndarray) -> np.ndarray:
    """The cell in which each of those squares lies, as int32."""
    return squares(along, _HALVED).astype(np.int32)


def middles(cell: np.ndarray) -> np.ndarray:
    """(2, cells): latitude and longitude of the middle of each, in degrees."""
    row, column = _place(cell, _BITS)
    return np.array([(row + 0.5) / PER_DEGREE - 90, (column + 0.5) / PER_DEGREE - 180])


def squares(cell: np.ndarray, level: int) -> np.ndarray:
    """The square of 2**level cells a side in which each cell lies."""
    return cell >> (2 * level)


def level_without(differ: int) -> int:
    """The finest level whose squares put two cells together, from their `a ^ b`."""
    return (differ.bit_length() + 1) // 2


# The curve goes through the quadrants of a square (2 * row + column) in one of four
# ways, and through each of those in a way of its own.
_QUADRANT = np.array([[0, 2, 3, 1], [0, 1, 3, 2], [3, 1, 0, 2], [3, 2, 0, 1]])
_WAY = np.array([[1, 0, 0, 3], [0, 1, 1, 2], [3, 2, 2, 1], [2, 3, 3, 0]])
_STEP = _QUADRANT.argsort(axis=1)  # when each of the quadrants is gone through


def _walked(row: np.ndarray, column: np.ndarray, bits: int) -> np.ndarray:
    """How many squares of the curve come before one, from so many bits of its place."""
    walked = way = np.zeros_like(row)
    for bit in reversed(range(bits)):
        quadrant = (row >> bit & 1) << 1 | (column >> bit & 1)
        step = _STEP.take(way << 2 | quadrant)
        way = _WAY.take(way << 2 | step)
        walked = walked << 2 | step
    return walked


def _place(walked: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """The row and the column of a square, the other way round."""
    row = column = way = np.zeros_like(walked)
    for bit in reversed(range(bits)):
        step = walked >> 2 * bit & 3
        quadrant = _QUADRANT.take(way << 2 | step)
        row, column = row << 1 | quadrant >> 1, column << 1 | quadrant & 1
        way = _WAY.take(way << 2 | step)
    return row, column
