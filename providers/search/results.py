"""Answers a question: `find` is what pages and commands ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from math import ceil, sqrt
from typing import NamedTuple

from providers import costs, geo, vocabulary
from providers.filters import with_parents
from providers.models import Offering, Provider
from providers.question import (
    MOST_PAGES,
    OFFERING_PARTS,
    PAGE_SIZE,
    STEPS,
    Search,
    history_before,
    in_unit,
)
from providers.search import live
from providers.search.answer import Answer, Engine, Hit, Spread, Tally
from providers.search.listings import read
from providers.search.relaxing import Relaxation, relaxations


class PageOutOfRangeError(ValueError):
    """The answer has fewer pages than the one asked for."""


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of the offerings that match, a range as published."""

    low_cents: int | None
    high_cents: int | None
    currency: str
    complete: bool  # False: "at least", a needed part is not known
    checked_on: date  # of the earliest line
    current: bool  # at most 90 days old on the question's day

    @property
    def stands(self) -> bool:
        """Whether it satisfies limits and comes first in orders."""
        return self.current and self.complete


@dataclass(frozen=True, slots=True)
class Result:
    """One listing of an answer. `distance_km` is None without a place or a point."""

    provider: Provider
    distance_km: float | None
    session: Price | None  # None: no price published
    course: Price | None
    travel: Price | None  # the cheapest course with travel; its high end is not known


@dataclass(frozen=True)
class Results:
    """The answer: one page of a total order, and what stands beside it.

    Who is in it is known by key (`answer`); the listings are read when first asked for.
    """

    search: Search
    answer: Answer
    page_size: int
    serves: str  # the patient's region, for care at home; "" where not known
    relaxations: list[Relaxation]  # what to ask instead, where nothing matches

    @property
    def total(self) -> int:
        return self.answer.total

    @property
    def pages(self) -> int:
        return max(1, min(MOST_PAGES, ceil(self.total / self.page_size)))

    @property
    def radius_km(self) -> float | None:
        """Within which was searched; None: no radius."""
        return self.answer.radius_km

    @property
    def radius(self) -> float | None:
        """The radius in the question's unit."""
        if self.radius_km is None:
            return None
        return in_unit(self.radius_km, self.search.unit)

    @property
    def wider(self) -> float | None:
        """A radius in the question's unit that holds the nearest beyond."""
        if not self.answer.beyond:
            return None
        nearest = in_unit(distance_km(self.answer.beyond[0]), self.search.unit)
        steps = STEPS[self.search.unit]
        return next((s for s in steps if s >= nearest), ceil(nearest / 10) * 10)

    @property
    def left_out(self) -> dict[str, int]:
        """How many the one click of each reason would add."""
        return self.answer.left_out

    @property
    def remote_total(self) -> int:
        """Offer care at home in the patient's region and match the rest."""
        return self.answer.remote_total

    @property
    def counts(self) -> dict[str, Tally]:
        return self.answer.counts

    @property
    def spread(self) -> Spread | None:
        return self.answer.spread

    @property
    def rows(self) -> list[Result]:
        """One page of the total order."""
        return self._shown(self.answer.hits)

    @property
    def beyond(self) -> list[Result]:
        """The nearest few past the radius, when nothing matches."""
        return self._shown(self.answer.beyond)

    @property
    def unpriced(self) -> list[Result]:
        """The nearest few unpriced, when few priced ones match."""
        return self._shown(self.answer.unpriced)

    def _shown(self, hits: list[Hit]) -> list[Result]:
        known = self._listings
        return [_row(known[h.pk], h, self.search) for h in hits if h.pk in known]

    @cached_property
    def _listings(self) -> dict[int, Provider]:
        shown = (self.answer.hits, self.answer.beyond, self.answer.unpriced)
        return read({hit.pk for hits in shown for hit in hits}, self.search)


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
    the matches are as well. `engine`: this process's index unless another is given.
    """
    serves = _patients_region(search)
    home = with_parents([serves]) if serves else ()
    engine = engine or live.current().index
    answer = engine.answer(search, page_size=page_size, home=home, spread=spread)
    start = (search.page - 1) * page_size
    if start and start >= answer.total:
        raise PageOutOfRangeError(search.page)
    instead = relaxations(search, answer, engine)
    return Results(search, answer, page_size, serves, instead)


def _patients_region(search: Search) -> str:
    """Where the patient is, as far as the place or the one region asked for tells."""
    if search.origin:
        return search.origin.region
    return search.region[0] if len(search.region) == 1 else ""


def distance_km(hit: Hit) -> float | None:
    """How far away over the ground; None without a place or a point."""
    return None if hit.chord_squared is None else geo.arc_km(sqrt(hit.chord_squared))


def _row(provider: Provider, hit: Hit, search: Search) -> Result:
    offerings, far_km = matching_offerings(provider, search), distance_km(hit)
    asked = {"currency": search.currency, "on": search.on}
    return Result(
        provider=provider,
        distance_km=far_km,
        session=session_price(offerings, **asked),
        course=stored_price(offerings, "course", **asked),
        travel=travel_price(offerings, far_km, search),
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
    return stored_price(offerings, "session", currency=currency, on=on)


def stored_price(
    offerings: Iterable[Offering], amount: str, *, currency: str, on: date
) -> Price | None:
    """The range over current whole amounts ("session", "course"), else the best known.

    Whole before "at least", current before stale; other currencies stand apart, and
    what is older than a year is history and no price.
    """
    ranks: dict[tuple[bool, bool], list[StoredAmount]] = {}
    for offering in offerings:
        known = stored_amount(offering, amount)
        if known.currency == currency and known.known_until >= history_before(on):
            rank = (known.known_until >= on, known.complete)
            ranks.setdefault(rank, []).append(known)
    if not ranks:
        return None
    (current, complete), shown = max(ranks.items(), key=lambda rank: rank[0])
    lows = [known.low_cents for known in shown if known.low_cents is not None]
    highs = [known.high_cents for known in shown]
    fresh = timedelta(days=vocabulary.FRESH_DAYS["prices"])
    return Price(
        low_cents=min(lows, default=None),
        high_cents=None if None in highs else max(highs),
        currency=currency,
        complete=complete,
        checked_on=min(known.known_until for known in shown) - fresh,
        current=current,
    )


class StoredAmount(NamedTuple):
    """A sum as an offering's columns keep it; no currency where nothing is known."""

    low_cents: int | None
    high_cents: int | None
    currency: str
    complete: bool
    known_until: date | None


def stored_amount(offering: Offering, amount: str) -> StoredAmount:
    names = ("min_cents", "max_cents", "currency", "complete", "known_until")
    return StoredAmount(*(getattr(offering, f"{amount}_{name}") for name in names))


def travel_price(
    offerings: Iterable[Offering], distance_km: float | None, search: Search
) -> Price | None:
    """The cheapest course with travel, by the rules of its sort.

    It counts as complete where only how the person gets home after a dose is missing:
    that is the person's own unknown, the same for every listing.
    """
    found = [
        (not price.current, not price.complete, price.low_cents, price)
        for offering in offerings
        if (price := _with_travel(offering, distance_km, search))
    ]
    return min(found, key=lambda ranked: ranked[:3])[3] if found else None


def within_limits(
    offerings: Iterable[Offering], distance_km: float | None, search: Search
) -> list[Offering]:
    """Those whose whole, current amounts are all within the limits asked for them."""
    asked = {"currency": search.currency, "on": search.on}

    def is_within(offering: Offering, name: str, most_cents: int) -> bool:
        if name == "total":
            price = travel_price([offering], distance_km, search)
        else:
            price = stored_price([offering], name, **asked)
        known = price and price.stands and price.low_cents is not None
        return known and price.low_cents <= most_cents

    limits = search.limits.items()
    return [o for o in offerings if all(is_within(o, *limit) for limit in limits)]


def _with_travel(
    offering: Offering, distance_km: float | None, search: Search
) -> Price | None:
    course = stored_price([offering], "course", currency=search.currency, on=search.on)
    if course is None or course.low_cents is None:
        return None
    fewest = offering.course_dose_trips, offering.course_other_trips
    total = costs.with_travel(
        costs.Amount(course.low_cents, None, course.currency, (), course.checked_on),
        costs.Trips(*((number, number) for number in fewest)),
        distance_km,
        search.ride,
    )
    return replace(
        course,
        low_cents=total.low_cents,
        high_cents=None,
        complete=course.complete and not set(total.missing) - {"ride"},
    )
