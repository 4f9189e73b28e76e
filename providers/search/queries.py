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
    Expression,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from providers.costs import POSTED
from providers.models import Fact, Offering, PriceLine, Provider, Region
from providers.priced import TELLS_PRICE, tells
from providers.question import OFFERING_PARTS
from providers.search.index.tables import UNKNOWN

Query = tuple[str, tuple]  # SQL and its parameters
_LINKS = Offering.serves.through.objects  # of an offering to a region


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
        _LINKS.filter(offering__gt=~0, offering__lte=~1),
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
        _LINKS.filter(offering__provider__in=keys),
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
    listings: QuerySet,
    offerings: QuerySet,
    links: QuerySet,
    facts: QuerySet,
    lines: QuerySet,
) -> Queries:
    regions = Region.objects.order_by().values_list("code", "parent_id")
    return Queries(
        regions.query.sql_with_params(),
        _asked_listings(listings).query.sql_with_params(),
        _beside(_asked_offers(offerings), _asked_links(links)),
        _asked_facts(facts).query.sql_with_params(),
        _asked_posted(lines),
    )


# --- Table by table -------------------------------------------------------------------


class _Joined(Aggregate):
    """All values in one text, parted by commas, in no order."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **options):
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **options)


class _Barred(Func):
    """Columns, none of them NULL, in one text, parted by bars."""

    output_field = TextField()

    def as_sqlite(self, compiler, connection, **options):
        places = "|".join(map(_place, self.source_expressions))
        template = f"PRINTF('{places}', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **options)

    def as_postgresql(self, compiler, connection, **options):
        template = "CONCAT_WS('|', %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **options)


def _place(column: Expression) -> str:
    """SQLite would make a text of a whole number before it prints it."""
    is_whole = isinstance(column.output_field, IntegerField)
    return "%%%%d" if is_whole else "%%%%s"


_JOINED = {
    "sqlite": "COALESCE(GROUP_CONCAT({}), '')",
    "postgresql": "COALESCE(STRING_AGG({}::text, ','), '')",
}


def _in_columns(query: QuerySet, *columns) -> Query:
    """Each column as one text, parted by commas: all in the same order, whichever.

    The SQL gives one row. NULL is left out.
    """
    sql, params = query.order_by().values_list(*columns).query.sql_with_params()
    names = [f"c{number}" for number in range(len(columns))]
    joined = ", ".join(map(_JOINED[connection.vendor].format, names))
    return f"WITH own ({', '.join(names)}) AS ({sql}) SELECT {joined} FROM own", params


def _beside(one: Query, other: Query) -> Query:
    """The one row of each, side by side."""
    sql = f"SELECT * FROM ({one[0]}) AS one CROSS JOIN ({other[0]}) AS other"
    return sql, one[1] + other[1]


def _asked_listings(listings: QuerySet[Provider]) -> QuerySet:
    point = ("latitude", "longitude", "x_km", "y_km", "z_km")
    # As SQLite keeps a date: its own conversion is slow.
    checked_on = Cast("contact_checked_on", CharField())
    columns = ("pk", "plain_name", "country", "region_id", *point, checked_on)
    return listings.order_by("pk").values_list(*columns, "contact_method")


def _asked_offers(offerings: QuerySet[Offering]) -> Query:
    """Their kinds; of their amounts only those known, which the currency tells."""
    kind = [*OFFERING_PARTS, "course_dose_trips", "course_other_trips"]
    lows = []
    for amount in ("session", "course"):
        kind += [f"{amount}_currency", Cast(f"{amount}_complete", IntegerField())]
        is_known = Q(**{f"{amount}_known_until__isnull": False})
        cents = Cast(f"{amount}_min_cents", CharField())
        low = Coalesce(cents, Value(str(UNKNOWN)))  # a number would stand for a key
        lows += [Case(When(is_known, then=low)), f"{amount}_known_until"]
    return _in_columns(offerings, "pk", "provider_id", _Barred(*kind), *lows)


def _asked_links(links: QuerySet) -> Query:
    """Which regions each offering lists."""
    return _in_columns(links, "offering_id", "region_id")


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
    columns = ("offering__provider_id", "checked_on", reduce(add, told))
    return _in_columns(lines.filter(TELLS_PRICE), *columns)
