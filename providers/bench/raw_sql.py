"""The same questions in hand-written SQL for PostgreSQL: page, total and counts.

Only timed, to have something to compare with: best effort over the tables as Django
makes them. One statement for the page, one for the total, one for every count, and one
for the map where it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from providers import geo, vocabulary
from providers.models.provider import LISTED_STATUSES
from providers.question import FACT_GROUPS, OFFERING_PARTS, PAGE_SIZE, Search

CLUSTER_DEGREES = 2
REQUIREMENTS = [code for code, need in vocabulary.NEEDS.items() if need.requirement]
MET = (
    "(f.answer IN ('yes', 'partial') AND f.code <> ALL(%s)"
    " OR f.answer = 'no' AND f.code = ANY(%s))"
)


class Sql(NamedTuple):
    """A statement or a part of one, and the values of its parameters."""

    text: str
    values: tuple = ()


Parts = Mapping[str, Sql]  # conditions on a listing `p`, by the group that asks them


def statements(search: Search, *, spread: bool) -> list[Sql]:
    """What PostgreSQL is asked: the second statement gives the exact total."""
    parts = dict(_parts(search))
    asked = [_page(search, parts), _total(parts), _counts(search, parts)]
    return [*asked, _clusters(parts)] if spread else asked


def _joined(separator: str, parts: list[Sql]) -> Sql:
    texts, values = zip(*parts, strict=True)
    return Sql(separator.join(texts), tuple(v for own in values for v in own))


def _where(parts: Parts, without: str = "") -> Sql:
    return _joined(" AND ", [part for name, part in parts.items() if name != without])


# --- Conditions ----------------------------------------------------------------------


def _parts(search: Search) -> Iterator[tuple[str, Sql]]:
    yield "listed", Sql("p.published AND p.status = ANY(%s)", (list(LISTED_STATUSES),))
    if search.origin and not search.any_country:
        yield "country", Sql("p.country = %s", (search.origin.country,))
    if search.origin and search.radius_km is not None:
        yield "reach", _within(search.origin.point, search.radius_km)
    for word in search.words.split():
        starts = (f"{word}%", f"% {word}%")
        yield (
            f"word {word}",
            Sql("(p.plain_name LIKE %s OR p.plain_name LIKE %s)", starts),
        )
    for group, topic in FACT_GROUPS.items():
        if codes := getattr(search, group):
            yield group, _states(topic, list(codes))
    for code in search.need:
        yield f"need {code}", _states(vocabulary.topic_of(code), [code])
    if search.asks_of_an_offering or search.max_cents is not None:
        yield "offering", _offers(search)


def _chord_squared(at: geo.Point) -> Sql:
    axes = zip(("x_km", "y_km", "z_km"), geo.position(at), strict=True)
    squares = [Sql(f"(p.{axis} - %s)^2", (centre,)) for axis, centre in axes]
    return _joined(" + ", squares)


def _within(at: geo.Point, radius_km: float) -> Sql:
    chord_km = geo.chord_km(radius_km)
    axes = zip(("x_km", "y_km", "z_km"), geo.position(at), strict=True)
    box = [
        Sql(f"p.{axis} BETWEEN %s AND %s", (centre - chord_km, centre + chord_km))
        for axis, centre in axes
    ]
    near = _chord_squared(at)
    circle = Sql(f"{near.text} <= %s", (*near.values, chord_km**2))
    return _joined(" AND ", [*box, circle])


def _states(topic: str, codes: list[str]) -> Sql:
    return Sql(
        "EXISTS (SELECT 1 FROM providers_fact f WHERE f.provider_id = p.id"
        f" AND f.topic = %s AND f.code = ANY(%s) AND {MET})",
        (topic, codes, REQUIREMENTS, REQUIREMENTS),
    )


def _offers(search: Search) -> Sql:
    asked = _of_offering(search)
    return Sql(
        "EXISTS (SELECT 1 FROM providers_offering o WHERE o.provider_id = p.id"
        f" AND {asked.text})",
        asked.values,
    )


def _of_offering(search: Search, without: str = "") -> Sql:
    """What must hold for one and the same offering `o`, one of its parts left out."""
    chosen = {p: getattr(search, p) for p in OFFERING_PARTS if p != without}
    parts = [Sql(f"o.{p} = ANY(%s)", (list(v),)) for p, v in chosen.items() if v]
    if search.max_cents is not None:
        current = (search.currency, search.max_cents, search.on)
        text = "o.session_complete AND o.session_currency = %s"
        text += " AND o.session_min_cents <= %s AND o.session_known_until >= %s"
        parts.append(Sql(text, current))
    return _joined(" AND ", parts or [Sql("true")])


# --- Statements ----------------------------------------------------------------------


def _page(search: Search, parts: Parts) -> Sql:
    where, order = _where(parts), _order(search)
    start = (search.page - 1) * PAGE_SIZE
    return Sql(
        f"SELECT p.id, {order.text} AS place FROM providers_provider p"
        f" WHERE {where.text}"
        f" ORDER BY place NULLS LAST, p.id LIMIT {PAGE_SIZE} OFFSET {start}",
        order.values + where.values,
    )


def _order(search: Search) -> Sql:
    if search.sort == "price":
        return Sql(
            "(SELECT min(o.session_min_cents) FROM providers_offering o"
            " WHERE o.provider_id = p.id AND o.session_complete"
            " AND o.session_currency = %s AND o.session_known_until >= %s)",
            (search.currency, search.on),
        )
    if search.origin:
        return _chord_squared(search.origin.point)
    return Sql("p.plain_name")


def _total(parts: Parts) -> Sql:
    where = _where(parts)
    text = f"SELECT count(*) FROM providers_provider p WHERE {where.text}"
    return Sql(text, where.values)


def _clusters(parts: Parts) -> Sql:
    where = _where(parts)
    square = [
        f"floor(p.{axis} / {CLUSTER_DEGREES})" for axis in ("latitude", "longitude")
    ]
    return Sql(
        "SELECT count(*), avg(p.latitude), avg(p.longitude) FROM providers_provider p"
        f" WHERE p.latitude IS NOT NULL AND {where.text} GROUP BY {', '.join(square)}",
        where.values,
    )


def _counts(search: Search, parts: Parts) -> Sql:
    """A count beside every option; a group that is asked is counted without itself."""
    where = _where(parts)
    found = Sql(
        "WITH found AS MATERIALIZED (SELECT p.id, p.region_id, p.contact_checked_on"
        f" FROM providers_provider p WHERE {where.text}) ",
        where.values,
    )
    asked = [group for group in FACT_GROUPS if getattr(search, group)]
    counted = [
        Sql("SELECT 'region', p.region_id, count(*) FROM found p GROUP BY 2"),
        Sql(
            "SELECT 'unconfirmed', 'hide', count(*) FROM found p"
            " WHERE p.contact_checked_on >= %s::date - %s",
            (search.on, vocabulary.UNCONFIRMED_DAYS),
        ),
        _facts(Sql("SELECT id FROM found"), "<> ALL", [FACT_GROUPS[g] for g in asked]),
        *(_facts(_ids(_where(parts, g)), "= ANY", [FACT_GROUPS[g]]) for g in asked),
        *(_offering_part(search, parts, part) for part in OFFERING_PARTS),
    ]
    union = _joined(" UNION ALL ", counted)
    return Sql(found.text + union.text, found.values + union.values)


def _ids(where: Sql) -> Sql:
    text = f"SELECT p.id FROM providers_provider p WHERE {where.text}"
    return Sql(text, where.values)


def _facts(listings: Sql, among: str, topics: list[str]) -> Sql:
    return Sql(
        f"SELECT f.topic, f.code, count(*) FROM ({listings.text}) p"
        " JOIN providers_fact f ON f.provider_id = p.id"
        f" WHERE f.topic {among}(%s) AND {MET} GROUP BY 1, 2",
        (*listings.values, topics, REQUIREMENTS, REQUIREMENTS),
    )


def _offering_part(search: Search, parts: Parts, part: str) -> Sql:
    alone = _of_offering(search, without=part)
    listings = Sql("SELECT id FROM found")
    if getattr(search, part):
        listings = _ids(_where(parts, without="offering"))
    return Sql(
        f"SELECT '{part}', own.code, count(*) FROM (SELECT DISTINCT p.id, o.{part}"
        f" AS code FROM ({listings.text}) p"
        " JOIN providers_offering o ON o.provider_id = p.id"
        f" WHERE {alone.text}) own GROUP BY 2",
        listings.values + alone.values,
    )
