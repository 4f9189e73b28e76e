"""Answers questions by plain SQL on SQLite and PostgreSQL: obvious and complete.

What the index is held to, and what exports and the admin ask.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_

from django.db.models import QuerySet

from providers import geo
from providers.filters import in_order, matching
from providers.models import Provider
from providers.question import ENOUGH, FEW, LEFT_OUT, Search
from providers.search.answer import Answer, Hit


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
        found = _within(matching(search), search, radius_km)
        total = found.count()
        start = (search.page - 1) * page_size
        variants = {reason: search.including(reason) for reason in search.reasons}
        return Answer(
            total=total,
            hits=_hits(in_order(found, search)[start : start + page_size]),
            radius_km=radius_km,
            left_out=dict.fromkeys(LEFT_OUT, 0)
            | {
                reason: _within(matching(variant), search, radius_km).count() - total
                for reason, variant in variants.items()
            },
            counts={},
            beyond=[] if total else _nearest(matching(search), search),
            unpriced=_unpriced(found, total, variants, search, radius_km),
            remote_total=matching(search.at_home_in(home)).count() if home else 0,
        )


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


def _unpriced(found, total, variants, search, radius_km) -> list[Hit]:
    """Few priced matches: the nearest unpriced, under their own heading."""
    if total >= FEW or "unpriced" not in variants:
        return []
    wanted = _within(matching(variants["unpriced"]), search, radius_km)
    others = wanted.exclude(pk__in=found.values("pk"))
    by_distance = replace(search, sort="distance" if search.origin else "name")
    return _hits(in_order(others, by_distance)[:FEW])
