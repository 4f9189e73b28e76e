"""Reads the listings out of the database as the tables of which an index is made.

A million listings have ten million answers. So the ORM says what to read, its SQL runs
on bare cursors, rows become columns a batch at a time, and who gives an answer comes as
one text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast

from providers import vocabulary
from providers.costs import POSTED
from providers.models import Fact, Offering, PriceLine, Provider, Region
from providers.priced import TELLS_PRICE, tells
from providers.question import FACT_GROUPS, OFFERING_PARTS
from providers.search.index.rows import Row
from providers.search.index.tables import (
    Kind,
    Listings,
    Lows,
    Offers,
    Posted,
    Statement,
    Tables,
)
from providers.vocabulary import PRICE_HISTORY_DAYS

AT_ONCE = 500  # database rows
MOST_KEYS = 5_000  # that one query names
_KIND = len(Kind._fields)

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
        found = map(_stream, _all(connection.vendor))
    else:
        found = (_of(sorted(pks), number) for number in range(len(_Queries._fields)))
    parents, listings, offers, stated, posted = found
    return Tables(
        _listings(listings, parents), _offers(offers), _stated(stated), _posted(posted)
    )


_Query = tuple[str, tuple]  # SQL and its parameters
_Batches = Iterator[list[tuple]]  # of plain rows


class _Queries(NamedTuple):
    regions: _Query
    listings: _Query
    offers: _Query
    stated: _Query
    posted: _Query


def _of(keys: Sequence[int], number: int) -> _Batches:
    """What one of the queries gives for some listings, however many."""
    for at in range(0, len(keys), MOST_KEYS):
        part = keys[at : at + MOST_KEYS]
        yield from _stream(_some(connection.vendor, len(part))[number], part)


def _stream(query: _Query, keys: Sequence[int] = ()) -> _Batches:
    """The rows of a query, a few hundred in memory at once.

    A number below 0 stands in it for the key at ~number of the list.
    """
    sql, params = query
    known = [keys[~p] if type(p) is int and p < 0 else p for p in params]
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, known)
        while some := cursor.fetchmany(AT_ONCE):
            yield some


# --- What to read ---------------------------------------------------------------------


class _Joined(Aggregate):
    """All values in one text, parted by commas, in no order."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **options):
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **options)


def _text(column: str) -> Cast:
    """A date as SQLite keeps it: its own conversion is slow."""
    return Cast(column, CharField())


def _asked_listings(listings: QuerySet[Provider]) -> QuerySet:
    point = ("latitude", "longitude", "x_km", "y_km", "z_km")
    checked_on = _text("contact_checked_on")
    columns = ("pk", "plain_name", "country", "region_id", *point, checked_on)
    return listings.order_by("pk").values_list(*columns, "contact_method")


def _asked_offers(offerings: QuerySet[Offering]) -> QuerySet:
    links = Offering.serves.through.objects.filter(offering=OuterRef("pk"))
    served = links.values("offering").annotate(all=_Joined("region")).values("all")
    is_remote = When(setting__in=vocabulary.REMOTE_SETTINGS, then=Subquery(served))
    kind = [*OFFERING_PARTS, "course_dose_trips", "course_other_trips"]
    lows = []
    for amount in ("session", "course"):
        kind += [f"{amount}_currency", Cast(f"{amount}_complete", IntegerField())]
        lows += [f"{amount}_min_cents", _text(f"{amount}_known_until")]
    found = offerings.values_list(*kind, "provider_id", Case(is_remote), *lows)
    return found.order_by("pk")


def _asked_facts(facts: QuerySet[Fact]) -> QuerySet:
    """Who gives each answer, as one text of primary keys."""
    answers = facts.order_by().values("topic", "code", "answer")
    joined = answers.annotate(listings=_Joined("provider_id"))
    return joined.values_list("topic", "code", "answer", "listings")


def _asked_posted(lines: QuerySet[PriceLine]) -> QuerySet:
    """When a price that tells each of costs.POSTED was checked last, by listing."""
    latest = {
        f"told_{what}": Cast(Max("checked_on", filter=tells(what)), CharField())
        for what in POSTED
    }
    own = lines.filter(TELLS_PRICE).values("offering__provider").annotate(**latest)
    return own.order_by("offering__provider").values_list("offering__provider", *latest)


# Writing SQL takes the ORM milliseconds, longer than reading one listing.
@lru_cache(maxsize=2)
def _all(vendor: str) -> _Queries:
    return _queries(
        Provider.objects.listed(),
        Offering.objects.all(),
        Fact.objects.all(),
        PriceLine.objects.all(),
    )


@lru_cache(maxsize=32)
def _some(vendor: str, count: int) -> _Queries:
    keys = [~at for at in range(count)]
    found = _queries(
        Provider.objects.listed().filter(pk__in=keys),
        Offering.objects.filter(provider__in=keys),
        Fact.objects.filter(provider__in=keys),
        PriceLine.objects.filter(offering__provider__in=keys),
    )
    places = ", ".join(["%s"] * count)
    return found._replace(regions=(_REGIONS_OF.format(places), tuple(keys)))


# The regions of some listings and those that hold them: of hundreds, a few.
_REGIONS_OF = f"""
WITH RECURSIVE own (code, parent_id) AS (
    SELECT code, parent_id FROM {Region._meta.db_table} WHERE code IN (
        SELECT region_id FROM {Provider._meta.db_table} WHERE id IN ({{}})
    )
    UNION
    SELECT held.parent_id, holding.parent_id FROM own held
    JOIN {Region._meta.db_table} holding ON holding.code = held.parent_id
)
SELECT code, parent_id FROM own
"""


def _queries(
    listings: QuerySet, offerings: QuerySet, facts: QuerySet, lines: QuerySet
) -> _Queries:
    found = (
        Region.objects.order_by().values_list("code", "parent_id"),
        _asked_listings(listings),
        _asked_offers(offerings),
        _asked_facts(facts),
        _asked_posted(lines),
    )
    return _Queries(*(query.query.sql_with_params() for query in found))


# --- What it means --------------------------------------------------------------------


def _listings(batches: _Batches, regions: _Batches) -> Iterator[Listings]:
    parents, day = dict(chain.from_iterable(regions)), _Ordinals()

    @cache
    def place(country: str, region: str, method: str) -> tuple:
        is_confirming = method in vocabulary.CONFIRMING_METHODS
        return country, tuple(_upwards(region, parents)), is_confirming

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
    until = _Ordinals()
    for some in batches:
        kinds = [row[:_KIND] for row in some]
        pk, texts, *lows = zip(*(row[_KIND:] for row in some), strict=True)
        serves = {at: _codes(text) for at, text in enumerate(texts) if text}
        session, course = (
            Lows(cents, list(map(until.__getitem__, on)))
            for cents, on in (lows[:2], lows[2:])
        )
        yield Offers(pk, kinds, serves, session, course)


def _posted(batches: _Batches) -> Iterator[Posted]:
    until = _Ordinals(PRICE_HISTORY_DAYS)  # then the price is history
    for some in batches:
        pk, *days = zip(*some, strict=True)
        yield Posted(pk, [list(map(until.__getitem__, column)) for column in days])


class _Ordinals(dict):
    """A date's text → its proleptic ordinal and so many days more, 0 for none."""

    def __init__(self, more_days: int = 0) -> None:
        super().__init__({None: 0})
        self._more_days = more_days

    def __missing__(self, text: str) -> int:
        self[text] = date.fromisoformat(text).toordinal() + self._more_days
        return self[text]


@lru_cache(maxsize=20_000)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split(",")))


# --- What is stated -------------------------------------------------------------------

_YES = ("yes", "partial")
# Its codes answer one question (see filters): who gives any is not silent.
_ACCEPTING = {"yes": ("accepting",), "waitlist": ("accepting", "waitlist")}


def _stated(batches: _Batches) -> Iterator[Statement]:
    accepting = []
    for topic, code, answer, keys in chain.from_iterable(batches):
        listings = np.fromstring(keys, np.int64, sep=",")
        if topic == "new_patients":
            accepting.append((code, answer, listings))
        elif known := _meaning().get((topic, code, answer)):
            yield Statement(*known, listings)
    if accepting:
        yield from _accepting(accepting)


def _accepting(answers: Sequence[tuple[str, str, np.ndarray]]) -> Iterator[Statement]:
    anybody = _distinct(np.concatenate([listings for _, _, listings in answers]))
    for option, codes in _ACCEPTING.items():
        said = [ls for code, answer, ls in answers if code in codes and answer in _YES]
        met = _distinct(np.concatenate([anybody[:0], *said]))
        yield Statement(f"accepting/{option}", True, met)
        others = np.setdiff1d(anybody, met, assume_unique=True)
        yield Statement(f"accepting/{option}", False, others)


def _distinct(keys: np.ndarray) -> np.ndarray:
    """Each once, ascending. np.unique hashes them, which takes 50 times as long."""
    ordered = np.sort(keys)
    return ordered[np.diff(ordered, prepend=-1) > 0]


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
