"""Reads the listings out of the database as the plain rows of which an index is made.

A million listings have ten million answers. So the ORM says what to read, its SQL runs
on bare cursors, a listing's answers come as one text, and the tables are merged as they
stream past in the order of the listings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache

from django.db import connection
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Func,
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
from providers.search.index.rows import Amount, Offer, Row
from providers.vocabulary import PRICE_HISTORY_DAYS

AT_ONCE = 2_000  # database rows
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
    """The listings that a search may show, or those of them in `pks`, by primary key.

    Several queries: inside `snapshot` they agree.
    """
    if pks is None:
        yield from _merged(*map(_stream, _all(connection.vendor)))
        return
    keys = sorted(pks)
    for at in range(0, len(keys), MOST_KEYS):
        some = keys[at : at + MOST_KEYS]
        streams = [
            _stream(query, some) for query in _some(connection.vendor, len(some))
        ]
        yield from _merged(*streams)


def _merged(
    listings: Iterator, offers: Iterator, stated: Iterator, posted: Iterator
) -> Iterator[Row]:
    """Merge streams, each in the order of the listings' primary keys."""
    answers, day, regions = _answers(), _Ordinals(), _regions()
    offer, statement, told = (next(s, _END) for s in (offers, stated, posted))
    for listing in listings:
        pk, name, country, region, *point, on, method = listing
        while offer[0] < pk:
            offer = next(offers, _END)
        own = []
        while offer[0] == pk:
            own.append(_offer(offer, day))
            offer = next(offers, _END)
        while statement[0] < pk:
            statement = next(stated, _END)
        texts = statement[1] if statement[0] == pk else ""
        met, denied = answers.of(texts)
        while told[0] < pk:
            told = next(posted, _END)
        stands = _stands(told, day) if told[0] == pk else _NOTHING
        is_confirming = method in vocabulary.CONFIRMING_METHODS
        place = country, regions[region], *point
        known = is_confirming, met, denied, tuple(own), stands
        yield Row._make((pk, name, *place, day[on], *known))


_END = (float("inf"),)
_NOTHING = (0,) * len(POSTED)
_Query = tuple[str, tuple]  # SQL and its parameters


def _stream(query: _Query, keys: Sequence[int] = ()) -> Iterator[tuple]:
    """The plain rows of a query, a few thousand in memory at once.

    A number below 0 stands in it for the key at ~number of the list.
    """
    sql, params = query
    known = [keys[~p] if type(p) is int and p < 0 else p for p in params]
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, known)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


# --- What to read ---------------------------------------------------------------------


class _Joined(Aggregate):
    """All values in one text, parted by commas, in no order."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **options):
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **options)


def _text(column: str) -> Cast:
    """A date as SQLite keeps it: its own conversion is slow."""
    return Cast(column, CharField())


def _columns(listings: QuerySet[Provider]) -> QuerySet:
    point = ("latitude", "longitude", "x_km", "y_km", "z_km")
    checked_on = _text("contact_checked_on")
    columns = ("pk", "plain_name", "country", "region_id", *point, checked_on)
    return listings.order_by("pk").values_list(*columns, "contact_method")


def _offers(offerings: QuerySet[Offering]) -> QuerySet:
    links = Offering.serves.through.objects.filter(offering=OuterRef("pk"))
    served = links.values("offering").annotate(all=_Joined("region")).values("all")
    is_remote = When(setting__in=vocabulary.REMOTE_SETTINGS, then=Subquery(served))
    columns = [Case(is_remote)]
    for amount in ("session", "course"):
        columns += [f"{amount}_min_cents", f"{amount}_currency"]
        columns += [Cast(f"{amount}_complete", IntegerField())]
        columns += [_text(f"{amount}_known_until")]
    columns += ["course_dose_trips", "course_other_trips"]
    found = offerings.values_list("provider_id", *OFFERING_PARTS, *columns)
    return found.order_by("provider_id", "pk")


def _stated(facts: QuerySet[Fact]) -> QuerySet:
    """What a listing states, as one text: topic, code and answer without a space."""
    statement = Func(
        *("topic", "code", "answer"),
        arg_joiner=" || ",
        template="%(expressions)s",
        output_field=TextField(),
    )
    joined = facts.values("provider_id").annotate(texts=_Joined(statement))
    return joined.order_by("provider_id").values_list("provider_id", "texts")


def _posted(lines: QuerySet[PriceLine]) -> QuerySet:
    """When a price that tells each of costs.POSTED was checked last, by listing."""
    latest = {
        f"told_{what}": Cast(Max("checked_on", filter=tells(what)), CharField())
        for what in POSTED
    }
    own = lines.filter(TELLS_PRICE).values("offering__provider").annotate(**latest)
    return own.order_by("offering__provider").values_list("offering__provider", *latest)


# Writing SQL takes the ORM milliseconds, longer than reading one listing.
@lru_cache(maxsize=2)
def _all(vendor: str) -> list[_Query]:
    return _queries(
        Provider.objects.listed(),
        Offering.objects.all(),
        Fact.objects.all(),
        PriceLine.objects.all(),
    )


@lru_cache(maxsize=32)
def _some(vendor: str, count: int) -> list[_Query]:
    keys = [~at for at in range(count)]
    return _queries(
        Provider.objects.listed().filter(pk__in=keys),
        Offering.objects.filter(provider__in=keys),
        Fact.objects.filter(provider__in=keys),
        PriceLine.objects.filter(offering__provider__in=keys),
    )


def _queries(
    listings: QuerySet, offerings: QuerySet, facts: QuerySet, lines: QuerySet
) -> list[_Query]:
    found = _columns(listings), _offers(offerings), _stated(facts), _posted(lines)
    return [query.query.sql_with_params() for query in found]


# --- What it means --------------------------------------------------------------------


class _Ordinals(dict):
    """A date's text → its proleptic ordinal, 0 for none."""

    def __missing__(self, text: str | None) -> int:
        self[text] = date.fromisoformat(text).toordinal() if text else 0
        return self[text]


def _regions() -> dict[str, tuple[str, ...]]:
    """Each region and those that hold it, from the lowest up."""
    parents = dict(Region.objects.values_list("code", "parent"))

    def holding(code: str | None) -> tuple[str, ...]:
        return (code, *holding(parents[code])) if code else ()

    return {code: holding(code) for code in parents}


def _offer(row: tuple, day: _Ordinals) -> Offer:
    _pk, *parts, serves, cents, currency, is_complete, until = row[:10]
    regions = tuple(sorted(serves.split(","))) if serves else ()
    session = course = None
    if cents is not None:
        session = Amount(cents, currency, is_complete == 1, day[until])
    cents, currency, is_complete, until = row[10:14]
    if cents is not None:
        course = Amount(cents, currency, is_complete == 1, day[until])
    return Offer(*parts, regions, session, course, row[14:])


def _stands(row: tuple, day: _Ordinals) -> tuple[int, ...]:
    """The last day on which each of costs.POSTED is told."""
    return tuple(day[on] and day[on] + PRICE_HISTORY_DAYS for on in row[1:])


_YES = ("yes", "partial")
_NEEDS = {code: vocabulary.topic_of(code) for code in vocabulary.NEEDS}
# Its codes answer one question (see filters): who gives any is not silent.
_ACCEPTING = {"yes": ("accepting",), "waitlist": ("accepting", "waitlist")}


@cache
def _answers() -> _Answers:
    return _Answers()


class _Answers:
    """What each statement's text says: the option that it meets or denies."""

    def __init__(self) -> None:
        self._met: dict[str, str] = {}
        self._denied: dict[str, str] = {}
        for group, topic in FACT_GROUPS.items():
            for code in vocabulary.TOPICS[topic]:
                self._add(topic, code, f"{group}/{code}", _YES)
        for code, topic in _NEEDS.items():
            is_requirement = vocabulary.NEEDS[code].requirement
            meeting = ("no",) if is_requirement else _YES
            self._add(topic, code, f"need/{code}", meeting)
        self._accepting = {
            f"accepting/{option}": {"new_patients" + c + a for c in codes for a in _YES}
            for option, codes in _ACCEPTING.items()
        }

    def _add(self, topic: str, code: str, option: str, meeting: tuple) -> None:
        for answer in vocabulary.ANSWERS:
            said = self._met if answer in meeting else self._denied
            said[topic + code + answer] = option

    def of(self, texts: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The options that a listing meets, and those that it denies."""
        said = texts.split(",")
        met = tuple(filter(None, map(self._met.get, said)))
        denied = tuple(filter(None, map(self._denied.get, said)))
        if "new_patients" not in texts:
            return met, denied
        for option, meeting in self._accepting.items():
            if meeting.isdisjoint(said):
                denied += (option,)
            else:
                met += (option,)
        return met, denied
