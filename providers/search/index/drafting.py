"""Tables put together: whole columns in the order of the segment to be built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from math import prod
from typing import NamedTuple

import numpy as np

from providers.costs import POSTED
from providers.search.index import bits, grid
from providers.search.index.names import Spelled
from providers.search.index.numbers import Numbers
from providers.search.index.tables import Kind, Listings, Offers, Posted, Statement

FOUND_AT_ONCE = 1 << 18  # primary keys and marks in hand
_LAST = np.iinfo(np.int64).max  # behind all primary keys


def _whole(batches: Iterable[tuple], dtypes: str) -> list[np.ndarray]:
    """Batches of columns put together: one array for each column."""
    columns: list[list[np.ndarray]] = [[] for _ in dtypes]
    for batch in batches:
        for arrays, column, dtype in zip(columns, batch, dtypes, strict=True):
            arrays.append(np.array(column, dtype))
    if not columns[0]:
        return [np.empty(0, dtype) for dtype in dtypes]
    return list(map(np.concatenate, columns))


class Amounts(NamedTuple):
    """The amounts of every offering: (amounts, offerings)."""

    low_cents: np.ndarray  # UNKNOWN where it is not known
    currency: np.ndarray
    complete: np.ndarray
    known_until: np.ndarray


class Listed:
    """The listings as they come along the grid's curve, then by primary key."""

    def __init__(self, batches: Iterable[Listings]) -> None:
        self.spelled = Spelled()
        self.places = Numbers()  # (country, regions, confirming) → number
        taken = _whole(map(self._taken, batches), "qiiddddd")
        pks, checked, place, *points = taken
        along = grid.along(*points[:2])
        self.order = order = np.lexsort((pks, along))
        self.pks, self.checked, self.place = pks[order], checked[order], place[order]
        self.cell = grid.cells(along[order])
        self.axes_km = np.array(points[2:])[:, order]
        self._rows = np.argsort(self.pks)
        self._keys = np.append(self.pks[self._rows], _LAST)

    def _taken(self, batch: Listings) -> tuple:
        self.spelled.take(batch.name)
        place = list(map(self.places.__getitem__, batch.place))
        return batch.pk, batch.checked_on, place, *batch.point

    def __len__(self) -> int:
        return len(self.pks)

    @property
    def words(self) -> int:
        return bits.words_for(len(self))

    def find(self, pks: Collection[int]) -> tuple[np.ndarray, np.ndarray]:
        """Which of these are listed, as positions, and the row of each of those."""
        asked = np.asarray(pks, np.int64)
        place = np.searchsorted(self._keys, asked)
        found = np.flatnonzero(self._keys[place] == asked)
        return found, self._rows[place[found]]


class Offered:
    """The offerings of those listings, by row."""

    def __init__(self, batches: Iterable[Offers], listed: Listed) -> None:
        self.parts = Numbers()  # (route, setting, therapy, format) → number
        self.trips = Numbers({(0, 0): 0})  # (to doses, to others) → number
        self.currencies = Numbers({"": 0})
        self._kinds: Sequence[Kind] = ()
        self._regions: Sequence[str] = ()
        self._count = 0
        pks, kind, *lows, links, regions = _whole(map(self._taken, batches), "qiiiiiqi")
        found, rows = listed.find(pks)
        order = np.argsort(rows, kind="stable")
        self.of, came = rows[order], found[order]
        counts = np.bincount(self.of, minlength=len(listed))
        self.most = counts.max(initial=0)  # offerings of one listing
        self.slot = np.arange(len(order)) - (np.cumsum(counts) - counts)[self.of]
        self.at = self.slot * (listed.words * bits.WORD) + self.of  # slot after slot
        self._tell(kind[came], *(column[came] for column in lows))
        place = np.full(len(pks), -1)
        place[came] = np.arange(len(came))
        self.serves = _by_region(self._regions, regions, place[links])

    def _taken(self, batch: Offers) -> tuple:
        links = batch.serves.offer + self._count
        self._kinds, self._regions = batch.kinds, batch.serves.regions
        self._count += len(batch.listing)
        columns = batch.listing, batch.kind, *batch.session, *batch.course
        return *columns, links, batch.serves.region

    def _tell(self, kind: np.ndarray, cents, until, course_cents, course_until) -> None:
        """What kinds and amounts tell of each offering."""

        def of_each(values: Iterable, dtype: str = "i") -> np.ndarray:
            return np.array(list(values), dtype)[kind]

        kinds = self._kinds
        self.part = of_each(self.parts[each[:4]] for each in kinds)
        self.trip = of_each(self.trips[each[4:6]] for each in kinds)
        self.amounts = Amounts(
            low_cents=np.array([cents, course_cents]),
            currency=np.array(
                [
                    of_each(self.currencies[k[number]] for k in kinds)
                    for number in (6, 8)
                ]
            ),
            complete=np.array(
                [of_each((k[number] for k in kinds), "?") for number in (7, 9)]
            ),
            known_until=np.array([until, course_until]),
        )


def _by_region(
    names: Sequence[str], regions: np.ndarray, offers: np.ndarray
) -> dict[str, np.ndarray]:
    """The offerings that serve each region, ascending; -1 is none."""
    known = offers >= 0
    pairs = np.sort(regions[known].astype(np.int64) << 32 | offers[known])
    ends = pairs.searchsorted(np.arange(1, len(names) + 1) << 32)
    return dict(zip(names, _cut(pairs & 0xFFFFFFFF, ends), strict=True))


def spread(table: Sequence[Sequence[int]], which: np.ndarray) -> tuple[np.ndarray, ...]:
    """Lists of numbers taken apart: (number, place in `which`) of each."""
    lengths = np.array(list(map(len, table)), np.int64)
    starts = lengths.cumsum() - lengths
    flat = np.array(list(chain.from_iterable(table)), np.int64)
    counts = lengths[which]
    places = np.arange(len(which)).repeat(counts)
    shifts = starts[which] - counts.cumsum() + counts
    return flat[shifts.repeat(counts) + np.arange(len(places))], places


def stated(
    statements: Iterable[Statement], listed: Listed
) -> tuple[dict[str, bits.Bits], dict[str, np.ndarray]]:
    """Who meets each option, as sets, and the rows of those who deny it, ascending."""
    met: dict[str, bits.Bits] = {}
    denied, coming = defaultdict(list), iter(statements)
    while some := _filled(coming, len(listed)):
        for statement, rows, found in _found(some, listed):
            option = statement.option
            if not statement.is_met:
                denied[option].append(rows)
            else:
                met[option] = met[option] | found if option in met else found
    return met, {o: np.sort(np.concatenate(rows)) for o, rows in denied.items()}


def _found(
    statements: Sequence[Statement], listed: Listed
) -> Iterator[tuple[Statement, np.ndarray, bits.Bits]]:
    """Each with the rows of its listings, also as a set, all found in one go."""
    lengths = np.array([len(each.listings) for each in statements])
    found, rows = listed.find(np.concatenate([each.listings for each in statements]))
    which = np.arange(len(lengths)).repeat(lengths)[found]
    shape = len(lengths), listed.words
    sets = bits.at(which * (listed.words * bits.WORD) + rows, prod(shape))
    own = _cut(rows.astype(np.int32), found.searchsorted(lengths.cumsum()))
    return zip(statements, own, sets.reshape(shape), strict=True)


def _filled(statements: Iterator[Statement], rows: int) -> list[Statement]:
    """So many of the next as FOUND_AT_ONCE allows: each has a mark for every row."""
    some, count = [], 0
    while count < FOUND_AT_ONCE and (each := next(statements, None)):
        some.append(each)
        count += len(each.listings) + rows
    return some


def _cut(column: np.ndarray, ends: np.ndarray) -> list[np.ndarray]:
    """Parts of the column, by where each ends."""
    stops = ends.tolist()
    return [column[a:b] for a, b in zip([0, *stops], stops, strict=False)]


def posted(batches: Iterable[Posted], listed: Listed) -> np.ndarray:
    """(POSTED, rows): ordinals of the last days on which a price tells it."""
    until = np.zeros((len(POSTED), len(listed)), np.int32)
    for batch in batches:
        found, rows = listed.find(batch.listing)
        for own, told in zip(until, batch.until, strict=True):
            np.maximum.at(own, rows, told[found].astype(np.int32))
    return until
