"""Names by the beginning of a word: sorted words, and whose name has each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from providers.search.index import bits

_AFTER = chr(0x10FFFF)  # sorts behind every letter that can follow a prefix


def _padded(ranks: np.ndarray) -> np.ndarray:
    missing = -len(ranks) % bits.WORD
    return np.pad(ranks, (0, missing), constant_values=np.iinfo(np.int32).max)


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
        pairs = [(w, row) for row, name in enumerate(names) for w in set(name.split())]
        words = sorted({word for word, _ in pairs})
        number = {word: place for place, word in enumerate(words)}
        which = np.fromiter((number[w] for w, _ in pairs), np.int32, len(pairs))
        rows = np.fromiter((row for _, row in pairs), np.int32, len(pairs))
        order = np.argsort(which, kind="stable")
        encoded = [name.encode() for name in names]
        place = {name: rank for rank, name in enumerate(sorted(set(encoded)))}
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        return cls(
            words=words,
            starts=np.searchsorted(which[order], np.arange(len(words) + 1)).astype(
                "i4"
            ),
            rows=rows[order],
            text=b"".join(encoded),
            ends=np.cumsum(lengths).astype(np.int32),
            rank=_padded(
                np.fromiter((place[n] for n in encoded), np.int32, len(encoded))
            ),
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
