"""Columns: one immutable stretch of the index, its listings sorted by grid cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from providers import geo
from providers.remembered import Recent
from providers.search.index import bits, grid
from providers.search.index.bits import Bits
from providers.search.index.names import Names
from providers.search.index.sparse import Sparse
from providers.search.index.travelling import Trips

EPOCH = 730_120  # ordinal of 2000-01-01: days since then fit 16 bits until 2089
NEVER = -(2**15)  # the day of what was never checked
# What lies so near a circle is measured exactly: a ball in float32 is off by half of it
# at most.
ROUNDING_KM = 0.02
AMOUNTS = ("session", "course")
_KEPT = 24  # sets of days, prices and regions asked for, and as many of denials


def day(ordinal: int) -> int:
    """Days since EPOCH, held within 16 bits."""
    return max(NEVER + 1, min(-NEVER - 1, ordinal - EPOCH))


def days(ordinals: np.ndarray) -> np.ndarray:
    """The same of many, as int16; 0 is never."""
    held = np.minimum(np.maximum(ordinals - EPOCH, NEVER + 1), -NEVER - 1)
    return np.where(ordinals, held, NEVER).astype(np.int16)


@dataclass(frozen=True, slots=True)
class Money:
    """One stored amount of every offering, a row a slot.

    Slot k of a listing is its k-th offering. All have shape (slots, words, 64), but
    `complete`, which is packed.
    """

    low_cents: np.ndarray  # int32
    currency: np.ndarray  # uint8, number in `currencies`; 0 where nothing is known
    until: np.ndarray  # int16, day
    complete: Bits
    currencies: dict[str, int]

    def lows(self, rows: np.ndarray) -> np.ndarray:
        """(slots, rows): the low ends of some listings."""
        return self.low_cents[:, rows // bits.WORD, rows % bits.WORD]


@dataclass(frozen=True)
class Segment:
    """The columns. Row r of each is listing r; the last axis is padded to words.

    `options` names the rows of `sets` ("condition/ptsd"), then of `regions`, the sets
    of one group being neighbours: `groups` has their range. Those of the parts of
    offerings come first: in `sets` for a listing any of whose offerings has them, in
    `slots` offering by offering.
    """

    pks: np.ndarray  # int32, int64 where they do not fit
    axes_km: np.ndarray  # float64 (3, words, 64), NaN where there is no point
    pointed: Bits  # has a point
    middles_km: np.ndarray  # float32 (3, words): a ball round the points of each word,
    reach_km: np.ndarray  # float32, its radius; NaN in the middle where there are none
    box_km: tuple[list[float], list[float]]  # the least and the most of each axis
    cells: np.ndarray  # int32, each cell once
    starts: np.ndarray  # int32, first row of each cell, and the end
    alive: Bits  # not replaced or deleted since
    options: dict[str, int]
    groups: dict[str, range]
    codes: dict[str, list[str]]  # of each group, in the order of its sets
    sets: Bits  # (options, words), of all but the last group
    regions: Sparse  # of the last group
    before: np.ndarray  # (bundles + 1, options), see bundles.counted
    slots: Bits  # (slots, options of offerings, words)
    offered: Bits  # (slots, words): the listing has such an offering
    serves: dict[str, tuple[np.ndarray, np.ndarray]]  # region → rows, their slots
    denied: dict[str, np.ndarray]  # option → rows that state otherwise
    money: dict[str, Money]
    trips: Trips
    posted: np.ndarray  # int16 (POSTED, words × 64), day until which a price tells it
    checked: np.ndarray  # int16, day of the contact check (words × 64)
    names: Names
    _kept: Recent = field(default_factory=lambda: Recent(_KEPT))
    _denying: Recent = field(default_factory=lambda: Recent(_KEPT))

    def __len__(self) -> int:
        return len(self.pks)

    @property
    def words(self) -> int:
        return len(self.alive)

    @cached_property
    def ordered_codes(self) -> list[tuple[str, list[str]]]:
        """Each group and its codes, in the order of the sets."""
        return sorted(self.codes.items(), key=lambda named: self.groups[named[0]].start)

    @cached_property
    def living(self) -> int:
        return bits.count(self.alive)

    def without(self, pks: np.ndarray) -> Segment:
        """The same where those listings are hidden; itself if it has none of them."""
        is_hidden = self.pks == pks if len(pks) == 1 else np.isin(self.pks, pks)
        rows = is_hidden.nonzero()[0]
        if not len(rows):
            return self
        hidden = bits.at(rows, self.words)
        return replace(self, alive=self.alive & ~hidden, _kept=self._kept)

    def has(self, option: str) -> Bits:
        """Whose listing has an option; nobody has one that nobody named."""
        row = self.options.get(option)
        if row is None:
            return bits.none(self.words)
        if row < len(self.sets):
            return self.sets[row]
        return self.regions.one(row - len(self.sets), self.words)

    def denying(self, option: str) -> Bits:
        """Of whom it is stated that they do not have an option."""
        rows = self.denied.get(option)
        if rows is None:
            return bits.none(self.words)
        return self._denying.made(option, lambda: bits.at(rows, self.words))

    # --- What depends on a day or a region, kept while it is asked for --------------

    def confirmed(self, on: int) -> Bits:
        """Asked in a confirming way since that day's ordinal."""
        return self._kept.made(
            ("confirmed", on),
            lambda: bits.pack(self.checked >= day(on)) & self.has("method/confirming"),
        )

    def checked_since(self, on: int, words: np.ndarray | slice) -> Bits:
        """Asked in any way since that day's ordinal, in those words."""
        days = bits.in_words(self.checked.reshape(-1, bits.WORD), words, axis=0)
        return bits.pack(days >= day(on))[:, 0]

    def fresh(self, amount: str, on: int) -> Bits:
        """(slots, words): the amount is still fresh on that day."""
        until = self.money[amount].until
        return self._kept.made(
            (amount, "fresh", on), lambda: bits.pack(until >= day(on))[..., 0]
        )

    def going(self, *, by_fare: bool) -> Bits:
        """(slots, words): offerings with visits to which a person drives or, where
        dosing visits are gone to `by_fare`, with others."""
        return self._kept.made(
            ("going", by_fare), lambda: self.trips.going(by_fare=by_fare)
        )

    def telling(self, on: int) -> Bits:
        """(number, words): whose prices tell just so many of POSTED on that day."""

        def telling() -> Bits:
            numbers = (self.posted >= day(on)).sum(axis=0, dtype=np.int8)
            numbers = numbers.reshape(-1, bits.WORD)
            sets = [bits.pack(numbers == n) for n in range(len(self.posted) + 1)]
            return np.stack(sets)[..., 0]

        return self._kept.made(("telling", on), telling)

    def priced_in(self, amount: str, currency: str) -> Bits:
        """(slots, words): the amount is known, in that currency."""
        money = self.money[amount]
        number = money.currencies.get(currency, 255)
        return self._kept.made(
            (amount, currency), lambda: bits.pack(money.currency == number)[..., 0]
        )

    def known(self, amount: str, currency: str, since: int) -> Bits:
        """(slots, words): known in that currency, and still fresh on that day: since
        then no history."""
        return self._kept.made(
            (amount, currency, since),
            lambda: self.priced_in(amount, currency) & self.fresh(amount, since),
        )

    def cheapest(self, amount: str, currency: str) -> list[Bits]:
        """(slots, words) of the cheapest 1/512 in the currency, of 1/128, 1/32 …"""

        def cheapest() -> list[Bits]:
            here = self.priced_in(amount, currency)
            low = self.money[amount].low_cents
            known = low[bits.unpack(here[..., None])]
            shares = [4.0**-power for power in (4.5, 3.5, 2.5, 1.5, 0.5)]
            edges = np.quantile(known, shares, method="higher") if len(known) else []
            return [here & bits.pack(low <= edge)[..., 0] for edge in edges]

        return self._kept.made((amount, currency, "cheapest"), cheapest)

    def serving(self, regions: tuple[str, ...]) -> Bits:
        """(slots, words): taken at home, for people in one of the regions."""

        def serving() -> Bits:
            found = bits.none(len(self.slots), self.words)
            for region in regions:
                if region in self.serves:
                    rows, slots = self.serves[region]
                    found |= bits.scattered(slots, rows, *found.shape)
            return found

        return self._kept.made(("serves", regions), serving)

    # --- Places ---------------------------------------------------------------------

    def chords_squared(self, rows: np.ndarray, origin: geo.Point) -> np.ndarray:
        """km² of the straight line from each row to a point, as the ORM has it."""
        axes_km = self.axes_km.reshape(3, -1).take(rows, axis=1)
        return squared_km(axes_km, geo.position(origin))

    def lies_within(self, at: geo.Position, chord_km: float) -> bool:
        """Whether all that have a point are surely no farther than that."""
        left = max(0.0, chord_km - ROUNDING_KM) ** 2
        for own, low, high in zip(at, *self.box_km, strict=True):
            left -= max(own - low, high - own) ** 2
            if left < 0:  # mostly by the first axis
                return False
        return True

    def within(
        self, at: geo.Position, chord_km: float, far_km: np.ndarray
    ) -> tuple[np.ndarray, Bits]:
        """The words that a circle touches, and its listings in them. `far_km`: chords
        to the middles of all words."""
        reach_km = self.reach_km
        touched = (far_km - reach_km <= chord_km + ROUNDING_KM).nonzero()[0]
        inside = self.pointed[touched]
        unsure = far_km[touched] + reach_km[touched] > chord_km - ROUNDING_KM
        for some in _batches(unsure.nonzero()[0]):
            squared = squared_km(self.axes_km.take(touched[some], axis=1), at)
            inside[some] = bits.pack(squared <= chord_km * chord_km)[:, 0]
        return touched, inside

    def middles_away_km(
        self, at: geo.Position, words: np.ndarray | slice = bits.ALL
    ) -> np.ndarray:
        """Chords to the middles of some words, NaN where none has a point."""
        middles_km = bits.in_words(self.middles_km, words, axis=1)
        return np.sqrt(squared_km(middles_km, at))

    @property
    def cell_middles(self) -> np.ndarray:
        """(2, cells): latitude and longitude of the middle of each, in degrees."""
        return self._kept.made("middles", lambda: grid.middles(self.cells))

    def degrees(self, rows: np.ndarray) -> np.ndarray:
        """(2, rows): latitudes and longitudes, of the positions at height 0."""
        x, y, z = self.axes_km.reshape(3, -1).take(rows, axis=1)
        flattened = (1 - geo.ECCENTRICITY_SQUARED) * np.sqrt(x * x + y * y)
        return np.degrees([np.arctan2(z, flattened), np.arctan2(y, x)])

    @property
    def nbytes(self) -> int:
        """Bytes of the columns, names and words apart."""
        arrays = [self.pks, self.axes_km, self.cells, self.starts, self.alive]
        arrays += [self.pointed, self.middles_km, self.reach_km]
        arrays += [self.sets, self.regions, self.before, self.slots, self.offered]
        arrays += [self.checked, self.trips.codes, self.trips.pairs, self.posted]
        arrays += [column for pair in self.serves.values() for column in pair]
        arrays += self.denied.values()
        for money in self.money.values():
            arrays += [money.low_cents, money.currency, money.until, money.complete]
        return sum(array.nbytes for array in arrays)


def _batches(words: np.ndarray) -> Iterator[np.ndarray]:
    """So many at a time that a distance costs few bytes a listing."""
    for start in range(0, len(words), 2_048):
        yield words[start : start + 2_048]


def squared_km(columns, at: geo.Position) -> np.ndarray:
    """km² of the straight lines to a position, added up as the ORM does."""
    x, y, z = columns
    x, y, z = x - at.x_km, y - at.y_km, z - at.z_km
    return x * x + y * y + z * z
