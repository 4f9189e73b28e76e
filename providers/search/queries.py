"""What is read of the listings: SQL that the ORM writes, once for many readings.

A number below 0 among the parameters stands for the key at ~number of a list.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import add
from typing import NamedTuple

from django.db import connection
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from providers import vocabulary
from providers.costs import POSTED
from providers.models import Fact, Offering, PriceLine, Provider, Region
from providers.priced import TELLS_PRICE, tells
from providers.question import OFFERING_PARTS
from providers.search.index.tables import UNKNOWN

Query = tuple[str, tuple]  # SQL and its parameters


class Queries(NamedTuple):
    """Offers and what is posted come as columns, the rest as rows."""

    regions: Query
    listings: Query
    offers: Query
    stated: Query
    posted: Query


# Writing SQL takes the ORM milliseconds, longer than reading one listing.
@lru_cache(maxsize=2)
def of_all(vendor: str) -> Queries:
    """Of offers and what is posted, of keys behind one and up to another."""
    part = {"pk__gt": ~0, "pk__lte": ~1}
    return _queries(
        Provider.objects.listed(),
        Offering.objects.filter(**part),
        Fact.objects.all(),
        PriceLine.objects.filter(**part),
    )


@lru_cache(maxsize=32)
def of_some(vendor: str, count: int) -> Queries:
    """Of so many listings, by their keys."""
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
) -> Queries:
    regions = Region.objects.order_by().values_list("code", "parent_id")
    return Queries(
        regions.query.sql_with_params(),
        _asked_listings(listings).query.sql_with_params(),
        _asked_offers(offerings),
        _asked_facts(facts).query.sql_with_params(),
        _asked_posted(lines),
    )


# --- Table by table -------------------------------------------------------------------


class _Joined(Aggregate):
    """All values in one text, in no order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, '%(by)s')"
    output_field = TextField()

    def __init__(self, column: str, by: str = ",") -> None:
        super().__init__(column, by=by)

    def as_postgresql(self, compiler, connection, **options):
        template = "STRING_AGG(%(expressions)s::text, '%(by)s')"
        return self.as_sql(compiler, connection, template=template, **options)


class _Barred(Func):
    """Columns, none of them NULL, in one text, parted by bars."""

    output_field = TextField()

    def as_sqlite(self, compiler, connection, **options):
        places = "|".join(["%%%%s"] * len(self.source_expressions))
        template = f"PRINTF('{places}', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **options)

    def as_postgresql(self, compiler, connection, **options):
        template = "CONCAT_WS('|', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **options)


_JOINED = {"sqlite": "GROUP_CONCAT({})", "postgresql": "STRING_AGG({}::text, ',')"}


def _in_columns(query: QuerySet, *columns) -> Query:
    """Each column as one text, parted by commas: all in the same order, whichever.

    The SQL gives one row, of NULL where there is nothing.
    """
    sql, params = query.order_by().values_list(*columns).query.sql_with_params()
    names = [f"c{number}" for number in range(len(columns))]
    joined = ", ".join(map(_JOINED[connection.vendor].format, names))
    return f"WITH own ({', '.join(names)}) AS ({sql}) SELECT {joined} FROM own", params


def _text(column: str, none: str | None = None) -> Func:
    """As SQLite keeps a date: its own conversion is slow."""
    text = Cast(column, CharField())
    return text if none is None else Coalesce(text, Value(none))


def _asked_listings(listings: QuerySet[Provider]) -> QuerySet:
    point = ("latitude", "longitude", "x_km", "y_km", "z_km")
    checked_on = _text("contact_checked_on")
    columns = ("pk", "plain_name", "country", "region_id", *point, checked_on)
    return listings.order_by("pk").values_list(*columns, "contact_method")


def _asked_offers(offerings: QuerySet[Offering]) -> Query:
    links = Offering.serves.through.objects.filter(offering=OuterRef("pk"))
    served = links.values("offering").annotate(all=_Joined("region", by=" "))
    is_remote = When(
        setting__in=vocabulary.REMOTE_SETTINGS, then=Subquery(served.values("all"))
    )
    kind = [*OFFERING_PARTS, "course_dose_trips", "course_other_trips"]
    lows = []
    for amount in ("session", "course"):
        kind += [f"{amount}_currency", Cast(f"{amount}_complete", IntegerField())]
        lows.append(_text(f"{amount}_min_cents", none=str(UNKNOWN)))
        lows.append(_text(f"{amount}_known_until", none=""))
    kind.append(Coalesce(Case(is_remote), Value("")))
    return _in_columns(offerings, "pk", "provider_id", _Barred(*kind), *lows)


def _asked_facts(facts: QuerySet[Fact]) -> QuerySet:
    """Who gives each answer, as one text of primary keys."""
    answers = facts.order_by().values("topic", "code", "answer")
    joined = answers.annotate(listings=_Joined("provider_id"))
    return joined.values_list("topic", "code", "answer", "listings")


def _asked_posted(lines: QuerySet[PriceLine]) -> Query:
    """When each price was checked, and which of costs.POSTED it tells, a bit each."""
    told = (
        Case(When(tells(what), then=1 << bit), default=0)
        for bit, what in enumerate(POSTED)
    )
    columns = ("offering__provider_id", _text("checked_on"), reduce(add, told))
    return _in_columns(lines.filter(TELLS_PRICE), *columns)
