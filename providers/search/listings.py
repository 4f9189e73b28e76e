"""The listings that an answer shows, with all that is told of them: one query.

The rows below a listing come beside it as JSON, which SQLite and PostgreSQL both make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache

from django.db import models
from django.db.models import Aggregate, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from providers.models import Fact, Offering, PriceLine, Provider, Source
from providers.question import Search

# Topics that a listing shows whether or not the question asks for them.
ALWAYS_TOLD = ("payment", "new_patients")
_OF_SOURCE = ("name", "publisher")


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
    asked = [*search.condition, *search.pay, *search.need, *search.language]
    facts = Fact.objects.filter(Q(topic__in=ALWAYS_TOLD) | Q(code__in=asked))
    found = (
        Provider.objects.filter(pk__in=keys)
        .select_related("region", "contact_source")
        .annotate(
            offering_rows=_rows(Offering.objects.all(), "provider"),
            price_rows=_rows(PriceLine.objects.current(), "offering__provider"),
            fact_rows=_rows(facts, "provider"),
        )
    )
    return {provider.pk: _joined(provider) for provider in found.order_by()}


def _rows(rows: QuerySet, owner: str) -> Subquery:
    columns = {name: F(name) for name in _columns(rows.model)}
    columns |= {f"source__{name}": F(f"source__{name}") for name in _OF_SOURCE}
    own = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Subquery(own.annotate(rows=JsonRows(JSONObject(**columns))).values("rows"))


@cache
def _columns(model: type[models.Model]) -> dict[str, Callable | None]:
    """Columns that a card may ask for, with what makes JSON's value theirs."""
    made = {models.DateField: date.fromisoformat, models.BooleanField: bool}
    return {
        field.attname: made.get(type(field))
        for field in model._meta.concrete_fields
        if not isinstance(field, models.JSONField)
    }


def _joined(provider: Provider) -> Provider:
    """The listing with its JSON rows as fetched model instances."""
    lines = defaultdict(list)
    for line in _made(PriceLine, provider.price_rows):
        lines[line.offering_id].append(line)
    offerings = _made(Offering, provider.offering_rows)
    for offering in offerings:
        _fetched(offering, prices=lines[offering.pk])
    facts = _made(Fact, provider.fact_rows)
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
