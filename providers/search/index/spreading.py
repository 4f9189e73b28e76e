"""Where matches are: each one's point, or clusters by squares of the grid."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from providers.search.answer import MOST_POINTS, Spread
from providers.search.index import bits, grid
from providers.search.index.asking import Asked

MOST_CLUSTERS = 400


def spread(answers: Iterable[Asked]) -> Spread:
    """Points where there are at most MOST_POINTS, else at most MOST_CLUSTERS.

    Listings without a point are in neither.
    """
    found = [(asked, _pointed(asked)) for asked in answers]
    if sum(bits.count(whole) for _, whole in found) > MOST_POINTS:
        return _clusters(found)
    listed = [(asked.segment, bits.positions(whole)) for asked, whole in found]
    pks = np.concatenate([segment.pks[rows] for segment, rows in listed])
    points = np.concatenate([segment.degrees(rows) for segment, rows in listed], axis=1)
    return Spread(_column("q", pks), *(_column("d", degrees) for degrees in points))


def _column(kind: str, numbers: np.ndarray) -> array:
    return array(kind, numbers.astype(kind).tobytes())


def _pointed(asked: Asked) -> bits.Bits:
    return asked.scope.whole(asked.found) & asked.segment.pointed


def _clusters(found: list[tuple[Asked, bits.Bits]]) -> Spread:
    """At the finest level that keeps them few."""
    parts = [
        (asked.segment.cells, asked.segment.cell_middles, _by_cell(asked, whole))
        for asked, whole in found
    ]
    cells, middles, counts = (
        np.concatenate(own, axis=-1) for own in zip(*parts, strict=True)
    )
    order = np.argsort(cells, kind="stable")
    some = order[counts[order] > 0]
    cells, middles, counts = cells[some], middles.take(some, axis=1), counts[some]
    starts = _squares(cells)
    totals = np.add.reduceat(counts, starts)
    latitudes, longitudes = np.add.reduceat(counts * middles, starts, axis=1) / totals
    columns = _column("d", latitudes), _column("d", longitudes), _column("q", totals)
    return Spread((), *columns)


def _squares(cells: np.ndarray) -> np.ndarray:
    """Where each square begins among ascending cells, at the finest level."""
    differ, level = cells[1:] ^ cells[:-1], 0
    if len(differ) >= MOST_CLUSTERS:  # so many borders would be one too many
        edge = np.partition(differ, -MOST_CLUSTERS)[-MOST_CLUSTERS]
        level = grid.level_without(int(edge))
    return np.flatnonzero(np.diff(grid.squares(cells, level), prepend=-1))


def _by_cell(asked: Asked, whole: bits.Bits) -> np.ndarray:
    """How many of a set lie in each cell: its rank at one border less the last's."""
    before = np.zeros(len(whole) + 1, np.int64)
    np.cumsum(np.bitwise_count(whole), out=before[1:])
    starts = asked.segment.starts
    words, offset = starts // bits.WORD, (starts % bits.WORD).astype(np.uint64)
    part = np.append(whole, whole.dtype.type(0))[words]
    below = part & ((np.uint64(1) << offset) - np.uint64(1))
    return np.diff(before[words] + np.bitwise_count(below))
