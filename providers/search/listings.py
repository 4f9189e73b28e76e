"""The listings that an answer shows, with all that is told of them: one query.

The rows below a listing come beside it as JSON, which SQLite and PostgreSQL both make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache

from django.db import models
from django.db.models import Aggregate, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from providers.models import Fact, Offering, PriceLine, Provider, Source
from providers.question import Search

# Topics that a listing shows whether or not the question asks for them.
ALWAYS_TOLD = ("payment", "new_patients")
_OF_SOURCE = ("name", "publisher")
# Columns that a card asks for; any other is read when it is asked for.
_CHECKED = "id checked_on precision method source_id"
_SHOWN = {
    Offering: f"{_CHECKED} route setting therapy format session_min_cents"
    " session_max_cents session_currency session_complete session_known_until",
    PriceLine: f"{_CHECKED} offering_id kind applies_to currency disputed",
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
    found = _with_rows().filter(pk__in=keys)
    return {provider.pk: _joined(provider, asked) for provider in found}


@cache
def _with_rows() -> QuerySet[Provider]:
    """Kept unasked: to put the question together costs more than the answer."""
    with_names = Provider.objects.select_related("region", "contact_source").order_by()
    return with_names.annotate(
        offering_rows=_rows(Offering.objects.all(), "provider"),
        price_rows=_rows(PriceLine.objects.current(), "offering__provider"),
        fact_rows=_rows(Fact.objects.all(), "provider"),
    )


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


def _joined(provider: Provider, asked: Collection[str]) -> Provider:
    """The listing with its JSON rows as fetched model instances."""
    lines = defaultdict(list)
    for line in _made(PriceLine, provider.price_rows):
        lines[line.offering_id].append(line)
    offerings = _made(Offering, provider.offering_rows)
    for offering in offerings:
        _fetched(offering, prices=lines[offering.pk])
    told = [
        row
        for row in provider.fact_rows or ()
        if row["topic"] in ALWAYS_TOLD or row["code"] in asked
    ]
    facts = _made(Fact, told)
    facts.sort(key=lambda fact: (fact.topic, fact.code))
    _fetched(provider, offerings=offerings, facts=facts)
    return provider


def _made(model: type[models.Model], rows: Iterable[dict] | None) -> list:
    """Instances of a model in the order of their keys."""
    columns = _columns(model)
    made = []
    for row in rows or ():
        values = [
            of(row[name]) if of and row[name] is not None else row[name]
            for name, of in columns.items()
        ]
        instance = model.from_db(None, list(columns), values)
        instance.source = Source.from_db(
            None,
            ["id", *_OF_SOURCE],
            [instance.source_id, *(row[f"source__{name}"] for name in _OF_SOURCE)],
        )
        made.append(instance)
    return sorted(made, key=lambda instance: instance.pk)


def _fetched(instance: models.Model, **related: list) -> None:
    """Fill what prefetch_related would: `instance.<name>.all()` asks no database."""
    instance._prefetched_objects_cache = {}
    for name, rows in related.items():
        model = instance._meta.get_field(name).related_model
        fetched = model._default_manager.all()
        fetched._result_cache, fetched._prefetch_done = rows, True
        instance._prefetched_objects_cache[name] = fetched
