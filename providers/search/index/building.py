"""Plain rows into columns: one pass over the rows, then whole columns at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

import numpy as np

from providers import geo
from providers.question import OFFERING_PARTS
from providers.search.index import bits, grid
from providers.search.index.names import Names
from providers.search.index.numbers import Numbers
from providers.search.index.rows import Offer, Row
from providers.search.index.segment import (
    AMOUNTS,
    NEVER,
    Money,
    Segment,
    days,
    squared_km,
)

_NO_POINT = (np.nan,) * 5


def build(rows: Iterable[Row]) -> Segment:
    """The columns of some listings, each of which comes once."""
    draft = _Draft()
    for row in rows:
        draft.take(row)
    return draft.segment()


class _Slot:
    """The k-th offerings of the listings that have so many."""

    def __init__(self) -> None:
        self.offers = array("q")  # listing, number of _Draft.offered
        # listing, low_cents, number of _Draft.currencies, complete, known_until
        self.amounts = {name: array("q") for name in AMOUNTS}

    @property
    def rows(self) -> np.ndarray:
        return _table(self.offers, 2)[0]


class _Draft:
    """Rows taken apart into flat arrays, in the order in which they came."""

    def __init__(self) -> None:
        self.pks = array("q")
        self.points = array("d")  # latitude, longitude, x, y, z
        self.checked = array("q")
        self.names: list[str] = []
        self.options = Numbers()
        self.met = array("i")  # what the listings state, one after the other
        self.lengths = array("i")
        self.places = Numbers()  # (country, regions, confirming) → number
        self.place = array("i")
        self.offered = Numbers()  # (route, setting, therapy, format) → number
        self.slots: list[_Slot] = []
        self.serves: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.denied: dict[str, array] = defaultdict(lambda: array("i"))
        self.currencies = Numbers({"": 0})

    def take(self, row: Row) -> None:
        number = len(self.pks)
        self.pks.append(row.pk)
        self.points.extend(row[4:9] if row.latitude is not None else _NO_POINT)
        self.checked.append(row.checked_on)
        self.names.append(row.name)
        self.met.extend(map(self.options.__getitem__, row.met))
        self.lengths.append(len(row.met))
        self.place.append(self.places[row.country, row.regions, row.confirming])
        for option in row.denied:
            self.denied[option].append(number)
        for place, offer in enumerate(row.offers):
            self._offer(number, place, offer)

    def _offer(self, number: int, place: int, offer: Offer) -> None:
        if place == len(self.slots):
            self.slots.append(_Slot())
        slot = self.slots[place]
        slot.offers.extend((number, self.offered[offer[:4]]))
        for region in offer.serves:
            self.serves[region].append((number, place))
        for name, amount in zip(AMOUNTS, offer[5:], strict=True):
            if amount is not None:
                low_cents, currency, *rest = amount
                found = (number, low_cents, self.currencies[currency], *rest)
                slot.amounts[name].extend(found)

    def segment(self) -> Segment:
        pks = np.array(self.pks)
        points = np.array(self.points).reshape(-1, 5)
        cell = grid.cells(points[:, 0], points[:, 1])
        order = np.lexsort((pks, cell))
        at = np.empty_like(order)  # the row of each listing that came
        at[order] = np.arange(len(order))
        words = bits.words_for(len(order))
        cells, starts = np.unique(cell[order], return_index=True)
        places = [_place_options(*place) for place in self.places]
        parts = [_part_options(*codes) for codes in self.offered]
        options, groups = _in_groups(chain(self.options, *places, *parts))
        axes_km = _padded(points[order, 2:].T, words, np.nan).reshape(3, words, 64)
        pointed, middles_km, reach_km = _balls(axes_km)
        slots = self._slots(at, _numbered(parts, options), groups, words)
        return Segment(
            pks=pks[order],
            axes_km=axes_km,
            pointed=pointed,
            middles_km=middles_km,
            reach_km=reach_km,
            cells=cells,
            starts=np.append(starts, len(order)).astype(np.int32),
            alive=bits.at(np.arange(len(order)), words),
            options=options,
            groups=groups,
            codes=_codes(options, groups),
            sets=self._sets(at, options, _numbered(places, options), slots, words),
            slots=slots,
            offered=self._offered(at, words),
            serves=self._serves(at),
            denied={
                option: np.sort(at[np.array(rows)]).astype(np.int32)
                for option, rows in self.denied.items()
            },
            money={name: self._money(name, at, words) for name in AMOUNTS},
            checked=_padded(days(np.array(self.checked))[order], words, NEVER),
            names=Names.of([self.names[row] for row in order.tolist()]),
        )

    def _sets(self, at, options, places, slots, words: int) -> bits.Bits:
        renumbered = np.array([options[name] for name in self.options], np.int64)
        rows = np.repeat(at, np.array(self.lengths))
        sets = bits.scattered(
            renumbered[np.array(self.met)] if len(rows) else rows,
            rows,
            len(options),
            words,
        )
        own, listings = _spread(places, np.array(self.place))
        sets |= bits.scattered(own, at[listings], len(options), words)
        for offered in slots:
            sets[: len(offered)] |= offered
        return sets

    def _slots(self, at, parts, groups, words: int) -> bits.Bits:
        count = sum(len(groups[part]) for part in OFFERING_PARTS)
        slots = bits.none(len(self.slots), count, words)
        for slot, sets in zip(self.slots, slots, strict=True):
            rows, offered = _table(slot.offers, 2)
            own, offers = _spread(parts, offered)
            sets |= bits.scattered(own, at[rows][offers], count, words)
        return slots

    def _offered(self, at, words: int) -> bits.Bits:
        offered = bits.none(len(self.slots), words)
        for slot, has in zip(self.slots, offered, strict=True):
            has |= bits.at(at[slot.rows], words)
        return offered

    def _serves(self, at) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        found = {}
        for region, pairs in self.serves.items():
            rows, slots = np.array(pairs).T
            found[region] = (at[rows].astype(np.int32), slots.astype(np.uint8))
        return found

    def _money(self, name: str, at, words: int) -> Money:
        shape = (len(self.slots), words, bits.WORD)
        money = Money(
            low_cents=np.zeros(shape, np.int32),
            currency=np.zeros(shape, np.uint8),
            until=np.full(shape, NEVER, np.int16),
            complete=bits.none(len(self.slots), words),
            currencies=dict(self.currencies),
        )
        for number, slot in enumerate(self.slots):
            rows, low_cents, currency, complete, until = _table(slot.amounts[name], 5)
            rows = at[rows]
            where = (number, rows // bits.WORD, rows % bits.WORD)
            money.low_cents[where] = low_cents
            money.currency[where] = currency
            money.until[where] = days(until)
            money.complete[number] = bits.at(rows[complete > 0], words)
        return money


def _table(flat: array, columns: int) -> np.ndarray:
    """The columns of rows that were put one after the other."""
    return np.array(flat).reshape(-1, columns).T


def _balls(axes_km: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who has a point; and of the ball round each word's points, middle and radius."""
    known = ~np.isnan(axes_km[0])
    with np.errstate(invalid="ignore"):
        middles = np.where(known, axes_km, 0).sum(axis=2) / known.sum(axis=1)
    far = np.sqrt(squared_km(axes_km, geo.Position(*middles[..., None])))
    reach = np.where(known, far, 0).max(axis=1, initial=0)
    return bits.pack(known)[:, 0], middles, reach


def _codes(options: dict[str, int], groups: dict[str, range]) -> dict[str, list[str]]:
    codes = [option.partition("/")[2] for option in options]
    return {group: codes[rows.start : rows.stop] for group, rows in groups.items()}


def _place_options(country: str, regions: tuple[str, ...], confirming: bool) -> list:
    named = [f"country/{country}", *(f"region/{code}" for code in regions)]
    return [*named, "method/confirming"] if confirming else named


def _part_options(*codes: str) -> list[str]:
    pairs = zip(OFFERING_PARTS, codes, strict=True)
    return [f"{part}/{code}" for part, code in pairs]


def _numbered(named: list[list[str]], options: dict[str, int]) -> list[np.ndarray]:
    return [np.array([options[name] for name in names]) for names in named]


def _spread(table: list[np.ndarray], which: np.ndarray) -> tuple[np.ndarray, ...]:
    """Numbers of lists of options taken apart: (option, place in `which`) of each."""
    lengths = np.array([len(options) for options in table], np.int64)
    starts = np.cumsum(lengths) - lengths
    flat = np.concatenate(table) if table else lengths
    counts = lengths[which]
    places = np.repeat(np.arange(len(which)), counts)
    within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    return flat[starts[which][places] + within], places


def _in_groups(names: Iterable[str]) -> tuple[dict[str, int], dict[str, range]]:
    """Options numbered group by group, the parts of offerings first."""
    known = {group: number for number, group in enumerate(OFFERING_PARTS)}
    grouped = defaultdict(list)
    for name in dict.fromkeys(names):
        grouped[name.partition("/")[0]].append(name)
    order = sorted(grouped, key=lambda group: (known.get(group, len(known)), group))
    options, groups = {}, {part: range(0) for part in OFFERING_PARTS}
    for group in order:
        start = len(options)
        options |= {n: start + i for i, n in enumerate(sorted(grouped[group]))}
        groups[group] = range(start, len(options))
    return options, groups


def _padded(column: np.ndarray, words: int, filling) -> np.ndarray:
    """The column(s), the last axis filled up to whole words."""
    missing = words * bits.WORD - column.shape[-1]
    width = [(0, 0)] * (column.ndim - 1) + [(0, missing)]
    return np.pad(column, width, constant_values=filling)
