"""Answers questions by plain SQL on SQLite and PostgreSQL: obvious and complete.

What the index is held to, and what exports and the admin ask.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_
from statistics import fmean

from django.db.models import QuerySet

from providers import geo
from providers.matching import in_order, matching, offerings_asked
from providers.models import Provider
from providers.priced import lows
from providers.question import ENOUGH, FEW, LEFT_OUT, Search
from providers.search.answer import MOST_POINTS, Answer, Hit, Spread, Tally
from providers.search.counting import counts

SMALLEST_SQUARE = 0.25  # degrees
MOST_CLUSTERS = 500


class Orm:
    """The engine over the tables themselves (see answer.Engine)."""

    def answer(
        self,
        search: Search,
        *,
        page_size: int,
        home: tuple[str, ...] = (),
        spread: bool = False,
    ) -> Answer:
        radius_km = _radius_km(search)

        def near(question: Search) -> QuerySet[Provider]:
            return _within(matching(question), search, radius_km)

        found = near(search)
        total = found.count()
        start = (search.page - 1) * page_size
        variants = {reason: search.including(reason) for reason in search.reasons}
        return Answer(
            total=total,
            hits=_hits(in_order(found, search)[start : start + page_size]),
            radius_km=radius_km,
            left_out=dict.fromkeys(LEFT_OUT, 0)
            | {
                reason: near(variant).count() - total
                for reason, variant in variants.items()
            },
            counts={g: Tally(told) for g, told in counts(search, near).items()},
            beyond=[] if total else _nearest(matching(search), search),
            unpriced=_unpriced(found, total, variants, search, near),
            remote_total=matching(search.at_home_in(home)).count() if home else 0,
            abroad=_abroad(variants, search, near),
            spread=_spread(found) if spread else None,
        )

    def total(self, search: Search) -> int:
        return _within(matching(search), search, search.radius_km).count()

    def amounts(self, search: Search, name: str) -> list[int]:
        found = _within(matching(search), search, search.radius_km)
        own = offerings_asked(search).filter(provider__in=found.order_by().values("pk"))
        return list(lows(own, search, name))

    def lowest_cents(self, search: Search, name: str) -> int | None:
        return next(iter(self.amounts(search.unlimited(name), name)), None)


def _hits(found: QuerySet[Provider]) -> list[Hit]:
    return [Hit(row.pk, getattr(row, "chord_squared", None)) for row in found]


def _within(
    found: QuerySet[Provider], search: Search, radius_km: float | None
) -> QuerySet[Provider]:
    if not search.origin or radius_km is None:
        return found
    return found.within_km(search.origin.point, radius_km)


def _radius_km(search: Search) -> float | None:
    """The radius asked for, else the smallest step that reaches enough.

    Enough are ten listings that match or that one click would add.
    """
    if search.origin is None or search.radius_km is not None:
        return search.radius_km
    steps_km = search.steps_km
    questions = [search, *map(search.including, search.reasons)]
    reached = reduce(or_, [matching(question) for question in questions])
    near = reached.within_km(search.origin.point, steps_km[-1])
    chords = near.order_by("chord_squared").values_list("chord_squared", flat=True)
    nearest = list(chords[:ENOUGH])
    if len(nearest) < ENOUGH:
        return steps_km[-1]
    return next(s for s in steps_km if nearest[-1] <= geo.chord_km(s) ** 2)


def _nearest(found: QuerySet[Provider], search: Search) -> list[Hit]:
    """The nearest few at any distance, unless no place was asked for."""
    if search.origin is None:
        return []
    pointed = found.from_point(search.origin.point).filter(x_km__isnull=False)
    return _hits(pointed.order_by("chord_squared", "pk")[:FEW])


def _unpriced(found, total, variants, search, near) -> list[Hit]:
    """Few priced matches: the nearest unpriced, under their own heading."""
    if total >= FEW or "unpriced" not in variants:
        return []
    others = near(variants["unpriced"]).exclude(pk__in=found.values("pk"))
    by_distance = replace(search, sort="distance" if search.origin else "name")
    return _hits(in_order(others, by_distance)[:FEW])


def _abroad(variants, search, near) -> tuple[str, ...]:
    if "other_country" not in variants:
        return ()
    others = near(variants["other_country"]).exclude(country=search.origin.country)
    countries = others.order_by().values_list("country", flat=True)
    return tuple(sorted(countries.distinct()))


def _spread(found: QuerySet[Provider]) -> Spread:
    rows = found.exclude(latitude=None).order_by("pk")
    points = list(rows.values_list("pk", "latitude", "longitude"))
    if len(points) > MOST_POINTS:
        return _clusters([geo.Point(*at) for _pk, *at in points])
    pks, latitudes, longitudes = zip(*points, strict=True) if points else ([], [], [])
    return Spread(pks, latitudes, longitudes)


def _clusters(points: list[geo.Point]) -> Spread:
    """Squares of a quarter degree, doubled until few enough, each with its middle."""
    side = SMALLEST_SQUARE
    while len(squares := _in_squares(points, side)) > MOST_CLUSTERS:
        side *= 2
    return Spread(
        latitudes=[fmean(at.latitude for at in inside) for inside in squares],
        longitudes=[fmean(at.longitude for at in inside) for inside in squares],
        counts=list(map(len, squares)),
    )


def _in_squares(points: list[geo.Point], side: float) -> list[list[geo.Point]]:
    squares: dict[tuple[float, float], list[geo.Point]] = {}
    for at in points:
        square = (at.latitude + 90) // side, (at.longitude + 180) // side
        squares.setdefault(square, []).append(at)
    return list(squares.values())
