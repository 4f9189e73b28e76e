"""The grid by which listings are sorted: cells of a quarter degree, along a Z curve.

Neighbours on the ground are then neighbours in memory, and every square of 2, 4, 8 …
cells a side is one run of rows.
"""

from __future__ import annotations

import numpy as np

PER_DEGREE = 4
ROWS, COLUMNS = 180 * PER_DEGREE, 360 * PER_DEGREE
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
    found[known] = _woven(row, column)
    return found


def cells(along: np.ndarray) -> np.ndarray:
    """The cell in which each of those squares lies, as int32."""
    return squares(along, _HALVED).astype(np.int32)


def middles(cell: np.ndarray) -> np.ndarray:
    """(2, cells): latitude and longitude of the middle of each, in degrees."""
    row, column = _unwoven(cell >> 1), _unwoven(cell)
    return np.array([(row + 0.5) / PER_DEGREE - 90, (column + 0.5) / PER_DEGREE - 180])


def squares(cell: np.ndarray, level: int) -> np.ndarray:
    """The square of 2**level cells a side in which each cell lies."""
    return cell >> (2 * level)


def level_without(differ: int) -> int:
    """The finest level whose squares put two cells together, from their `a ^ b`."""
    return (differ.bit_length() + 1) // 2


def _woven(row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """The bits of the row and of the column by turns: the place along the Z curve."""
    return _spaced(row) << 1 | _spaced(column)


_STEPS = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))


def _spaced(number: np.ndarray) -> np.ndarray:
    """A zero put before each of the lowest 16 bits."""
    for shift, mask in _STEPS:
        number = (number | number << shift) & mask
    return number


def _unwoven(number: np.ndarray) -> np.ndarray:
    """Every second bit, the lowest first, put together."""
    number = number & _STEPS[-1][1]
    for (shift, _), (_, mask) in zip(
        reversed(_STEPS), [*reversed(_STEPS[:-1]), (0, 0xFFFF)], strict=True
    ):
        number = (number | number >> shift) & mask
    return number
