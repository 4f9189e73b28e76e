"""Answers a question: `find` is what pages and commands ask.

The ORM engine: plain SQL on SQLite and PostgreSQL, obvious and complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from math import ceil, sqrt
from operator import or_

from django.db.models import Prefetch, Q, QuerySet

from providers import geo, vocabulary
from providers.filters import (
    INCLUDES,
    OFFERING_PARTS,
    Search,
    in_order,
    matching,
    with_parents,
)
from providers.models import Fact, Offering, PriceLine, Provider

PAGE_SIZE = 20
ENOUGH = 10  # how many the adaptive radius looks for
FEW = 5  # how many stand beside an answer: beyond the radius, or unpriced
STEPS = {"mi": (10, 25, 50, 100, 250), "km": (16, 40, 80, 160, 400)}
LEFT_OUT = (*INCLUDES, "unconfirmed", "other_country")


class PageOutOfRangeError(ValueError):
    """The answer has fewer pages than the one asked for."""


@dataclass(frozen=True, slots=True)
class Price:
    """A session price range of the offerings that match, as published."""

    low_cents: int | None
    high_cents: int | None
    currency: str
    complete: bool  # False: "at least", a needed part is not known
    checked_on: date  # of the earliest line
    current: bool  # at most 90 days old on the question's day


@dataclass(frozen=True, slots=True)
class Result:
    """One listing of an answer. `distance_km` is None without a place or a point."""

    provider: Provider
    distance_km: float | None
    session: Price | None  # None: no price published


@dataclass(frozen=True, slots=True)
class Results:
    """The answer: one page of a total order, and what stands beside it."""

    search: Search
    total: int
    rows: list[Result]
    page_size: int
    radius_km: float | None  # within which was searched; None: no radius
    left_out: dict[str, int]  # reason → how many its one click would add
    beyond: list[Result]  # nearest few past the radius, when nothing matches
    wider: float | None  # a radius in the question's unit that holds the nearest
    unpriced: list[Result]  # nearest few unpriced, when few priced ones match
    serves: str  # the patient's region, for care at home; "" where not known
    remote_total: int  # offer care at home in that region and match the rest

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.page_size))

    @property
    def radius(self) -> float | None:
        """The radius in the question's unit."""
        if self.radius_km is None:
            return None
        return in_unit(self.radius_km, self.search.unit)


def in_unit(distance_km: float, unit: str) -> float:
    return distance_km / geo.KM_PER_MILE if unit == "mi" else distance_km


def in_km(distance: float, unit: str) -> float:
    return distance * geo.KM_PER_MILE if unit == "mi" else distance


def find(search: Search, *, page_size: int = PAGE_SIZE) -> Results:
    """Answer the question. Raises PageOutOfRangeError past the last page.

    Left-out numbers count within the same radius and may overlap. The unit of every
    distance is the kilometre, over the ground (see geo.arc_km).
    """
    radius_km = _radius_km(search)
    found = _within(matching(search), search, radius_km)
    total = found.count()
    start = (search.page - 1) * page_size
    if start and start >= total:
        raise PageOutOfRangeError(search.page)
    variants = _variants(search)
    beyond = _nearest(matching(search), search) if not total else []
    serves = _patients_region(search)
    return Results(
        search=search,
        total=total,
        rows=_rows(in_order(found, search)[start : start + page_size], search),
        page_size=page_size,
        radius_km=radius_km,
        left_out=dict.fromkeys(LEFT_OUT, 0)
        | {
            reason: _within(matching(variant), search, radius_km).count() - total
            for reason, variant in variants.items()
        },
        beyond=beyond,
        wider=_wider(beyond, search),
        unpriced=_unpriced(found, total, variants, search, radius_km),
        serves=serves,
        remote_total=_remote(search, serves).count() if serves else 0,
    )


def _patients_region(search: Search) -> str:
    """Where the patient is, as far as the place or the one region asked for tells."""
    if search.origin:
        return search.origin.region
    return search.region[0] if len(search.region) == 1 else ""


def _variants(search: Search) -> dict[str, Search]:
    """The question after each single click that takes in what it leaves out."""
    reasons = []
    if search.max_cents is not None:
        reasons += ["unpriced", "stale_price", "incomplete"]
    if search.asks_about_facts:
        reasons += ["not_stated"]
    variants = {
        reason: replace(search, include=search.include | {reason})
        for reason in reasons
        if reason not in search.include
    }
    if search.unconfirmed == "hide":
        variants["unconfirmed"] = replace(search, unconfirmed="include")
    if search.origin and not search.any_country:
        variants["other_country"] = replace(search, any_country=True)
    return variants


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
    steps_km = [in_km(step, search.unit) for step in STEPS[search.unit]]
    questions = [search, *_variants(search).values()]
    reached = reduce(or_, [matching(question) for question in questions])
    near = reached.within_km(search.origin.point, steps_km[-1])
    chords = near.order_by("chord_squared").values_list("chord_squared", flat=True)
    nearest = list(chords[:ENOUGH])
    if len(nearest) < ENOUGH:
        return steps_km[-1]
    return next(s for s in steps_km if nearest[-1] <= geo.chord_km(s) ** 2)


def _nearest(found: QuerySet[Provider], search: Search) -> list[Result]:
    """The nearest few at any distance, unless no place was asked for."""
    if search.origin is None:
        return []
    pointed = found.from_point(search.origin.point).filter(x_km__isnull=False)
    return _rows(pointed.order_by("chord_squared", "pk")[:FEW], search)


def _wider(beyond: list[Result], search: Search) -> float | None:
    if not beyond:
        return None
    nearest = in_unit(beyond[0].distance_km, search.unit)
    steps = STEPS[search.unit]
    return next((s for s in steps if s >= nearest), ceil(nearest / 10) * 10)


def _unpriced(found, total, variants, search, radius_km) -> list[Result]:
    """Few priced matches: the nearest unpriced, under their own heading."""
    if total >= FEW or "unpriced" not in variants:
        return []
    wanted = _within(matching(variants["unpriced"]), search, radius_km)
    others = wanted.exclude(pk__in=found.values("pk"))
    by_distance = replace(search, sort="distance" if search.origin else "name")
    return _rows(in_order(others, by_distance)[:FEW], search)


def _remote(search: Search, region: str) -> QuerySet[Provider]:
    """Who offers care at home in the patient's region, wherever they sit."""
    serves = with_parents([region])
    return matching(replace(search, origin=None, region=(), serves=serves))


def _rows(found: QuerySet[Provider], search: Search) -> list[Result]:
    prices = PriceLine.objects.current().select_related("source")
    offerings = Offering.objects.select_related("source").prefetch_related(
        Prefetch("prices", prices)
    )
    wanted = [*search.condition, *search.pay, *search.need, *search.language]
    facts = Fact.objects.filter(
        Q(topic__in=("payment", "new_patients")) | Q(code__in=wanted)
    ).select_related("source")
    providers = found.select_related("region", "contact_source").prefetch_related(
        Prefetch("offerings", offerings), Prefetch("facts", facts)
    )
    return [_row(provider, search) for provider in providers]


def _row(provider: Provider, search: Search) -> Result:
    squared = getattr(provider, "chord_squared", None)
    return Result(
        provider=provider,
        distance_km=None if squared is None else geo.arc_km(sqrt(squared)),
        session=session_price(
            matching_offerings(provider, search), currency=search.currency, on=search.on
        ),
    )


def matching_offerings(provider: Provider, search: Search) -> list[Offering]:
    """The (prefetched) offerings whose route, setting, therapy and format match."""
    asked = {part: getattr(search, part) for part in OFFERING_PARTS}
    return [
        offering
        for offering in provider.offerings.all()
        if all(getattr(offering, p) in codes for p, codes in asked.items() if codes)
    ]


def session_price(
    offerings: Iterable[Offering], *, currency: str, on: date
) -> Price | None:
    """The range over current whole prices, else the best that is known.

    Whole before "at least", current before stale; other currencies stand apart.
    """
    priced = [o for o in offerings if o.session_currency == currency]
    ranks = {}
    for offering in priced:
        current = offering.has_current_session_price(on)
        ranks.setdefault((current, offering.session_complete), []).append(offering)
    if not ranks:
        return None
    (current, complete), shown = max(ranks.items(), key=lambda rank: rank[0])
    lows = [o.session_min_cents for o in shown if o.session_min_cents is not None]
    highs = [o.session_max_cents for o in shown]
    fresh = timedelta(days=vocabulary.FRESH_DAYS["prices"])
    return Price(
        low_cents=min(lows, default=None),
        high_cents=None if None in highs else max(highs),
        currency=currency,
        complete=complete,
        checked_on=min(o.session_known_until for o in shown) - fresh,
        current=current,
    )
