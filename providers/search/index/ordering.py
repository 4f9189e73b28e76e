"""The first listings of a total order, without sorting all that match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from providers import geo
from providers.question import SORT_AMOUNTS
from providers.search.index import bits
from providers.search.index.asking import Asked
from providers.search.index.bits import Bits
from providers.search.index.segment import ROUNDING_KM

SORTED_AT_ONCE = 4_096  # matches that are cheaper to sort than to narrow down
RECKONED_AT_ONCE = 512  # likewise, where what they are sorted by is reckoned first
# Amounts are below 2**48: first the whole ones, then "at least", then unknown.
UNKNOWN = np.int64(2**50)
AT_LEAST = np.int64(2**48)
_WORDS_AT_ONCE = 256


# What a listing is ordered by, its primary key, by which ties go; the chord's square.
Ranked = tuple[tuple, int, float | None]
Order = Callable[[Asked, Bits, int], list[Ranked]]  # the first so many of a set


def first(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    """The first `count` of a set over the question's scope, in the question's order."""
    search = asked.search
    if search.sort == "distance" and search.origin:
        return nearest(asked, found, count)
    if search.sort in SORT_AMOUNTS:
        return _cheapest(asked, found, count, SORT_AMOUNTS[search.sort])
    if search.sort == "checked":
        return _last_checked(asked, found, count)
    if search.sort == "posted":
        return _most_posted(asked, found, count)
    return by_name(asked, found, count)


def _narrowed(found: Bits, count: int, cuts: Iterator[Bits], most: int) -> Bits:
    """A part of the set with at least `count`, all of whom come before the rest.

    Each cut is a set that comes before all others, and holds the cut before it. A set
    of `most` at most is sorted whole.
    """
    total = bits.count(found)
    if total <= max(most, 2 * count):
        return found
    for cut in cuts:
        if bits.count(part := found & cut) >= count:
            return part
    return found


Key = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _first(asked: Asked, found: Bits, count: int, key: Key) -> list[Ranked]:
    """The first by a key, then by the primary key.

    `key` makes it for some places in the scope and the rows that these are.
    """
    rows, keys = _first_rows(asked, found, count, key)
    return _ranked(asked, rows, zip(keys.tolist(), strict=True))


def _first_rows(
    asked: Asked, found: Bits, count: int, key: Key, words: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """`words`: those of the set in which they surely are, if that is known."""
    rows = keys = None
    for places in _places(found, words):
        more = asked.scope.rows_at(places)
        own = key(places, more)
        if rows is not None:
            more, own = np.concatenate([rows, more]), np.concatenate([keys, own])
        rows, keys = _least(asked, more, own, count)
    return rows, keys


def _places(found: Bits, words: np.ndarray | None = None) -> Iterator[np.ndarray]:
    """The places in a set, or in some of its words, some at a time: a search takes few
    bytes a listing."""
    if words is None:
        words = found.nonzero()[0]
    at_once = _WORDS_AT_ONCE
    if len(words) > at_once and bits.count(found) <= 2 * SORTED_AT_ONCE:
        at_once = len(words)
    for start in range(0, max(1, len(words)), at_once):
        yield bits.positions_in(found, words[start : start + at_once])


def _least(asked: Asked, rows, keys, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows with the least keys, in order."""
    if 0 < count < len(rows):
        edge = keys[keys.argpartition(count - 1)[count - 1]]
        some = (keys <= edge).nonzero()[0]
        rows, keys = rows[some], keys[some]
    order = np.lexsort((asked.segment.pks[rows], keys))[:count]
    return rows[order], keys[order]


def _ranked(
    asked: Asked, rows: np.ndarray, keys: Iterable[tuple], squared=None
) -> list[Ranked]:
    """`squared`: the squares of the chords where they are known already."""
    if squared is None:
        squared = _squared(asked, rows)
    squares = [km if km < np.inf else None for km in squared.tolist()]
    return list(zip(keys, asked.segment.pks[rows].tolist(), squares, strict=True))


def _squared(asked: Asked, rows: np.ndarray) -> np.ndarray:
    """Of the chord to each, NaN where there is none."""
    if asked.search.origin is None:
        return np.full(len(rows), np.nan)
    return asked.segment.chords_squared(rows, asked.search.origin.point)


def nearest(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    """By distance, of listings that have a point."""

    def squared(_places, rows):
        return _squared(asked, rows)

    words = found.nonzero()[0]
    if len(words) > count and bits.count(found) > RECKONED_AT_ONCE:
        words = _nearby(asked, found, words, count)
    rows, keys = _first_rows(asked, found, count, squared, words)
    return _ranked(asked, rows, zip(keys.tolist(), strict=True), keys)


def _nearby(asked: Asked, found: Bits, some: np.ndarray, count: int) -> np.ndarray:
    """Those of a set's words that can hold its nearest: those that begin before words
    with `count` of it have ended."""
    segment, words = asked.segment, asked.scope.words
    balls = some if isinstance(words, slice) else words[some]
    if asked.scope.far_km is None:
        at = geo.position(asked.search.origin.point)
        far = segment.middles_away_km(at, balls)
    else:
        far = asked.scope.far_km[some]
    reach = segment.reach_km[balls]
    edge = _edge(found, some, far + reach, count)
    return some[far - reach <= edge + ROUNDING_KM]


def _edge(found: Bits, some: np.ndarray, ends: np.ndarray, count: int) -> float:
    """How far `count` of a set at least are, of words each of which has one or more."""
    nearest = some[ends.argmin()]
    if int(found[nearest]).bit_count() >= count:
        return ends.min()
    first = ends.argpartition(count)[:count]
    first = first[ends[first].argsort()]
    ended = np.bitwise_count(found[some[first]]).cumsum(dtype=np.int64)
    return ends[first[ended.searchsorted(count)]]


def _last_checked(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    def age(_places, rows):
        return -asked.segment.checked[rows].astype(np.int64)

    part = _narrowed(found, count, _recent(asked), SORTED_AT_ONCE)
    return _first(asked, part, count, age)


def _recent(asked: Asked) -> Iterator[Bits]:
    today = asked.search.on.toordinal()
    for days in (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512):
        yield asked.segment.checked_since(today - days, asked.scope.words)


def by_name(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    """By name, ties by the primary key."""
    names = asked.segment.names
    early = _early_names(asked, found, count)
    part = _narrowed(found, count, early, SORTED_AT_ONCE)
    rows, _ = _first_rows(asked, part, count, lambda _places, rows: names.rank[rows])
    # A rank says nothing outside its segment, where answers are put together.
    return _ranked(asked, rows, [(names.name(row),) for row in rows.tolist()])


def _early_names(asked: Asked, found: Bits, count: int) -> Iterator[Bits]:
    ranks = asked.segment.names.rank.reshape(-1, bits.WORD)
    ranks = bits.in_words(ranks, asked.scope.words, axis=0)
    start = len(asked.segment) * 2 * count // max(1, bits.count(found)) + 1
    for doubled in range(12):
        yield bits.pack(ranks < start << doubled)[:, 0]


def _cheapest(asked: Asked, found: Bits, count: int, amount: str) -> list[Ranked]:
    """By the lowest whole amount, then by the lowest "at least"; unknown last."""
    here, complete, fresh = asked.amounts(amount)
    current = asked.slots & here & fresh
    whole, at_least = current & complete, current & ~complete

    def lowest(places, rows):
        low = asked.lows(amount, rows)
        first = _lowest(low, bits.holds(whole, places))
        second = _lowest(low, bits.holds(at_least, places))
        return np.where(first < UNKNOWN, first, AT_LEAST + second)

    part = _narrowed(found, count, _cheap(asked, whole, amount), RECKONED_AT_ONCE)
    return _first(asked, part, count, lowest)


def _lowest(low: np.ndarray, counting: np.ndarray) -> np.ndarray:
    """The lowest of each column, of the slots that count."""
    return np.where(counting, low, UNKNOWN).min(axis=0, initial=UNKNOWN)


def _cheap(asked: Asked, whole: Bits, amount: str) -> Iterator[Bits]:
    """Whose cheapest whole amount is at most one edge after the other."""
    if amount == "total":
        yield bits.any_of(whole)
        return  # to know whom an edge cuts off takes as long as to order them
    for cheapest in asked.segment.cheapest(amount, asked.search.currency):
        yield bits.any_of(whole & asked.scope.here(cheapest))


def _most_posted(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    """By how many of POSTED their prices tell, then the nearest, or by name."""
    by_rest = nearest if asked.search.origin else by_name
    telling = asked.segment.telling(asked.search.on.toordinal())
    ranked: list[Ranked] = []
    for number in reversed(range(len(telling))):
        some = found & asked.scope.here(telling[number])
        if len(ranked) < count and some.any():
            rest = by_rest(asked, some, count - len(ranked))
            ranked += [((-number, *key), *known) for key, *known in rest]
    return ranked


def lows(asked: Asked, amount: str) -> list[int]:
    """The low ends in cents of whole, current amounts of the offerings that match."""
    here, complete, fresh = asked.amounts(amount)
    wanted = asked.slots & here & fresh & complete & asked.found
    found: list[int] = []
    for places in _places(bits.any_of(wanted)):
        own = asked.lows(amount, asked.scope.rows_at(places))
        found += own[bits.holds(wanted, places)].tolist()
    return found
