"""The index answers: questions of each segment, the answers put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain

import numpy as np

from providers.question import ENOUGH, FEW, LEFT_OUT, Search
from providers.remembered import Recent
from providers.search.answer import COUNTED, Answer, Hit, Tally
from providers.search.index import bits, counting, ordering
from providers.search.index.asking import Asked, Scope
from providers.search.index.building import build
from providers.search.index.rows import Row
from providers.search.index.segment import Segment
from providers.search.index.spreading import spread as spread_of
from providers.search.index.tables import Tables

_KEPT = 256  # numbers of who takes people at home


@dataclass(frozen=True)
class Index:
    """An immutable copy of the listings that a search may show (see answer.Engine).

    `base` holds them as they were built. What has changed since stands in `tail`, a
    small segment made from `loose`, and is hidden in `base`.
    """

    base: Segment
    loose: dict[int, Row]
    tail: Segment | None = None
    _at_home: Recent[int] = field(default_factory=lambda: Recent(_KEPT))

    @classmethod
    def build(cls, rows: Iterable[Row]) -> Index:
        return cls.of(Tables.of(list(rows)))

    @classmethod
    def of(cls, tables: Tables) -> Index:
        return cls(build(tables), {})

    def patched(self, changed: Sequence[Row], gone: Collection[int]) -> Index:
        """A new index in which some listings are what they are now, or are gone."""
        fresh = {row.pk: row for row in changed}
        loose = {pk: row for pk, row in self.loose.items() if pk not in gone} | fresh
        hidden, tail = np.array([*fresh, *gone], np.int64), None
        if fresh:
            tail = build(Tables.of(loose.values()))
        elif loose:  # to hide some takes a tenth of building it
            tail = self.tail.without(hidden)
        return Index(self.base.without(hidden), loose, tail)

    def __len__(self) -> int:
        return self.base.living + len(self.loose)

    @property
    def nbytes(self) -> int:
        """Bytes of the columns; those of names and words are `word_bytes`."""
        return sum(segment.nbytes for segment in self._segments)

    @property
    def word_bytes(self) -> int:
        return sum(segment.names.nbytes for segment in self._segments)

    @property
    def _segments(self) -> list[Segment]:
        return [self.base] if self.tail is None else [self.base, self.tail]

    # --- Answers --------------------------------------------------------------------

    def answer(
        self,
        search: Search,
        *,
        page_size: int,
        home: tuple[str, ...] = (),
        spread: bool = False,
    ) -> Answer:
        radius_km, asked = self._reached(search)
        total = _total(asked)
        left_out = {reason: _including(asked, reason) for reason in search.reasons}
        added = {reason: _count(found) - total for reason, found in left_out.items()}
        return Answer(
            total=total,
            hits=_page(asked, total, page_size),
            radius_km=radius_km,
            left_out=dict.fromkeys(LEFT_OUT, 0) | added,
            counts=_counts(asked),
            beyond=[] if total or not search.origin else _beyond(asked),
            unpriced=_unpriced(asked, left_out, total),
            remote_total=self._remote(asked, home),
            abroad=_abroad(asked, left_out) if added.get("other_country") else (),
            spread=spread_of(asked) if spread else None,
        )

    def total(self, search: Search) -> int:
        return _total(self._asked(search, search.radius_km))

    def amounts(self, search: Search, name: str) -> list[int]:
        asked = self._asked(search, search.radius_km)
        return sorted(chain.from_iterable(ordering.lows(one, name) for one in asked))

    def lowest_cents(self, search: Search, name: str) -> int | None:
        return next(iter(self.amounts(search.unlimited(name), name)), None)

    def _asked(self, search: Search, radius_km: float | None) -> list[Asked]:
        return [Asked(_scope(s, search, radius_km), search) for s in self._segments]

    def _reached(self, search: Search) -> tuple[float | None, list[Asked]]:
        """The radius asked for, else the smallest step that reaches enough.

        Enough are ten listings that match or that one click would add.
        """
        if search.origin is None or search.radius_km is not None:
            return search.radius_km, self._asked(search, search.radius_km)
        for radius_km in search.steps_km:
            asked = self._asked(search, radius_km)
            if sum(map(_within_reach, asked)) >= ENOUGH:
                break
        return radius_km, asked

    def _remote(self, asked: list[Asked], home: tuple[str, ...]) -> int:
        """How many take such people at home: for many places the same."""
        search = asked[0].search
        if not home:
            return 0
        if search.words:  # what a person typed is not kept
            return _total_at_home(asked, home)
        known = home, search.filters
        return self._at_home.made(known, lambda: _total_at_home(asked, home))


def _scope(segment: Segment, search: Search, radius_km: float | None) -> Scope:
    if search.origin is None or radius_km is None:
        return Scope.everywhere(segment)
    return Scope.within(segment, search.origin.point, radius_km)


def _within_reach(asked: Asked) -> int:
    more = [asked.including(reason) for reason in asked.search.reasons]
    return bits.count(reduce(np.bitwise_or, more, asked.found))


def _total(asked: list[Asked]) -> int:
    return sum(one.total for one in asked)


def _total_at_home(asked: list[Asked], home: tuple[str, ...]) -> int:
    search = asked[0].search.at_home_in(home)
    scopes = [Scope.serving(one.segment, home) for one in asked]
    pairs = zip(scopes, asked, strict=True)
    return _total([Asked(scope, search, one.named) for scope, one in pairs])


def _including(asked: list[Asked], reason: str) -> list[bits.Bits]:
    return [one.including(reason) for one in asked]


def _count(found: list[bits.Bits]) -> int:
    return sum(map(bits.count, found))


def _counts(asked: list[Asked]) -> dict[str, Tally]:
    found = reduce(counting.added, map(counting.tallies, asked))
    return {group: found.get(group, counting.NONE) for group in COUNTED}


def _page(asked: list[Asked], total: int, page_size: int) -> list[Hit]:
    end = asked[0].search.page * page_size
    start = end - page_size
    if start >= total:
        return []
    return _hits(asked, [one.found for one in asked], min(end, total))[start:]


def _beyond(asked: list[Asked]) -> list[Hit]:
    """The nearest few at any distance."""
    wide = [Asked(Scope.everywhere(a.segment), a.search, a.named) for a in asked]
    found = [one.found & one.segment.pointed for one in wide]
    return _hits(wide, found, FEW, ordering.nearest)


def _hits(
    asked: list[Asked],
    found: list[bits.Bits],
    count: int,
    first: ordering.Order = ordering.first,
) -> list[Hit]:
    """The first of all segments together."""
    pairs = zip(asked, found, strict=True)
    ranked = [one for a, f in pairs for one in first(a, f, count)]
    return [Hit(pk, squared) for _, pk, squared in sorted(ranked)[:count]]


def _unpriced(asked: list[Asked], left_out: dict, total: int) -> list[Hit]:
    """Few priced matches: the nearest unpriced, under their own heading."""
    if total >= FEW or "unpriced" not in left_out:
        return []
    pairs = zip(left_out["unpriced"], asked, strict=True)
    added = [more & ~one.found for more, one in pairs]
    is_near = asked[0].search.origin is not None
    return _hits(asked, added, FEW, ordering.nearest if is_near else ordering.by_name)


def _abroad(asked: list[Asked], left_out: dict) -> tuple[str, ...]:
    pairs = zip(asked, left_out["other_country"], strict=True)
    named = [c for one, m in pairs for c in counting.countries(one, m & ~one.found)]
    return tuple(sorted(set(named)))
