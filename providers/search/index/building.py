"""Plain rows into columns: one pass over the rows, then whole columns at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from providers.question import OFFERING_PARTS
from providers.search.index import bits, grid
from providers.search.index.names import Names
from providers.search.index.rows import Amount, Offer, Row
from providers.search.index.segment import AMOUNTS, EPOCH, NEVER, Money, Segment, day


def build(rows: Iterable[Row]) -> Segment:
    """The columns of some listings, each of which comes once."""
    draft = _Draft()
    for row in rows:
        draft.take(row)
    return draft.segment()


class _Numbers(dict):
    """Numbers what it is asked for in the order of asking."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


@dataclass
class _Slot:
    """The k-th offerings of the listings that have so many."""

    rows: list[int] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    amounts: dict[str, list] = field(default_factory=lambda: defaultdict(list))


class _Draft:
    """Rows taken apart into lists, in the order in which they came."""

    def __init__(self) -> None:
        self.plain: list[tuple] = []  # pk, latitude, longitude, x, y, z, checked
        self.names: list[str] = []
        self.options = _Numbers()
        self.own: list[int] = []  # options of listings, row after row
        self.lengths: list[int] = []
        self.places: dict[tuple, list[int]] = {}
        self.slots: list[_Slot] = []
        self.serves: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.denied: dict[str, list[int]] = defaultdict(list)
        self.currencies = _Numbers({"": 0})

    def take(self, row: Row) -> None:
        number = len(self.plain)
        known = row.checked_on
        checked = day(known) if known else NEVER
        self.plain.append((row.pk, row.latitude, row.longitude, *row[6:9], checked))
        self.names.append(row.name)
        own = [self.options[option] for option in row.met]
        own += self._places(row.country, row.regions)
        if row.confirming:
            own.append(self.options["method/confirming"])
        self.own += own
        self.lengths.append(len(own))
        for option in row.denied:
            self.denied[option].append(number)
        for slot, offer in enumerate(row.offers):
            self._offer(number, slot, offer)

    def _places(self, country: str, regions: tuple[str, ...]) -> list[int]:
        key = (country, regions)
        if key not in self.places:
            names = [f"country/{country}", *(f"region/{code}" for code in regions)]
            self.places[key] = [self.options[name] for name in names]
        return self.places[key]

    def _offer(self, number: int, place: int, offer: Offer) -> None:
        if place == len(self.slots):
            self.slots.append(_Slot())
        slot = self.slots[place]
        slot.rows.append(number)
        for part, code in zip(OFFERING_PARTS, offer, strict=False):
            slot.parts[part].append(self.options[f"{part}/{code}"])
        for region in offer.serves:
            self.serves[region].append((number, place))
        for name, amount in zip(AMOUNTS, offer[5:], strict=True):
            if amount is not None:
                slot.amounts[name].append((number, amount))

    def segment(self) -> Segment:
        columns = np.array(self.plain, np.float64).reshape(-1, 7)
        pks = columns[:, 0].astype(np.int64)
        cell = grid.cells(columns[:, 1], columns[:, 2])
        order = np.lexsort((pks, cell))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        words = bits.words_for(len(order))
        cells, starts = np.unique(cell[order], return_index=True)
        options, groups = in_groups(self.options)
        renumber = np.array([options[name] for name in self.options], np.int64)
        slots = self._slots(place, renumber, groups, words)
        return Segment(
            pks=pks[order],
            axes_km=padded(columns[order, 3:6].T, words, np.nan).reshape(3, words, 64),
            cells=cells,
            starts=np.append(starts, len(order)).astype(np.int32),
            alive=bits.at(np.arange(len(order)), words),
            options=options,
            groups=groups,
            sets=self._sets(place, renumber, slots, words),
            slots=slots,
            offered=self._offered(place, words),
            serves=self._serves(place),
            denied={
                name: np.sort(place[np.array(rows)]).astype(np.int32)
                for name, rows in self.denied.items()
            },
            money={name: self._money(name, place, words) for name in AMOUNTS},
            checked=padded(columns[order, 6].astype(np.int16), words, NEVER),
            names=Names.of([self.names[row] for row in order.tolist()]),
        )

    def _sets(self, place, renumber, slots, words: int) -> bits.Bits:
        rows = np.repeat(place, np.array(self.lengths, np.int64))
        own = renumber[np.array(self.own, np.int64)] if self.own else rows
        sets = bits.scattered(own, rows, len(renumber), words)
        for offered in slots:
            sets[: len(offered)] |= offered
        return sets

    def _slots(self, place, renumber, groups, words: int) -> bits.Bits:
        count = sum(len(groups[part]) for part in OFFERING_PARTS)
        slots = bits.none(len(self.slots), count, words)
        for slot, sets in zip(self.slots, slots, strict=True):
            rows = np.tile(place[np.array(slot.rows)], len(OFFERING_PARTS))
            chosen = np.concatenate([slot.parts[part] for part in OFFERING_PARTS])
            sets |= bits.scattered(renumber[chosen], rows, count, words)
        return slots

    def _offered(self, place, words: int) -> bits.Bits:
        offered = bits.none(len(self.slots), words)
        for slot, has in zip(self.slots, offered, strict=True):
            has |= bits.at(place[np.array(slot.rows)], words)
        return offered

    def _serves(self, place) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        found = {}
        for region, pairs in self.serves.items():
            rows, slots = np.array(pairs).T
            found[region] = (place[rows].astype(np.int32), slots.astype(np.uint8))
        return found

    def _money(self, name: str, place, words: int) -> Money:
        shape = (len(self.slots), words, bits.WORD)
        money = Money(
            low_cents=np.zeros(shape, np.int32),
            currency=np.zeros(shape, np.uint8),
            until=np.full(shape, NEVER, np.int16),
            complete=bits.none(len(self.slots), words),
            currencies=self.currencies,
        )
        for number, slot in enumerate(self.slots):
            if slot.amounts[name]:
                self._amounts(slot.amounts[name], number, place, money)
        return money

    def _amounts(self, found: list[tuple[int, Amount]], slot: int, place, money):
        rows = place[np.fromiter((row for row, _ in found), np.int64, len(found))]
        amounts = [amount for _, amount in found]
        at = (slot, rows // bits.WORD, rows % bits.WORD)
        money.low_cents[at] = [a.low_cents for a in amounts]
        money.currency[at] = [self.currencies[a.currency] for a in amounts]
        until = np.array([a.known_until for a in amounts], np.int64) - EPOCH
        money.until[at] = np.clip(until, NEVER + 1, -NEVER - 1)
        complete = rows[[a.complete for a in amounts]]
        money.complete[slot] = bits.at(complete, money.complete.shape[-1])


def in_groups(names: Iterable[str]) -> tuple[dict[str, int], dict[str, range]]:
    """Options numbered group by group, the parts of offerings first."""
    known = {group: number for number, group in enumerate(OFFERING_PARTS)}
    grouped = defaultdict(list)
    for name in names:
        grouped[name.partition("/")[0]].append(name)
    order = sorted(grouped, key=lambda group: (known.get(group, len(known)), group))
    options, groups = {}, {part: range(0) for part in OFFERING_PARTS}
    for group in order:
        start = len(options)
        options |= {n: start + i for i, n in enumerate(sorted(grouped[group]))}
        groups[group] = range(start, len(options))
    return options, groups


def padded(column: np.ndarray, words: int, filling) -> np.ndarray:
    """The column(s), the last axis filled up to whole words."""
    missing = words * bits.WORD - column.shape[-1]
    width = [(0, 0)] * (column.ndim - 1) + [(0, missing)]
    return np.pad(column, width, constant_values=filling)
