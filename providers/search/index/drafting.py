"""Tables put together: whole columns in the order of the segment to be built."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

import numpy as np

from providers.costs import POSTED
from providers.search.index import bits, grid
from providers.search.index.numbers import Numbers
from providers.search.index.tables import Amounts, Listings, Offers, Posted, Statement

FOUND_AT_ONCE = 1 << 18  # primary keys in hand
_LAST = np.iinfo(np.int64).max  # behind all primary keys


def _whole(batches: Iterable[tuple], dtypes: str) -> list[np.ndarray]:
    """Batches of columns put together: one array for each column."""
    columns = [[np.empty(0, dtype)] for dtype in dtypes]
    for batch in batches:
        for arrays, column, dtype in zip(columns, batch, dtypes, strict=True):
            arrays.append(np.array(column, dtype))
    return [np.concatenate(arrays) for arrays in columns]


class Listed:
    """The listings as they come along the grid's curve, then by primary key."""

    def __init__(self, batches: Iterable[Listings]) -> None:
        self._names: list[str] = []
        self.places = Numbers()  # (country, regions, confirming) → number
        taken = _whole(map(self._taken, batches), "qiiddddd")
        pks, checked, place, *points = taken
        along = grid.along(*points[:2])
        order = np.lexsort((pks, along))
        self.pks, self.checked, self.place = pks[order], checked[order], place[order]
        self.cell = grid.cells(along[order])
        self.axes_km = np.array(points[2:])[:, order]
        self.names = [self._names[row] for row in order.tolist()]
        del self._names
        self._rows = np.argsort(self.pks)
        self._keys = np.append(self.pks[self._rows], _LAST)

    def _taken(self, batch: Listings) -> tuple:
        self._names += batch.name
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
        self._regions, self._serving = Numbers(), array("i")
        self._served = array("i")  # how many regions each offering lists
        taken = _whole(map(self._taken, batches), "qii" + 2 * "di?i")
        found, rows = listed.find(taken[0])
        order = np.argsort(rows, kind="stable")
        self.of = rows[order]
        counts = np.bincount(self.of, minlength=len(listed))
        self.most = counts.max(initial=0)  # offerings of one listing
        self.slot = np.arange(len(order)) - (np.cumsum(counts) - counts)[self.of]
        self.part, self.trip, *amounts = (c[found[order]] for c in taken[1:])
        self.amounts = Amounts(*amounts[:4]), Amounts(*amounts[4:])
        self.serves = self._by_region(found[order], len(taken[0]))

    def _taken(self, batch: Offers) -> tuple:
        part = list(map(self.parts.__getitem__, batch.parts))
        trip = list(map(self.trips.__getitem__, batch.trips))
        serving = chain.from_iterable(batch.serves)
        self._serving.extend(map(self._regions.__getitem__, serving))
        self._served.extend(map(len, batch.serves))
        session, course = map(self._amounts, (batch.session, batch.course))
        return batch.listing, part, trip, *session, *course

    def _amounts(self, amounts: Amounts) -> Amounts:
        currency = list(map(self.currencies.__getitem__, amounts.currency))
        return amounts._replace(currency=currency)

    def _by_region(self, came: np.ndarray, count: int) -> dict[str, np.ndarray]:
        """The offerings that serve each region, from where each came among `count`."""
        place = np.full(count, -1)
        place[came] = np.arange(len(came))
        offers, regions = np.repeat(place, self._served), np.array(self._serving)
        kept = np.flatnonzero(offers >= 0)
        offers, regions = offers[kept], regions[kept]
        order = np.argsort(regions, kind="stable")
        ends = np.cumsum(np.bincount(regions, minlength=len(self._regions)))
        return dict(zip(self._regions, _cut(offers[order], ends), strict=True))


def stated(
    statements: Iterable[Statement], listed: Listed
) -> tuple[dict[str, bits.Bits], dict[str, np.ndarray]]:
    """Who meets each option, as sets, and the rows of those who deny it, ascending."""
    met: dict[str, bits.Bits] = {}
    denied, words = defaultdict(list), listed.words
    for statement, rows in _found(statements, listed):
        option = statement.option
        if statement.is_met:
            found = bits.at(rows, words)
            met[option] = met[option] | found if option in met else found
        else:
            denied[option].append(rows)
    return met, {o: np.sort(np.concatenate(rows)) for o, rows in denied.items()}


def _found(
    statements: Iterable[Statement], listed: Listed
) -> Iterator[tuple[Statement, np.ndarray]]:
    """Each with the rows of its listings, which are found for many at a time."""
    coming = iter(statements)
    while some := _filled(coming):
        lengths = [len(each.listings) for each in some]
        found, rows = listed.find(np.concatenate([each.listings for each in some]))
        ends = np.searchsorted(found, np.cumsum(lengths))
        yield from zip(some, _cut(rows.astype(np.int32), ends), strict=True)


def _filled(statements: Iterator[Statement]) -> list[Statement]:
    """So many of the next that they have FOUND_AT_ONCE listings."""
    some, count = [], 0
    while count < FOUND_AT_ONCE and (each := next(statements, None)):
        some.append(each)
        count += len(each.listings)
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
        until[:, rows] = np.array(batch.until)[:, found]
    return until
