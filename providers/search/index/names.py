"""Names by the beginning of a word: sorted words, and whose name has each."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import ne

import numpy as np

from providers.search.index import bits
from providers.search.index.numbers import Numbers

_AT_ONCE = 500  # names split together
_AFTER = chr(0x10FFFF)  # sorts behind every letter that can follow a prefix


def _ranks(names: Sequence[str]) -> np.ndarray:
    """The place of each in code point order, ties equal; filled up to whole words."""
    order = sorted(range(len(names)), key=names.__getitem__)
    ordered = [names[row] for row in order]
    differs = chain([False], map(ne, ordered[1:], ordered))
    whole = bits.words_for(len(names)) * bits.WORD
    ranks = np.full(whole, np.iinfo(np.int32).max, np.int32)
    ranks[order] = np.cumsum(np.fromiter(differs, np.int32))
    return ranks


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a segment's listings.

    Since the words are sorted, those with one beginning are neighbours, and so are
    their listings in `rows`.
    """

    words: list[str]
    starts: np.ndarray  # int32, where each word's listings begin in `rows`
    rows: np.ndarray  # int32
    text: bytes  # every name, in the order of the rows
    ends: np.ndarray  # int32, where each name ends in `text`
    rank: np.ndarray  # int32 (words × 64), place in code point order, ties equal

    @classmethod
    def of(cls, names: Sequence[str]) -> Names:
        """Of plain names, in the order of the rows."""
        number, found, lengths = Numbers(), array("i"), array("i")
        for start in range(0, len(names), _AT_ONCE):
            split = list(map(str.split, names[start : start + _AT_ONCE]))
            lengths.extend(map(len, split))
            found.extend(map(number.__getitem__, chain.from_iterable(split)))
        words = sorted(number)
        renumbered = np.empty(len(words), np.int32)
        renumbered[list(map(number.__getitem__, words))] = np.arange(len(words))
        which = renumbered[np.array(found, np.int32)]
        order = np.argsort(which, kind="stable")
        rows = np.repeat(np.arange(len(names), dtype=np.int32), np.array(lengths))
        starts = np.searchsorted(which[order], np.arange(len(words) + 1))
        encoded = list(map(str.encode, names))
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        return cls(
            words=words,
            starts=starts.astype(np.int32),
            rows=rows[order],
            text=b"".join(encoded),
            ends=np.cumsum(sizes).astype(np.int32),
            rank=_ranks(names),
        )

    def name(self, row: int) -> str:
        start = int(self.ends[row - 1]) if row else 0
        return self.text[start : int(self.ends[row])].decode()

    def having(self, words: str, count: int) -> bits.Bits:
        """Whose name has a word that begins with each of `words`, in `count` words."""
        found = [bits.at(self._beginning(word), count) for word in words.split()]
        return np.bitwise_and.reduce(found, axis=0)

    def _beginning(self, prefix: str) -> np.ndarray:
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + _AFTER)
        return self.rows[self.starts[first] : self.starts[last]]

    @property
    def nbytes(self) -> int:
        """Bytes of the words, the names and their order."""
        arrays = (self.starts, self.rows, self.ends, self.rank)
        words = sum(56 + len(word) for word in self.words)  # a str and its slot
        return words + len(self.text) + sum(array.nbytes for array in arrays)
