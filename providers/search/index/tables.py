"""What an index is built from, table by table: batches of rows, each as columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from providers.costs import POSTED
from providers.search.index.rows import Amount, Offer, Row


class Listings(NamedTuple):
    """Some listings: columns of what a Row has."""

    pk: Sequence[int]
    name: Sequence[str]
    place: Sequence[tuple[str, tuple[str, ...], bool]]  # country, regions, confirming
    point: tuple[Sequence[float | None], ...]  # latitude, longitude, x, y, z
    checked_on: Sequence[int]


class Amounts(NamedTuple):
    """One amount of some offerings; None for a low end that is not known."""

    low_cents: Sequence[int | None]
    currency: Sequence[str]
    complete: Sequence[bool]
    known_until: Sequence[int]


class Offers(NamedTuple):
    """Some offerings, those of a listing in their order."""

    listing: Sequence[int]
    parts: Sequence[tuple[str, ...]]  # route, setting, therapy, format
    serves: Sequence[tuple[str, ...]]
    session: Amounts
    course: Amounts
    trips: Sequence[tuple[int, int]]


class Statement(NamedTuple):
    """Listings, each once, that meet an option or deny it."""

    option: str
    is_met: bool
    listings: Sequence[int] | np.ndarray


class Posted(NamedTuple):
    """Some listings, and until when their prices tell each of POSTED."""

    listing: Sequence[int]
    until: Sequence[Sequence[int]]  # a column each


class Tables(NamedTuple):
    """Listings and all that is known of them. Can be read once, listings first.

    The other tables may have rows of listings that are not among these.
    """

    listings: Iterable[Listings]
    offers: Iterable[Offers]
    stated: Iterable[Statement]
    posted: Iterable[Posted]

    @classmethod
    def of(cls, rows: Collection[Row]) -> Tables:
        if not rows:
            return cls((), (), (), ())
        columns = Row(*zip(*rows, strict=True))
        places = zip(columns.country, columns.regions, columns.confirming, strict=True)
        listings = Listings(
            columns.pk, columns.name, list(places), columns[4:9], columns.checked_on
        )
        posted = Posted(columns.pk, list(zip(*columns.posted, strict=True)))
        stated = chain(
            _statements(columns.pk, columns.met, is_met=True),
            _statements(columns.pk, columns.denied, is_met=False),
        )
        return cls([listings], _offers(columns), stated, [posted])

    def rows(self) -> Iterator[Row]:
        """The same as plain rows, for which all of it is held in memory."""
        listings, offers = list(self.listings), self._offers()
        said, posted = self._said(), self._posted()
        for batch in listings:
            columns = (batch.pk, batch.name, batch.place, batch.checked_on)
            for pk, name, (*place, confirming), checked_on, *point in zip(
                *columns, *batch.point, strict=True
            ):
                met, denied = (tuple(said[is_met, pk]) for is_met in (True, False))
                own = tuple(offers[pk])
                known = checked_on, confirming, met, denied, own, posted[pk]
                yield Row(pk, name, *place, *point, *known)

    def _offers(self) -> dict[int, list[Offer]]:
        found = defaultdict(list)
        for batch in self.offers:
            amounts = map(_amounts, (batch.session, batch.course))
            columns = (batch.parts, batch.serves, *amounts, batch.trips)
            for pk, parts, *known in zip(batch.listing, *columns, strict=True):
                found[pk].append(Offer(*parts, *known))
        return found

    def _said(self) -> dict[tuple[bool, int], list[str]]:
        """What each listing meets, and what it denies."""
        found = defaultdict(list)
        for option, is_met, listings in self.stated:
            for pk in map(int, listings):
                found[is_met, pk].append(option)
        return found

    def _posted(self) -> dict[int, tuple[int, ...]]:
        found = defaultdict(lambda: (0,) * len(POSTED))
        for batch in self.posted:
            until = zip(*batch.until, strict=True)
            found.update(zip(batch.listing, until, strict=True))
        return found


_UNKNOWN = Amount(None, "", False, 0)


def _offers(columns: Row) -> Iterator[Offers]:
    pairs = zip(columns.pk, columns.offers, strict=True)
    owners = [pk for pk, offers in pairs for _ in offers]
    if not owners:
        return
    offers = Offer(*zip(*chain.from_iterable(columns.offers), strict=True))
    parts = list(zip(*offers[:4], strict=True))
    session, course = (
        Amounts(*zip(*(amount or _UNKNOWN for amount in amounts), strict=True))
        for amounts in (offers.session, offers.course)
    )
    yield Offers(owners, parts, offers.serves, session, course, offers.trips)


def _amounts(columns: Amounts) -> Iterator[Amount | None]:
    for cents, currency, complete, until in zip(*columns, strict=True):
        known = cents is not None
        yield Amount(cents, currency, bool(complete), until) if known else None


def _statements(
    pks: Sequence[int], options: Sequence[tuple[str, ...]], *, is_met: bool
) -> Iterator[Statement]:
    found = defaultdict(list)
    for pk, own in zip(pks, options, strict=True):
        for option in own:
            found[option].append(pk)
    for option, listings in found.items():
        yield Statement(option, is_met, listings)
