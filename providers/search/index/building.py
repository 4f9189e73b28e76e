"""The columns of a segment, from the tables of its listings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from math import prod

import numpy as np

from providers import geo
from providers.question import OFFERING_PARTS
from providers.search.index import bits, bundles
from providers.search.index.drafting import (
    Listed,
    Offered,
    posted,
    spread,
    stated,
)
from providers.search.index.names import Names
from providers.search.index.runs import begins
from providers.search.index.segment import (
    AMOUNTS,
    NEVER,
    Money,
    Segment,
    days,
    squared_km,
)
from providers.search.index.sparse import Sparse
from providers.search.index.tables import UNKNOWN, Tables
from providers.search.index.travelling import Trips


def build(tables: Tables) -> Segment:
    """The columns of some listings, each of which comes once."""
    listed = Listed(tables.listings)
    offered = Offered(tables.offers, listed)
    met, denied = stated(tables.stated, listed)
    words = listed.words
    places = [_place_options(*place) for place in listed.places]
    parts = [_part_options(*codes) for codes in offered.parts]
    options, groups = _in_groups(chain(met, *places, *parts))
    slots = _slots(offered, _numbered(parts, options), groups, words)
    sets = _sets(listed, met, options, _numbered(places, options), slots)
    dense = len(options) - len(groups["region"])
    starts = begins(listed.cell).nonzero()[0]
    axes_km = _padded(listed.axes_km, words, np.nan).reshape(3, words, bits.WORD)
    pointed, middles_km, reach_km = _balls(axes_km)
    return Segment(
        pks=_small(listed.pks),
        axes_km=axes_km,
        pointed=pointed,
        middles_km=middles_km,
        reach_km=reach_km,
        box_km=_box(axes_km),
        cells=listed.cell[starts],
        starts=np.append(starts, len(listed)).astype(np.int32),
        alive=bits.at(np.arange(len(listed)), words),
        options=options,
        groups=groups,
        codes=_codes(options, groups),
        sets=sets[:dense].copy(),
        regions=Sparse.of(sets[dense:]),
        before=bundles.counted(sets),
        slots=slots,
        offered=bits.at(offered.at, offered.most * words).reshape(offered.most, words),
        serves=_serves(offered),
        denied=denied,
        money=_money(offered, words),
        trips=_trips(offered, words),
        posted=_padded(days(posted(tables.posted, listed)), words, NEVER),
        checked=_padded(days(listed.checked), words, NEVER),
        names=Names.of(listed.spelled, listed.order),
    )


def _sets(
    listed: Listed,
    met: dict[str, bits.Bits],
    options: dict[str, int],
    places: list[list[int]],
    slots: bits.Bits,
) -> bits.Bits:
    own, rows = spread(places, listed.place)
    sets = bits.scattered(own, rows, len(options), listed.words)
    if met:
        sets[[options[option] for option in met]] |= np.array([*met.values()])
    for offered in slots:
        sets[: len(offered)] |= offered
    return sets


def _slots(
    offered: Offered,
    parts: list[list[int]],
    groups: dict[str, range],
    words: int,
) -> bits.Bits:
    count = sum(len(groups[part]) for part in OFFERING_PARTS)
    own = np.array(parts, np.int64).reshape(-1, len(OFFERING_PARTS)).T
    which = offered.slot * count + own[:, offered.part]
    sets = bits.scattered(which, offered.of, offered.most * count, words)
    return sets.reshape(offered.most, count, words)


def _serves(offered: Offered) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    of, slot = offered.of.astype(np.int32), offered.slot.astype(np.uint8)
    return {region: (of[own], slot[own]) for region, own in offered.serves.items()}


def _trips(offered: Offered, words: int) -> Trips:
    size, dtype = offered.most * words, np.min_scalar_type(len(offered.trips))
    codes = np.zeros(size * bits.WORD, dtype)
    codes[offered.at] = offered.trip
    pairs = np.array(list(offered.trips), np.int64)
    return Trips(pairs, codes.reshape(offered.most, words, bits.WORD))


def _money(offered: Offered, words: int) -> dict[str, Money]:
    amounts, shape = offered.amounts, (len(AMOUNTS), offered.most, words)
    known = (amounts.low_cents != UNKNOWN).nonzero()
    at = known[0] * (offered.most * words * bits.WORD) + offered.at[known[1]]

    def spread_out(column: np.ndarray, dtype, filling: int) -> np.ndarray:
        whole = np.full(prod(shape) * bits.WORD, filling, dtype)
        whole[at] = column[known]
        return whole.reshape(*shape, bits.WORD)

    complete = bits.at(at[amounts.complete[known]], prod(shape))
    columns = (
        spread_out(amounts.low_cents, np.int32, 0),
        spread_out(amounts.currency, np.uint8, 0),
        spread_out(days(amounts.known_until), np.int16, NEVER),
        complete.reshape(shape),
    )
    each = zip(AMOUNTS, *columns, strict=True)
    return {name: Money(*own, dict(offered.currencies)) for name, *own in each}


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
    return bits.pack(known)[:, 0], middles.astype(np.float32), reach.astype(np.float32)


def _box(axes_km: np.ndarray) -> tuple[list[float], list[float]]:
    """Along each axis the least and the most of all points."""
    least = np.fmin.reduce(axes_km, axis=(1, 2), initial=np.inf)
    most = np.fmax.reduce(axes_km, axis=(1, 2), initial=-np.inf)
    return least.tolist(), most.tolist()


def _codes(options: dict[str, int], groups: dict[str, range]) -> dict[str, list[str]]:
    codes = [option.partition("/")[2] for option in options]
    return {group: codes[rows.start : rows.stop] for group, rows in groups.items()}


def _place_options(country: str, regions: tuple[str, ...], confirming: bool) -> list:
    named = [f"country/{country}", *(f"region/{code}" for code in regions)]
    return [*named, "method/confirming"] if confirming else named


def _part_options(*codes: str) -> list[str]:
    pairs = zip(OFFERING_PARTS, codes, strict=True)
    return [f"{part}/{code}" for part, code in pairs]


def _numbered(named: list[list[str]], options: dict[str, int]) -> list[list[int]]:
    return [[options[name] for name in names] for names in named]


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
    whole = np.full((*column.shape[:-1], words * bits.WORD), filling, column.dtype)
    whole[..., : column.shape[-1]] = column
    return whole
