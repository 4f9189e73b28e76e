"""The listings that an answer shows, with all that is told of them: one query.

The rows below a listing come beside it as JSON, which SQLite and PostgreSQL both make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Aggregate, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from providers.models import Fact, Offering, PriceLine, Provider, Region, Source
from providers.question import Search

# Topics that a listing shows whether or not the question asks for them.
ALWAYS_TOLD = ("payment", "new_patients")
STEP = 32  # more than a page shows
_OF_SOURCE = ("name", "publisher")
# Columns that a card asks for; any other is read when it is asked for.
_CHECKED = "id checked_on precision method source_id"
_SHOWN = {
    Offering: f"{_CHECKED} route setting therapy format session_min_cents"
    " session_max_cents session_currency session_complete session_known_until"
    " course_min_cents course_max_cents course_currency course_complete"
    " course_known_until course_dose_trips course_other_trips",
    PriceLine: f"{_CHECKED} offering_id kind unit applies_to currency disputed"
    " amount_min_cents amount_max_cents superseded_on",
    Fact: f"{_CHECKED} topic code answer scope number",
}


class JsonRows(Aggregate):
    """The rows of a subquery, each a JSON object, as one array."""

    output_field = models.JSONField()

    def as_sqlite(self, compiler, connection, **extra):
        extra["function"] = "JSON_GROUP_ARRAY"
        return self.as_sql(compiler, connection, **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **extra)


def read(keys: Collection[int], search: Search) -> dict[int, Provider]:
    """Listings by key, their offerings with current prices and their facts fetched.

    Of the facts only those that the question asks for and those always told. Absent:
    a listing that is gone.
    """
    if not keys:
        return {}
    asked = {*search.condition, *search.pay, *search.need, *search.language}
    sources: dict[int, Source] = {}
    found = map(_listing, _fetched(keys))
    return {listing.pk: _joined(listing, asked, sources) for listing in found}


class _Question(NamedTuple):
    """SQL, with a number below 0 in place of the key at ~number of a list."""

    sql: str
    params: tuple
    converters: dict[int, tuple]  # of columns that a database does not give as they are


# To put the question together costs more than the answer, so few lengths are asked for:
# the last key stands there as often as it takes.
@lru_cache(maxsize=64)
def _question(vendor: str, count: int) -> _Question:
    keys = [~at for at in range(count)]
    found = _with_rows().filter(pk__in=keys).values_list(*_names())
    compiler = found.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    columns = [expression for expression, _sql, _alias in compiler.select]
    return _Question(sql, params, compiler.get_converters(columns))


def _fetched(keys: Collection[int]) -> Iterator[list]:
    known = list(keys)
    known += known[-1:] * (-len(known) % STEP)
    sql, params, converters = _question(connection.vendor, len(known))
    params = [known[~p] if type(p) is int and p < 0 else p for p in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    for row in map(list, rows):
        for at, (steps, expression) in converters.items():
            for convert in steps:
                row[at] = convert(row[at], expression, connection)
        yield row


def _with_rows() -> QuerySet[Provider]:
    return Provider.objects.order_by().annotate(
        offering_rows=_rows(Offering.objects.all(), "provider"),
        price_rows=_rows(PriceLine.objects.current(), "offering__provider"),
        fact_rows=_rows(Fact.objects.all(), "provider"),
    )


@cache
def _attnames(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _names() -> list[str]:
    """What is read of a listing: its columns, its region's, its source's, its rows."""
    beside = [f"region__{name}" for name in _attnames(Region)]
    beside += [f"contact_source__{name}" for name in _attnames(Source)]
    return [*_attnames(Provider), *beside, "offering_rows", "price_rows", "fact_rows"]


def _listing(row: list) -> Provider:
    values = iter(row)
    listing, region, source = (
        model.from_db(connection.alias, names, list(islice(values, len(names))))
        for model, names in ((m, _attnames(m)) for m in (Provider, Region, Source))
    )
    listing.region = region
    listing.contact_source = source if source.pk else None
    listing.offering_rows, listing.price_rows, listing.fact_rows = values
    return listing


def _rows(rows: QuerySet, owner: str) -> Subquery:
    columns = {name: F(name) for name in _columns(rows.model)}
    columns |= {f"source__{name}": F(f"source__{name}") for name in _OF_SOURCE}
    own = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Subquery(own.annotate(rows=JsonRows(JSONObject(**columns))).values("rows"))


@cache
def _columns(model: type[models.Model]) -> dict[str, Callable | None]:
    """The columns shown, in the model's order, with what makes JSON's value theirs."""
    made = {models.DateField: date.fromisoformat, models.BooleanField: bool}
    shown = _SHOWN[model].split()
    fields = [f for f in model._meta.concrete_fields if f.attname in shown]
    return {field.attname: made.get(type(field)) for field in fields}


def _joined(
    provider: Provider, asked: Collection[str], sources: dict[int, Source]
) -> Provider:
    """The listing with its JSON rows as fetched model instances."""
    lines = defaultdict(list)
    for line in _made(PriceLine, provider.price_rows, sources):
        lines[line.offering_id].append(line)
    offerings = _made(Offering, provider.offering_rows, sources)
    for offering in offerings:
        _prefetched(offering, prices=lines[offering.pk])
    told = [
        row
        for row in provider.fact_rows or ()
        if row["topic"] in ALWAYS_TOLD or row["code"] in asked
    ]
    facts = _made(Fact, told, sources)
    facts.sort(key=lambda fact: (fact.topic, fact.code))
    _prefetched(provider, offerings=offerings, facts=facts)
    return provider


def _made(
    model: type[models.Model],
    rows: Iterable[dict] | None,
    sources: dict[int, Source],
) -> list:
    """Instances of a model in the order of their keys; each source made once."""
    columns = _columns(model)
    made = []
    for row in rows or ():
        values = [
            of(row[name]) if of and row[name] is not None else row[name]
            for name, of in columns.items()
        ]
        instance = model.from_db(None, list(columns), values)
        if instance.source_id not in sources:
            sources[instance.source_id] = _source(row)
        instance._state.fields_cache["source"] = sources[instance.source_id]
        made.append(instance)
    return sorted(made, key=lambda instance: instance.pk)


def _source(row: dict) -> Source:
    values = [row["source_id"], *(row[f"source__{name}"] for name in _OF_SOURCE)]
    return Source.from_db(None, ["id", *_OF_SOURCE], values)


def _prefetched(instance: models.Model, **related: list) -> None:
    """Fill what prefetch_related would: `instance.<name>.all()` asks no database."""
    instance._prefetched_objects_cache = {}
    for name, rows in related.items():
        model = instance._meta.get_field(name).related_model
        fetched = model._default_manager.all()
        fetched._result_cache, fetched._prefetch_done = rows, True
        instance._prefetched_objects_cache[name] = fetched
