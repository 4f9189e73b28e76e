"""Plain rows into columns: one pass over the rows, then whole columns at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, islice

import numpy as np

from providers import geo
from providers.costs import POSTED
from providers.question import OFFERING_PARTS
from providers.search.index import bits, grid
from providers.search.index.names import Names
from providers.search.index.numbers import Numbers
from providers.search.index.rows import Amount, Offer, Row
from providers.search.index.segment import (
    AMOUNTS,
    NEVER,
    Money,
    Segment,
    days,
    squared_km,
)
from providers.search.index.sparse import Sparse
from providers.search.index.travelling import Trips

AT_ONCE = 1_000  # rows taken apart together


def build(rows: Iterable[Row]) -> Segment:
    """The columns of some listings, each of which comes once."""
    draft, coming = _Draft(), iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        draft.take(some)
    return draft.segment()


class _Lists:
    """A list of things for each row that came, one list after the other."""

    def __init__(self) -> None:
        self.numbers = Numbers()  # thing → number
        self.flat = array("i")
        self.lengths = array("i")

    def take(self, lists: Collection[tuple[str, ...]]) -> None:
        self.flat.extend(map(self.numbers.__getitem__, chain.from_iterable(lists)))
        self.lengths.extend(map(len, lists))

    @property
    def rows(self) -> np.ndarray:
        """The row of each thing."""
        return np.repeat(np.arange(len(self.lengths)), np.array(self.lengths))

    def by_thing(self) -> dict[str, np.ndarray]:
        """The rows of each thing, in the order in which they came."""
        flat = np.array(self.flat)
        ends = np.cumsum(np.bincount(flat, minlength=len(self.numbers)))
        rows = self.rows[np.argsort(flat, kind="stable")]
        return dict(zip(self.numbers, np.split(rows, ends[:-1]), strict=False))


class _Amounts:
    """One amount of every offering, whose low end is known of some."""

    def __init__(self) -> None:
        self.known = array("b")
        self.low_cents = array("i")
        self.currency = array("i")
        self.complete = array("b")
        self.until = array("i")

    def take(self, amounts: Sequence[Amount | None], currencies: Numbers) -> None:
        self.known.extend(map(bool, amounts))
        known = list(filter(None, amounts))
        if known:
            low_cents, currency, complete, until = zip(*known, strict=True)
            self.low_cents.extend(low_cents)
            self.currency.extend(map(currencies.__getitem__, currency))
            self.complete.extend(complete)
            self.until.extend(until)


class _Draft:
    """Rows taken apart into flat arrays, in the order in which they came."""

    def __init__(self) -> None:
        self.pks = array("q")
        self.points = [np.empty((5, 0))]  # latitude, longitude, x, y, z; NaN for none
        self.checked = array("i")
        self.names: list[str] = []
        self.met = _Lists()
        self.denied = _Lists()
        self.places = Numbers()  # (country, regions, confirming) → number
        self.place = array("i")
        self.counts = array("i")  # of the listings' offerings
        self.offered = Numbers()  # (route, setting, therapy, format) → number
        self.offers = array("i")  # the offerings' numbers in it
        self.serves = _Lists()
        self.amounts = {name: _Amounts() for name in AMOUNTS}
        self.currencies = Numbers({"": 0})
        self.goings = Numbers({(0, 0): 0})  # (trips to doses, to others) → number
        self.trips = array("i")  # the offerings' numbers in it
        self.posted = array("i")

    def take(self, rows: list[Row]) -> None:
        columns = Row(*zip(*rows, strict=True))
        self.pks.extend(columns.pk)
        self.points.append(np.array(columns[4:9], float))
        self.checked.extend(columns.checked_on)
        self.names += columns.name
        self.met.take(columns.met)
        self.denied.take(columns.denied)
        places = zip(columns.country, columns.regions, columns.confirming, strict=True)
        self.place.extend(map(self.places.__getitem__, places))
        self.posted.extend(chain.from_iterable(columns.posted))
        self.counts.extend(map(len, columns.offers))
        offers = list(chain.from_iterable(columns.offers))
        if offers:
            self._offers(Offer(*zip(*offers, strict=True)))

    def _offers(self, columns: Offer) -> None:
        parts = zip(*columns[:4], strict=True)
        self.offers.extend(map(self.offered.__getitem__, parts))
        self.serves.take(columns.serves)
        self.trips.extend(map(self.goings.__getitem__, columns.trips))
        for name, amounts in self.amounts.items():
            amounts.take(getattr(columns, name), self.currencies)

    def segment(self) -> Segment:
        pks = np.array(self.pks)
        points = np.concatenate(self.points, axis=1)
        cell = grid.cells(points[0], points[1])
        order = np.lexsort((pks, cell))
        at = np.empty_like(order)  # the row of each listing that came
        at[order] = np.arange(len(order))
        words = bits.words_for(len(order))
        cells, starts = np.unique(cell[order], return_index=True)
        places = [_place_options(*place) for place in self.places]
        parts = [_part_options(*codes) for codes in self.offered]
        options, groups = _in_groups(chain(self.met.numbers, *places, *parts))
        axes_km = _padded(points[2:, order], words, np.nan).reshape(3, words, 64)
        pointed, middles_km, reach_km = _balls(axes_km)
        of, slot = self._placed(at)
        slots = self._slots(of, slot, _numbered(parts, options), groups, words)
        sets = self._sets(at, options, _numbered(places, options), slots, words)
        dense = len(options) - len(groups["region"])
        return Segment(
            pks=_small(pks[order]),
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
            sets=sets[:dense].copy(),
            regions=Sparse.of(sets[dense:]),
            slots=slots,
            offered=bits.scattered(slot, of, self._most, words),
            serves={
                region: (of[offers].astype(np.int32), slot[offers].astype(np.uint8))
                for region, offers in self.serves.by_thing().items()
            },
            denied={
                option: np.sort(at[rows]).astype(np.int32)
                for option, rows in self.denied.by_thing().items()
            },
            money={name: self._money(name, of, slot, words) for name in AMOUNTS},
            trips=self._trips(of, slot, words),
            posted=_padded(self._posted()[:, order], words, NEVER),
            checked=_padded(days(np.array(self.checked))[order], words, NEVER),
            names=Names.of([self.names[row] for row in order.tolist()]),
        )

    @property
    def _most(self) -> int:
        """Offerings of the listing that has most."""
        return max(self.counts, default=0)

    def _placed(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each offering's row, and its place among those of its listing."""
        counts = np.array(self.counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(at, counts), np.arange(len(first)) - first

    def _sets(self, at, options, places, slots, words: int) -> bits.Bits:
        renumbered = np.array([options[name] for name in self.met.numbers], np.int64)
        met = renumbered[np.array(self.met.flat)]
        sets = bits.scattered(met, at[self.met.rows], len(options), words)
        own, listings = _spread(places, np.array(self.place))
        sets |= bits.scattered(own, at[listings], len(options), words)
        for offered in slots:
            sets[: len(offered)] |= offered
        return sets

    def _slots(self, of, slot, parts, groups, words: int) -> bits.Bits:
        count = sum(len(groups[part]) for part in OFFERING_PARTS)
        own, offers = _spread(parts, np.array(self.offers))
        which = slot[offers] * count + own
        sets = bits.scattered(which, of[offers], self._most * count, words)
        return sets.reshape(self._most, count, words)

    def _trips(self, of, slot, words: int) -> Trips:
        codes = np.zeros(
            (self._most, words, bits.WORD), np.min_scalar_type(len(self.goings))
        )
        codes[slot, of // bits.WORD, of % bits.WORD] = self.trips
        return Trips(np.array(list(self.goings), np.int64), codes)

    def _posted(self) -> np.ndarray:
        return days(np.array(self.posted).reshape(-1, len(POSTED)).T)

    def _money(self, name: str, of, slot, words: int) -> Money:
        shape = (self._most, words, bits.WORD)
        money = Money(
            low_cents=np.zeros(shape, np.int32),
            currency=np.zeros(shape, np.uint8),
            until=np.full(shape, NEVER, np.int16),
            complete=bits.none(self._most, words),
            currencies=dict(self.currencies),
        )
        amounts = self.amounts[name]
        known = np.flatnonzero(np.array(amounts.known))
        rows, slots = of[known], slot[known]
        where = (slots, rows // bits.WORD, rows % bits.WORD)
        money.low_cents[where] = amounts.low_cents
        money.currency[where] = amounts.currency
        money.until[where] = days(np.array(amounts.until))
        whole = np.array(amounts.complete, bool)
        money.complete[:] = bits.scattered(
            slots[whole], rows[whole], *money.complete.shape
        )
        return money


def _small(keys: np.ndarray) -> np.ndarray:
    """Half as large where they fit."""
    fits = keys.max(initial=0) <= np.iinfo(np.int32).max
    return keys.astype(np.int32) if fits else keys


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
    """Options numbered group by group: offerings' parts first, regions last."""
    known = {group: number for number, group in enumerate(OFFERING_PARTS)}
    known["region"] = len(known) + 1
    grouped = defaultdict(list)
    for name in dict.fromkeys(names):
        grouped[name.partition("/")[0]].append(name)
    others = len(OFFERING_PARTS)
    order = sorted(grouped, key=lambda group: (known.get(group, others), group))
    options, groups = {}, dict.fromkeys(known, range(0))
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
