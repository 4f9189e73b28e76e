"""Answers a question: `find` is what pages and commands ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt

from django.db.models import Prefetch, Q

from providers import geo, vocabulary
from providers.filters import with_parents
from providers.models import Fact, Offering, PriceLine, Provider
from providers.question import OFFERING_PARTS, PAGE_SIZE, STEPS, Search, in_unit
from providers.search.answer import Answer, Engine, Hit, Spread
from providers.search.orm import Orm


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
    counts: dict[str, dict[str, int]]  # group → option → count, see Answer
    spread: Spread | None

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.page_size))

    @property
    def radius(self) -> float | None:
        """The radius in the question's unit."""
        if self.radius_km is None:
            return None
        return in_unit(self.radius_km, self.search.unit)


def find(
    search: Search,
    *,
    page_size: int = PAGE_SIZE,
    engine: Engine | None = None,
    spread: bool = False,
) -> Results:
    """Answer the question. Raises PageOutOfRangeError past the last page.

    Left-out numbers count within the same radius and may overlap. The unit of every
    distance is the kilometre, over the ground (see geo.arc_km). `spread`: tell where
    the matches are as well.
    """
    serves = _patients_region(search)
    home = with_parents([serves]) if serves else ()
    engine = engine or Orm()
    answer = engine.answer(search, page_size=page_size, home=home, spread=spread)
    start = (search.page - 1) * page_size
    if start and start >= answer.total:
        raise PageOutOfRangeError(search.page)
    rows, beyond, unpriced = _rows(answer, search)
    return Results(
        search=search,
        total=answer.total,
        rows=rows,
        page_size=page_size,
        radius_km=answer.radius_km,
        left_out=answer.left_out,
        beyond=beyond,
        wider=_wider(beyond, search),
        unpriced=unpriced,
        serves=serves,
        remote_total=answer.remote_total,
        counts=answer.counts,
        spread=answer.spread,
    )


def _patients_region(search: Search) -> str:
    """Where the patient is, as far as the place or the one region asked for tells."""
    if search.origin:
        return search.origin.region
    return search.region[0] if len(search.region) == 1 else ""


def _wider(beyond: list[Result], search: Search) -> float | None:
    if not beyond:
        return None
    nearest = in_unit(beyond[0].distance_km, search.unit)
    steps = STEPS[search.unit]
    return next((s for s in steps if s >= nearest), ceil(nearest / 10) * 10)


def _rows(answer: Answer, search: Search) -> list[list[Result]]:
    """The listings of the page, of those beyond and of the unpriced. One read."""
    shown = (answer.hits, answer.beyond, answer.unpriced)
    known = _providers({hit.pk for hits in shown for hit in hits}, search)
    return [
        [_row(known[hit.pk], hit, search) for hit in hits if hit.pk in known]
        for hits in shown
    ]


def _providers(keys: set[int], search: Search) -> dict[int, Provider]:
    prices = PriceLine.objects.current().select_related("source")
    offerings = Offering.objects.select_related("source").prefetch_related(
        Prefetch("prices", prices)
    )
    wanted = [*search.condition, *search.pay, *search.need, *search.language]
    facts = Fact.objects.filter(
        Q(topic__in=("payment", "new_patients")) | Q(code__in=wanted)
    ).select_related("source")
    providers = Provider.objects.filter(pk__in=keys)
    return {
        provider.pk: provider
        for provider in providers.select_related(
            "region", "contact_source"
        ).prefetch_related(Prefetch("offerings", offerings), Prefetch("facts", facts))
    }


def _row(provider: Provider, hit: Hit, search: Search) -> Result:
    squared = hit.chord_squared
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
