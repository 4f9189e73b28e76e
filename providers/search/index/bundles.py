"""Bundles of words, and how many of each set are in them.

Sorted by the grid, those in a circle or a country stand together. Of bundles in which
everybody matches the numbers are told, and nobody in them is counted again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from providers.search.index import bits
from providers.search.index.bits import Bits

WORDS = 8  # of a bundle: 1, 2, 4 or 8
FEW = 4_000  # words that are counted sooner than parted
_FULL = np.uint64(2**64 - 1)


def counted(sets: Bits) -> np.ndarray:
    """uint32 (bundles + 1, sets): how many of each set come before a bundle."""
    count = sets.shape[1] // WORDS
    numbers = np.bitwise_count(sets[:, : count * WORDS])
    before = np.zeros((count + 1, len(sets)), np.uint32)
    parts = numbers.reshape(len(sets), count, WORDS)
    np.cumsum(parts.sum(axis=2, dtype=np.uint32).T, axis=0, out=before[1:])
    return before


class Parted(NamedTuple):
    """A set over all words: runs of bundles that have everybody, and the others."""

    starts: np.ndarray  # the first bundle of each run
    ends: np.ndarray  # the one after its last
    words: np.ndarray | slice  # see bits.filled
    rest: Bits  # the others of the set, in those words

    @classmethod
    def of(cls, found: Bits) -> Parted:
        """Part a set over all words. A short one, counted as soon, stays whole."""
        if len(found) < FEW:
            words = bits.filled(found)
            return cls(_NONE, _NONE, words, found[words])
        end = len(found) // WORDS * WORDS
        # A flag is a byte, so those of a bundle are one number.
        flags = (found[:end] == _FULL).view(f"u{WORDS}")
        is_full = flags == int.from_bytes(b"\1" * WORDS)
        rest = found.copy()
        rest[:end].reshape(-1, WORDS)[is_full] = 0
        words = bits.filled(rest)
        return cls(*_runs(is_full), words, rest[words])

    @classmethod
    def of_some(cls, found: Bits, words: np.ndarray) -> Parted:
        """The same of a set over some words, ascending."""
        bundle = words // WORDS
        count = bundle.max(initial=0) + 1
        is_full = np.bincount(bundle[found == _FULL], minlength=count) == WORDS
        others = (found != 0) & ~is_full[bundle]
        return cls(*_runs(is_full), words[others], found[others])

    def in_full(self, before: np.ndarray, rows: slice) -> np.ndarray | int:
        """How many of some sets the full bundles have (see counted)."""
        if not len(self.starts):
            return 0
        last, first = before[self.ends, rows], before[self.starts, rows]
        return np.add.reduce(last - first, dtype=np.int64)


def _runs(flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of flags that are set begins, and where it has ended."""
    held = np.zeros(len(flags) + 2, bool)  # nothing before them, nothing after
    held[1:-1] = flags
    edges = (held[1:] != held[:-1]).nonzero()[0]
    return edges[::2], edges[1::2]


_NONE = np.empty(0, np.intp)
