"""What an index is built from, table by table: batches of rows, each as columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from providers.costs import POSTED
from providers.search.index.numbers import Numbers
from providers.search.index.rows import Amount, Offer, Row

UNKNOWN = -1  # cents


class Listings(NamedTuple):
    """Some listings: columns of what a Row has."""

    pk: Sequence[int]
    name: Sequence[str]
    place: Sequence[tuple[str, tuple[str, ...], bool]]  # country, regions, confirming
    point: tuple[Sequence[float | None], ...]  # latitude, longitude, x, y, z
    checked_on: Sequence[int]


class Kind(NamedTuple):
    """What many offerings have alike."""

    route: str
    setting: str
    therapy: str
    format: str
    dose_trips: int
    other_trips: int
    session_currency: str
    session_complete: bool
    course_currency: str
    course_complete: bool


class Lows(NamedTuple):
    """The low ends of one amount of some offerings."""

    cents: np.ndarray  # UNKNOWN where it is not known
    known_until: np.ndarray


class Serves(NamedTuple):
    """Pairs of an offering that is taken at home, and a region that it serves."""

    offer: np.ndarray  # place in the batch
    region: np.ndarray  # place among `regions`
    regions: Sequence[str]  # so far: those of the batches before it, and then more


class Offers(NamedTuple):
    """Some offerings, those of a listing in their order."""

    listing: np.ndarray
    kinds: Sequence[Kind]  # so far: those of the batches before it, and then more
    kind: np.ndarray  # place among them
    session: Lows
    course: Lows
    serves: Serves


class Statement(NamedTuple):
    """Listings, each once, that meet an option or deny it."""

    option: str
    is_met: bool
    listings: Sequence[int] | np.ndarray


class Posted(NamedTuple):
    """Listings, and until when a price of theirs tells each of POSTED.

    A listing that has many comes many times: the latest is right.
    """

    listing: np.ndarray
    until: np.ndarray  # (POSTED, prices)


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
        posted = Posted(np.array(columns.pk), np.array(columns.posted).T)
        stated = chain(
            _statements(columns.pk, columns.met, is_met=True),
            _statements(columns.pk, columns.denied, is_met=False),
        )
        return cls([listings], _offers(columns), stated, [posted])

    def rows(self) -> Iterator[Row]:
        """The same as plain rows, for which all of it is held in memory."""
        listings = list(self.listings)
        if not listings:
            return
        offers, said, posted = self._offers(), self._said(), self._posted()
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
            amounts = *batch.session, *batch.course
            columns = np.array([batch.listing, batch.kind, *amounts]).T
            regions = _regions(batch.serves)
            for place, (pk, kind, *amounts) in enumerate(columns.tolist()):
                own = tuple(sorted(regions[place]))
                found[pk].append(_offer(batch.kinds[kind], own, *amounts))
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
            columns = np.array([batch.listing, *batch.until]).T
            for pk, *until in columns.tolist():
                found[pk] = tuple(map(max, found[pk], until))
        return found


def _regions(serves: Serves) -> dict[int, list[str]]:
    """What each offering of the batch serves."""
    found = defaultdict(list)
    for place, region in zip(*map(np.ndarray.tolist, serves[:2]), strict=True):
        found[place].append(serves.regions[region])
    return found


def _offer(kind: Kind, serves, cents, until, course_cents, course_until) -> Offer:
    session = course = None
    if cents != UNKNOWN:
        session = Amount(cents, kind.session_currency, kind.session_complete, until)
    if course_cents != UNKNOWN:
        known = kind.course_currency, kind.course_complete, course_until
        course = Amount(course_cents, *known)
    return Offer(*kind[:4], serves, session, course, kind[4:6])


_NO_AMOUNT = Amount(UNKNOWN, "", False, 0)


def _offers(columns: Row) -> Iterator[Offers]:
    pairs = zip(columns.pk, columns.offers, strict=True)
    owners = [pk for pk, offers in pairs for _ in offers]
    if not owners:
        return
    offers = list(chain.from_iterable(columns.offers))
    sessions, courses = (
        [getattr(offer, name) or _NO_AMOUNT for offer in offers]
        for name in ("session", "course")
    )
    numbers = Numbers()
    kind = [
        numbers[Kind(*o[:4], *o.trips, *session[1:3], *course[1:3])]
        for o, session, course in zip(offers, sessions, courses, strict=True)
    ]
    lows = _lows(sessions), _lows(courses)
    kinds = list(numbers), np.array(kind)
    yield Offers(np.array(owners), *kinds, *lows, _serves([o.serves for o in offers]))


def _serves(served: Sequence[tuple[str, ...]]) -> Serves:
    regions = Numbers()
    places = [place for place, own in enumerate(served) for _ in own]
    region = [regions[code] for own in served for code in own]
    return Serves(np.array(places, int), np.array(region, int), list(regions))


def _lows(amounts: Sequence[Amount]) -> Lows:
    return Lows(
        np.array([amount.low_cents for amount in amounts]),
        np.array([amount.known_until for amount in amounts]),
    )


def _statements(
    pks: Sequence[int], options: Sequence[tuple[str, ...]], *, is_met: bool
) -> Iterator[Statement]:
    found = defaultdict(list)
    for pk, own in zip(pks, options, strict=True):
        for option in own:
            found[option].append(pk)
    for option, listings in found.items():
        yield Statement(option, is_met, listings)
