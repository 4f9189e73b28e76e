"""Names by the beginning of a word: sorted words, and whose name has each."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from providers.search.index import bits
from providers.search.index.numbers import Numbers
from providers.search.index.runs import begins

_AT_ONCE = 1 << 14  # names put in order together
_LAST = np.iinfo(np.int32).max  # behind all ranks
_AFTER = chr(0x10FFFF)  # sorts behind every letter that can follow a prefix


class Spelled:
    """Plain names as they come: their words numbered, their letters in one run."""

    def __init__(self) -> None:
        self.numbers = Numbers()  # word → number
        self._words, self._lines = array("i"), bytearray(b"\n")

    def take(self, names: Sequence[str]) -> None:
        """As few at a time as the processor's cache holds."""
        lines = "\n".join([*names, ""])
        self._words.extend(map(self.numbers.__getitem__, lines.split()))
        self._lines += lines.encode()

    def words(self) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the words of one name after the other, how many each has."""
        letters, borders = self._letters()
        is_gap = letters <= ord(" ")
        before = np.flatnonzero(is_gap[:-1] & ~is_gap[1:]).searchsorted(borders)
        return np.array(self._words, np.int32), before[1:] - before[:-1]

    def text(self, order: np.ndarray) -> tuple[bytes, np.ndarray]:
        """The names in another order, and where each ends."""
        letters, borders = self._letters()
        starts, sizes = (
            (borders[:-1] + 1)[order],
            (borders[1:] - borders[:-1] - 1)[order],
        )
        ends, parts = sizes.cumsum(), []
        shifts = starts - ends + sizes
        for at in range(0, len(order), _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            moved = shifts[some].repeat(sizes[some])
            moved += np.arange(len(moved)) + (ends[at] - sizes[at])
            parts.append(letters[moved].tobytes())
        return b"".join(parts), ends

    def _letters(self) -> tuple[np.ndarray, np.ndarray]:
        """All of them, and the borders between which the names stand."""
        letters = np.frombuffer(self._lines, np.uint8)
        return letters, np.flatnonzero(letters == ord("\n"))


def _ranks(words: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The place of each name in code point order, ties equal.

    `words` are places in that order: a space sorts before all letters, and so names
    are ordered as their words are. From the last to the first: what a word begins is
    ordered by it, then by what comes after it.
    """
    starts, ranks = counts.cumsum() - counts, np.zeros(len(counts), np.int64)
    for at in reversed(range(counts.max(initial=0))):
        longer = np.flatnonzero(counts > at)
        keys = words[starts[longer] + at].astype(np.int64) << 32 | ranks[longer]
        order = keys.argsort()
        ranks[longer[order]] = begins(keys[order]).cumsum()
    return ranks - ranks.min(initial=len(ranks))


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
    def of(cls, spelled: Spelled, order: np.ndarray) -> Names:
        """Of the name that came as number order[0], the next is order[1] …"""
        words = sorted(spelled.numbers)
        places = np.empty(len(words), np.int32)
        places[list(map(spelled.numbers.__getitem__, words))] = np.arange(len(words))
        found, counts = spelled.words()
        which = places[found]
        rows = order.argsort()
        held = np.sort(which.astype(np.int64) << 32 | rows.repeat(counts))
        starts = np.zeros(len(words) + 1, np.int32)
        np.bincount(which, minlength=len(words)).cumsum(out=starts[1:])
        text, ends = spelled.text(order)
        rank = np.full(bits.words_for(len(order)) * bits.WORD, _LAST, np.int32)
        rank[rows] = _ranks(which, counts)
        return cls(
            words=words,
            starts=starts,
            rows=held.astype(np.int32),
            text=text,
            ends=ends.astype(np.int32),
            rank=rank,
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
