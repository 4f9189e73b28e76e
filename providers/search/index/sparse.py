"""Sets whose listings lie close together, such as those of a state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from providers.search.index import bits
from providers.search.index.bits import ALL, Bits

FEW = 20_000  # kept words that are all looked at sooner than some are picked


class Sparse(NamedTuple):
    """Sets, none of them empty, of each of which only words with anybody are kept.

    Sorted by the grid, the listings of a state stand in few words: a twentieth of the
    space, and of the time to count them.
    """

    words: np.ndarray  # those of the first set, ascending, then of the next
    held: Bits  # what stands in each
    starts: np.ndarray  # the first of each set's, and the end
    which: np.ndarray  # uint16: the set of each
    by_word: np.ndarray  # int32: their places in the order of words
    begins: np.ndarray  # int32: where in that order each word begins, and the end

    @classmethod
    def of(cls, sets: Bits) -> Sparse:
        which, words = np.nonzero(sets)
        by_word = np.argsort(words, kind="stable")
        begins = np.searchsorted(words[by_word], np.arange(sets.shape[1] + 1))
        return cls(
            words=words,
            held=sets[which, words],
            starts=np.searchsorted(which, np.arange(len(sets) + 1)),
            which=which.astype(np.uint16),
            by_word=by_word.astype(np.int32),
            begins=begins.astype(np.int32),
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def one(self, number: int, words: int) -> Bits:
        """One of the sets, over so many words."""
        own = slice(self.starts[number], self.starts[number + 1])
        whole = bits.none(words)
        whole[self.words[own]] = self.held[own]
        return whole

    def counts(self, within: Bits, words: np.ndarray | slice = ALL) -> np.ndarray:
        """How many of each set lie within another, which is over those words."""
        if words is not ALL and len(self.words) > FEW:
            return self._counts_in(within, words)
        whole = within
        if words is not ALL:
            whole = bits.none(len(self.begins) - 1)
            whole[words] = within
        numbers = np.bitwise_count(self.held & whole.take(self.words))
        return np.add.reduceat(numbers, self.starts[:-1], dtype=np.int64)

    def _counts_in(self, within: Bits, words: np.ndarray) -> np.ndarray:
        """The same where it pays to pick what stands in those words."""
        ends = self.begins[words + 1]
        lengths = ends - self.begins[words]
        ahead = np.repeat(ends - np.cumsum(lengths), lengths)
        own = self.by_word[ahead + np.arange(len(ahead))]
        numbers = np.bitwise_count(self.held[own] & np.repeat(within, lengths))
        return np.bincount(self.which[own], numbers, len(self)).astype(np.int64)

    @property
    def nbytes(self) -> int:
        return sum(column.nbytes for column in self)
