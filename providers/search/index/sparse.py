"""Sets whose listings lie close together, such as those of a state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from providers.search.index import bits
from providers.search.index.bits import Bits


class Sparse(NamedTuple):
    """Sets, none of them empty, of each of which only words with anybody are kept.

    Sorted by the grid, the listings of a state stand in few words: a twentieth of the
    space, and of the time to count them.
    """

    words: np.ndarray  # int32: those of the first set, ascending, then of the next
    held: Bits  # what stands in each
    starts: np.ndarray  # the first of each set's, and the end

    @classmethod
    def of(cls, sets: Bits) -> Sparse:
        which, words = np.nonzero(sets)
        starts = np.searchsorted(which, np.arange(len(sets) + 1))
        return cls(words.astype(np.int32), sets[which, words], starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def one(self, number: int, words: int) -> Bits:
        """One of the sets, over so many words."""
        own = slice(self.starts[number], self.starts[number + 1])
        whole = bits.none(words)
        whole[self.words[own]] = self.held[own]
        return whole

    def counts(self, within: Bits) -> np.ndarray:
        """How many of each set lie within another, over all words."""
        numbers = np.bitwise_count(self.held & within[self.words])
        return np.add.reduceat(numbers, self.starts[:-1], dtype=np.int64)

    @property
    def nbytes(self) -> int:
        return self.words.nbytes + self.held.nbytes + self.starts.nbytes
