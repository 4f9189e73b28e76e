"""The first listings of a total order, without sorting all that match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from providers import geo
from providers.search.index import bits
from providers.search.index.asking import Asked, Scope
from providers.search.index.bits import Bits

SORTED_AT_ONCE = 4_096  # matches that are cheaper to sort than to narrow down
UNKNOWN = np.int64(np.iinfo(np.int64).max)
_AMOUNT_OF = {"price": "session", "course": "course"}
_NEAREST_KM = 5.0


class Ranked(NamedTuple):
    """A listing with what it is ordered by; ties go by the primary key."""

    key: tuple
    pk: int
    chord_squared: float | None


def first(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    """The first `count` of a set over the question's scope, in the question's order."""
    search = asked.search
    if search.sort == "distance" and search.origin:
        return nearest(asked, found, count)
    if search.sort in _AMOUNT_OF:
        return _cheapest(asked, found, count, _AMOUNT_OF[search.sort])
    if search.sort == "checked":
        return _last_checked(asked, found, count)
    return _by_name(asked, found, count)


def _narrowed(found: Bits, count: int, cuts: Iterator[Bits]) -> Bits:
    """A part of the set with at least `count`, all of whom come before the rest.

    Each cut is a set that comes before all others, and holds the cut before it.
    """
    total = bits.count(found)
    if total <= max(SORTED_AT_ONCE, 2 * count):
        return found
    for cut in cuts:
        if bits.count(part := found & cut) >= count:
            return part
    return found


def _taken(asked: Asked, rows: np.ndarray, keys: list[np.ndarray], count: int):
    """The first rows by several keys, the first key first."""
    pks = asked.segment.pks[rows]
    order = np.lexsort((pks, *reversed(keys)))[:count]
    origin = asked.search.origin
    squares = [None] * len(order)
    if origin:
        squared = asked.segment.squared_km(rows[order], origin.point).tolist()
        squares = [None if square != square else square for square in squared]
    listed = zip(*(key[order].tolist() for key in keys), strict=True)
    return [
        Ranked(key, pk, square)
        for key, pk, square in zip(listed, pks[order].tolist(), squares, strict=True)
    ]


def nearest(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    """By distance; listings without a point come last."""
    origin, scope = asked.search.origin.point, asked.scope
    rows = scope.rows(_narrowed(found, count, _circles(scope, origin)))
    squared = asked.segment.squared_km(rows, origin)
    return _taken(asked, rows, [np.fmin(squared, np.inf)], count)


def _circles(scope: Scope, origin: geo.Point) -> Iterator[Bits]:
    radius_km = _NEAREST_KM
    while radius_km < geo.FARTHEST_KM:
        circle = Scope.within(scope.segment, origin, radius_km)
        yield circle.whole(circle.inside)[scope.words]
        radius_km *= 2


def _last_checked(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    rows = asked.scope.rows(_narrowed(found, count, _recent(asked)))
    return _taken(asked, rows, [-asked.segment.checked[rows].astype(np.int64)], count)


def _recent(asked: Asked) -> Iterator[Bits]:
    today = asked.search.on.toordinal()
    for days in (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512):
        yield asked.segment.checked_since(today - days, asked.scope.words)


def _by_name(asked: Asked, found: Bits, count: int) -> list[Ranked]:
    segment, words = asked.segment, asked.scope.words
    ranks = segment.names.rank.reshape(-1, bits.WORD)[words]
    start = len(segment) * 2 * count // max(1, bits.count(found)) + 1
    cuts = (bits.pack(ranks < start << n)[:, 0] for n in range(12))
    rows = asked.scope.rows(_narrowed(found, count, cuts))
    taken = _taken(asked, rows, [segment.names.rank[rows]], count)
    row_of = dict(zip(segment.pks[rows].tolist(), rows.tolist(), strict=True))
    # A rank says nothing outside its segment, where answers are put together.
    return [one._replace(key=(segment.names.name(row_of[one.pk]),)) for one in taken]


def _cheapest(asked: Asked, found: Bits, count: int, amount: str) -> list[Ranked]:
    """By the lowest whole amount, then by the lowest "at least"; unknown last."""
    here, complete, fresh = asked.amounts(amount)
    current = asked.slots() & here & fresh
    whole, at_least = current & complete, current & ~complete
    part = _narrowed(found, count, _cheap(asked, whole, amount))
    local, rows = bits.positions(part), asked.scope.rows(part)
    low = asked.segment.money[amount].lows(rows)
    lowest = _lowest(low, bits.holds(whole, local))
    least = np.where(
        lowest < UNKNOWN, UNKNOWN, _lowest(low, bits.holds(at_least, local))
    )
    return _taken(asked, rows, [lowest, least], count)


def _lowest(low: np.ndarray, counting: np.ndarray) -> np.ndarray:
    """The lowest of each column, of the slots that count."""
    return np.where(counting, low, UNKNOWN).min(axis=0, initial=UNKNOWN)


def _cheap(asked: Asked, whole: Bits, amount: str) -> Iterator[Bits]:
    """Whose cheapest whole amount is at most one edge after the other."""
    low = asked.segment.money[amount].low_cents[:, asked.scope.words]
    for edge in asked.segment.price_edges(amount, asked.search.currency):
        yield bits.any_of(whole & bits.pack(low <= edge)[..., 0])


def lowest_cents(asked: Asked) -> int | None:
    """The lowest whole, current session price of the offerings that match."""
    here, complete, fresh = asked.amounts("session")
    wanted = asked.slots() & here & fresh & complete & asked.found
    money = asked.segment.money["session"]
    found = [money.lows(asked.scope.rows(s))[k] for k, s in enumerate(wanted)]
    return min((int(some.min()) for some in found if len(some)), default=None)
