"""Sets of listings as packed bits: 64 a word, the lowest bit first.

A set over n listings is an array of ceil(n / 64) words; bits past n are 0.
"""

from __future__ import annotations

import numpy as np

WORD = 64
ALL = slice(None)
Bits = np.ndarray  # of little-endian uint64
_DTYPE = np.dtype("<u8")
BLOCK = 1 << 16  # words in hand at once, so that a step stays in the processor's cache
SHORT = 100  # words that one big number counts sooner than numpy has begun
STRETCH = 1_000  # words whose bits 16 bits can count, and quicker so


def words_for(listings: int) -> int:
    return -(-listings // WORD)


def none(*shape: int) -> Bits:
    return np.zeros(shape, _DTYPE)


def pack(flags: np.ndarray) -> Bits:
    """Bits of booleans; the last axis is a multiple of 64 long."""
    *shape, last = flags.shape
    packed = np.packbits(flags, bitorder="little").view(_DTYPE)
    return packed.reshape(*shape, last // WORD)


def unpack(bits: Bits) -> np.ndarray:
    """Booleans of bits: the last axis grows 64-fold."""
    octets = np.ascontiguousarray(bits).view(np.uint8)
    return np.unpackbits(octets, axis=-1, bitorder="little").view(bool)


def at(rows: np.ndarray, words: int) -> Bits:
    """The set of the rows given (in any order, repeated or not)."""
    flags = np.zeros(words * WORD, bool)
    flags[rows] = True
    return pack(flags)


def scattered(options: np.ndarray, rows: np.ndarray, count: int, words: int) -> Bits:
    """A set for each of `count` options, from pairs of an option and a row.

    `options` may have several lines, each of which goes with the rows.
    """
    matrix = none(count * words)
    one = np.left_shift(_DTYPE.type(1), (rows & (WORD - 1)).astype(_DTYPE))
    word = (rows >> 6).astype(np.int64)
    for line in np.atleast_2d(options):
        np.bitwise_or.at(matrix, line * np.int64(words) + word, one)
    return matrix.reshape(count, words)


def positions(bits: Bits) -> np.ndarray:
    """The rows of a set, ascending."""
    filled = bits.nonzero()[0]
    if 2 * len(filled) > len(bits):
        return unpack(bits).nonzero()[0]
    return positions_in(bits, filled)


def positions_in(bits: Bits, words: np.ndarray) -> np.ndarray:
    """The rows of a set in some of its words, in their order."""
    found = unpack(bits[words]).nonzero()[0]
    return rows_of(words[found >> 6], found)


def rows_of(words: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The rows in some words whose bits are those of some places."""
    return words * WORD + (places & (WORD - 1))


def holds(bits: Bits, rows: np.ndarray) -> np.ndarray:
    """Whether each row is in the set, as booleans."""
    shifts = (rows & (WORD - 1)).astype(_DTYPE)
    return (bits[..., rows >> 6] >> shifts & _DTYPE.type(1)).astype(bool)


def count(bits: Bits) -> int:
    if len(bits) <= SHORT:
        return int.from_bytes(bits.tobytes(), "little").bit_count()
    return int(np.add.reduce(np.bitwise_count(bits), dtype=np.int64))


def sizes(sets: Bits) -> np.ndarray:
    """How many are in each row of `sets`."""
    dtype = np.uint16 if sets.shape[1] <= STRETCH else np.uint32
    return np.add.reduce(np.bitwise_count(sets), axis=1, dtype=dtype)


def counts(sets: Bits, within: Bits, words: np.ndarray | slice = ALL) -> np.ndarray:
    """How many of each set lie within another: one number a row of `sets`.

    `words` are those of the sets over which `within` is; all of them by default.
    """
    found = np.zeros(len(sets), np.int64)
    step = max(1, BLOCK // max(1, len(within)))
    for at in range(0, len(sets), step):
        own = chosen(sets[at : at + step], words)
        found[at : at + step] = sizes(own & within)
    return found


def chosen(sets: Bits, words: np.ndarray | slice) -> Bits:
    """Some words of sets, the last axis; the sets themselves for all of them."""
    if words is ALL or sets.flags.c_contiguous:
        return in_words(sets, words, axis=-1)
    return sets[..., words]  # `take` would copy them all first


def in_words(columns: np.ndarray, words: np.ndarray | slice, axis: int) -> np.ndarray:
    """Columns in some words, which are one of their axes; as they are in all."""
    return columns if words is ALL else columns.take(words, axis=axis)


def filled(found: Bits) -> np.ndarray | slice:
    """The words in which anybody is, or all where leaving out others does not pay."""
    some = found.nonzero()[0]
    return ALL if 3 * len(some) > len(found) else some


def any_of(sets: Bits) -> Bits:
    """The union along the first axis."""
    return np.bitwise_or.reduce(sets, axis=0)
