"""Reads the listings out of the database as the tables of which an index is made.

A million listings have ten million answers. So the SQL (`queries`) runs on bare
cursors, and but for the listings themselves whole columns come as one text each: to
take such a text apart takes less than to take thousands of rows in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import chain
from operator import attrgetter

import numpy as np
from django.db import connection
from django.db.models import Max, Model

from providers import vocabulary
from providers.costs import POSTED
from providers.models import Offering, PriceLine
from providers.question import FACT_GROUPS
from providers.search.index.numbers import Numbers
from providers.search.index.rows import Row
from providers.search.index.runs import begins
from providers.search.index.tables import (
    UNKNOWN,
    Kind,
    Listings,
    Lows,
    Offers,
    Posted,
    Serves,
    Statement,
    Tables,
)
from providers.search.queries import Queries, Query, of_all, of_some
from providers.vocabulary import PRICE_HISTORY_DAYS

AT_ONCE = 100  # database rows: more would not stay in the processor's cache
KEYS_AT_ONCE = 20_000  # of which columns come together
MOST_KEYS = 5_000  # that one query names

# A plain BEGIN takes no lock on SQLite, whatever our other transactions take.
_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def snapshot() -> Iterator[None]:
    """All that the block reads is of one moment.

    It waits for no writer, and none waits for it. Inside a transaction it reads what
    that transaction sees. Cannot be nested.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows(pks: Collection[int] | None = None) -> Iterator[Row]:
    """The listings that a search may show, or those of `pks`, by primary key."""
    return tables(pks).rows()


def tables(pks: Collection[int] | None = None) -> Tables:
    """The same, table by table, each read when it is asked for.

    Several queries: inside `snapshot` they agree.
    """
    if pks is None:
        found = _everything(of_all(connection.vendor))
    else:
        found = (_of(sorted(pks), number) for number in range(len(Queries._fields)))
    parents, listings, offers, stated, posted = found
    return Tables(
        _listings(listings, parents), _offers(offers), _stated(stated), _posted(posted)
    )


_Batches = Iterator[list[tuple]]  # of plain rows


def _everything(queries: Queries) -> Iterator[_Batches]:
    models = (None, None, Offering, None, PriceLine)
    for query, model in zip(queries, models, strict=True):
        yield _in_parts(query, model) if model else _stream(query)


def _in_parts(query: Query, model: type[Model]) -> _Batches:
    """What a query for keys behind one, up to another, gives for all."""
    last = model.objects.aggregate(last=Max("pk"))["last"] or 0
    for behind in range(0, last, KEYS_AT_ONCE):
        yield from _stream(query, (behind, behind + KEYS_AT_ONCE))


def _of(keys: Sequence[int], number: int) -> _Batches:
    """What one of the queries gives for some listings, however many."""
    for at in range(0, len(keys), MOST_KEYS):
        part = keys[at : at + MOST_KEYS]
        yield from _stream(of_some(connection.vendor, len(part))[number], part)


def _stream(query: Query, keys: Sequence[int] = ()) -> _Batches:
    """The rows of a query for these keys, few in memory at once."""
    sql, params = query
    known = [keys[~p] if type(p) is int and p < 0 else p for p in params]
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, known)
        while some := cursor.fetchmany(AT_ONCE):
            yield some


# --- What it means --------------------------------------------------------------------


def _listings(batches: _Batches, regions: _Batches) -> Iterator[Listings]:
    day = _Ordinals()

    @cache
    def parents() -> dict:  # not read for no listing
        return dict(chain.from_iterable(regions))

    @cache
    def place(country: str, region: str, method: str) -> tuple:
        is_confirming = method in vocabulary.CONFIRMING_METHODS
        return country, tuple(_upwards(region, parents())), is_confirming

    for some in batches:
        pk, name, country, region, *point, on, method = zip(*some, strict=True)
        places = list(map(place, country, region, method))
        yield Listings(pk, name, places, point, list(map(day.__getitem__, on)))


def _upwards(code: str | None, parents: dict) -> Iterator[str]:
    """A region and those that hold it."""
    while code:
        yield code
        code = parents[code]


def _offers(batches: _Batches) -> Iterator[Offers]:
    kinds, until, regions = _Kinds(), _Ordinals(), Numbers()
    for pks, listings, texts, *lows, linked, codes in _filled(batches):
        kind, keys = _looked_up(texts, kinds), _numbers(pks)
        order = keys.argsort()
        known = (kinds.flags(tells)[kind] for tells in (_has_session, _has_course))
        days = (_looked_up(text, until) for text in lows[1::2])
        amounts = zip(known, lows[::2], days, strict=True)
        session, course = (_lows(*amount, order) for amount in amounts)
        kind, offer = kind[order], keys[order].searchsorted(_numbers(linked))
        is_served = kinds.flags(_is_at_home)[kind][offer]
        region = _looked_up(codes, regions)[is_served]
        serves = Serves(offer[is_served], region, list(regions))
        told = kinds.known, kind, session, course, serves
        yield Offers(_numbers(listings)[order], *told)


_has_session = attrgetter("session_currency")
_has_course = attrgetter("course_currency")


def _is_at_home(kind: Kind) -> bool:
    return kind.setting in vocabulary.REMOTE_SETTINGS


def _lows(
    is_known: np.ndarray, cents: str, days: np.ndarray, order: np.ndarray
) -> Lows:
    """One amount of offerings; `cents` and `days` have only those that are known."""
    whole = (_placed(_numbers(cents), is_known, UNKNOWN), _placed(days, is_known, 0))
    return Lows(*(column[order] for column in whole))


def _placed(known: np.ndarray, where: np.ndarray, none: int) -> np.ndarray:
    """What is known, put where it is."""
    whole = np.full(len(where), none, known.dtype)
    whole[where] = known
    return whole


def _posted(batches: _Batches) -> Iterator[Posted]:
    until = _Ordinals(PRICE_HISTORY_DAYS)  # then the price is history
    bits = np.arange(len(POSTED))[:, None]
    for listings, days, told in _filled(batches):
        flags = _numbers(told) >> bits & 1
        yield Posted(_numbers(listings), flags * _looked_up(days, until))


def _filled(batches: _Batches) -> Iterator[tuple]:
    """Rows of whole columns, but for those of none."""
    return (row for row in chain.from_iterable(batches) if row[0])


def _numbers(text: str) -> np.ndarray:
    return np.fromstring(text, np.int64, sep=",")


def _looked_up(text: str, known: dict[str, int]) -> np.ndarray:
    texts = text.split(",") if text else ()
    return np.fromiter(map(known.__getitem__, texts), np.int32)


class _Ordinals(dict):
    """A date's text → its proleptic ordinal and so many days more, 0 for none."""

    def __init__(self, more_days: int = 0) -> None:
        super().__init__({None: 0})
        self._more_days = more_days

    def __missing__(self, text: str) -> int:
        self[text] = date.fromisoformat(text).toordinal() + self._more_days
        return self[text]


class _Kinds(dict):
    """What the database tells of a kind of offerings → its number in `known`."""

    def __init__(self) -> None:
        self.known: list[Kind] = []

    def __missing__(self, text: str) -> int:
        *parts, doses, others, session, whole, course, is_whole = text.split("|")
        amounts = session, whole == "1", course, is_whole == "1"
        self.known.append(Kind(*parts, int(doses), int(others), *amounts))
        return self.setdefault(text, len(self))

    def flags(self, tells: Callable[[Kind], object]) -> np.ndarray:
        """Of each that is known, whether it is so."""
        return np.array(list(map(tells, self.known)), bool)


# --- What is stated -------------------------------------------------------------------

_YES = ("yes", "partial")
# Its codes answer one question (see filters): who gives any is not silent.
_ACCEPTING = {"yes": ("accepting",), "waitlist": ("accepting", "waitlist")}


def _stated(batches: _Batches) -> Iterator[Statement]:
    accepting = []
    for topic, code, answer, keys in chain.from_iterable(batches):
        listings = _numbers(keys)
        if topic == "new_patients":
            accepting.append((code, answer, listings))
        elif known := _meaning().get((topic, code, answer)):
            yield Statement(*known, listings)
    if accepting:
        yield from _accepting(accepting)


def _accepting(answers: Sequence[tuple[str, str, np.ndarray]]) -> Iterator[Statement]:
    anybody = _distinct(np.concatenate([listings for _, _, listings in answers]))
    for option, codes in _ACCEPTING.items():
        is_met = np.zeros(len(anybody), bool)
        for code, answer, listings in answers:
            if code in codes and answer in _YES:
                is_met[anybody.searchsorted(listings)] = True
        yield Statement(f"accepting/{option}", True, anybody[is_met])
        yield Statement(f"accepting/{option}", False, anybody[~is_met])


def _distinct(keys: np.ndarray) -> np.ndarray:
    """Each once, ascending. np.unique hashes them, which takes 50 times as long."""
    ordered = np.sort(keys)
    return ordered[begins(ordered)]


@cache
def _meaning() -> dict[tuple[str, str, str], tuple[str, bool]]:
    """Topic, code and answer of a fact → the option, and whether it is met."""
    found = {}
    for group, topic in FACT_GROUPS.items():
        for code in vocabulary.TOPICS[topic]:
            for answer in vocabulary.ANSWERS:
                found[topic, code, answer] = f"{group}/{code}", answer in _YES
    for code, need in vocabulary.NEEDS.items():
        for answer in vocabulary.ANSWERS:
            is_met = (answer == "no") if need.requirement else answer in _YES
            topic = vocabulary.topic_of(code)
            found[topic, code, answer] = f"need/{code}", is_met
    return found
