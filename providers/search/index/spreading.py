"""Where matches are: each one's point, or clusters by squares of the grid."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from providers.search.answer import MOST_POINTS, Cluster, Spread
from providers.search.index import bits, grid
from providers.search.index.asking import Asked

MOST_CLUSTERS = 400


def spread(answers: Iterable[Asked]) -> Spread:
    """Points where there are at most MOST_POINTS, else at most MOST_CLUSTERS.

    Listings without a point are in neither.
    """
    found = [(asked, _pointed(asked)) for asked in answers]
    if sum(bits.count(whole) for _, whole in found) > MOST_POINTS:
        return Spread(clusters=_clusters(found))
    listed = [(asked.segment, bits.positions(whole)) for asked, whole in found]
    pks = np.concatenate([segment.pks[rows] for segment, rows in listed])
    points = np.concatenate([segment.degrees(rows) for segment, rows in listed], axis=1)
    return Spread(_column("q", pks), *(_column("d", degrees) for degrees in points))


def _column(kind: str, numbers: np.ndarray) -> array:
    return array(kind, numbers.astype(kind).tobytes())


def _pointed(asked: Asked) -> bits.Bits:
    return asked.scope.whole(asked.found) & asked.segment.pointed


def _clusters(found: list[tuple[Asked, bits.Bits]]) -> list[Cluster]:
    """At the finest level that keeps them few."""
    counted = [(asked.segment.cells, _by_cell(asked, whole)) for asked, whole in found]
    cells, counts = (np.concatenate(columns) for columns in zip(*counted, strict=True))
    order = np.argsort(cells, kind="stable")
    some = order[counts[order] > 0]
    cells, counts = cells[some], counts[some]
    for level in grid.LEVELS:
        squares = grid.squares(cells, level)
        starts = np.flatnonzero(np.diff(squares, prepend=-1))
        if len(starts) <= MOST_CLUSTERS:
            break
    totals = np.add.reduceat(counts, starts)
    middles = (
        np.add.reduceat(counts * at, starts) / totals for at in grid.middles(cells)
    )
    rows = zip(*(column.tolist() for column in (totals, *middles)), strict=True)
    return [Cluster(*row) for row in rows]


def _by_cell(asked: Asked, whole: bits.Bits) -> np.ndarray:
    """How many of a set lie in each cell: its rank at one border less the last's."""
    before = np.concatenate([[0], np.cumsum(np.bitwise_count(whole), dtype=np.int64)])
    starts = asked.segment.starts
    words, offset = starts // bits.WORD, (starts % bits.WORD).astype(np.uint64)
    part = np.append(whole, whole.dtype.type(0))[words]
    below = part & ((np.uint64(1) << offset) - np.uint64(1))
    return np.diff(before[words] + np.bitwise_count(below))
