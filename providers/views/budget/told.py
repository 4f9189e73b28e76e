"""The answer to an amount, in words: who is within it, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import wording
from providers.actions.derived import Schedules
from providers.estimates import estimate
from providers.models import Offering, PriceLine, Provider
from providers.question import Search
from providers.search import Results, distance_km, matching_offerings, within_limits
from providers.search.answer import Hit
from providers.search.relaxing import Relaxation
from providers.views import answer
from providers.views.answer import Link
from providers.views.budget.asking import Budget
from providers.views.cards import cautions, contact, offered_in_words
from providers.views.costs import Sum, costs_of, journey
from providers.views.links import Links


@dataclass(frozen=True, slots=True)
class Fit:
    """One offering of a listing, and what it takes of the amount."""

    offered: str
    total: Sum  # the course with travel
    left: str  # "" where it is not within the amount
    cautions: list[str]


@dataclass(frozen=True, slots=True)
class Within:
    """One listing of the answer."""

    provider: Provider
    distance: str
    fits: list[Fit]
    contact: str
    is_unconfirmed: bool


def rows(results: Results) -> list[Within]:
    """One page of the answer, the offerings within the amount alone."""
    hits, search = results.answer.hits, results.search
    known, schedules = _read(hits), Schedules()
    return [
        _within(known[hit.pk], hit, search, schedules)
        for hit in hits
        if hit.pk in known
    ]


def _read(hits: Sequence[Hit]) -> dict[int, Provider]:
    lines = PriceLine.objects.current().select_related("source")
    offerings = Offering.objects.select_related("source")
    found = Provider.objects.filter(pk__in=[hit.pk for hit in hits])
    return (
        found.select_related("region")
        .prefetch_related(
            Prefetch("offerings", offerings.prefetch_related(Prefetch("prices", lines)))
        )
        .in_bulk()
    )


def _within(
    provider: Provider, hit: Hit, search: Search, schedules: Schedules
) -> Within:
    far_km = distance_km(hit)
    asked = matching_offerings(provider, search)
    fitting = within_limits(asked, far_km, search)
    exact = provider.point_precision == "address"
    return Within(
        provider=provider,
        distance=wording.distance(far_km, search.unit, exact=exact)
        if far_km is not None
        else "",
        fits=[_fit(each, search, schedules) for each in fitting or asked],
        contact=contact(provider, search.on),
        is_unconfirmed=provider.is_unconfirmed(search.on),
    )


def _fit(offering: Offering, search: Search, schedules: Schedules) -> Fit:
    by = journey(search, offering.provider.point)
    total = costs_of(estimate(offering, schedules), search.on, by).with_travel
    return Fit(
        offered=offered_in_words(offering),
        total=total,
        left=_left(total, search),
        cautions=cautions([offering]),
    )


def _left(total: Sum, search: Search) -> str:
    """What is left of the amount, at the least and at the most."""
    amount, most = total.amount, search.max_total_cents
    if amount is None or amount.low_cents is None or amount.currency != search.currency:
        return ""
    if set(amount.missing) - {"ride"} or amount.low_cents > most:
        return ""
    known = {"most": wording.money(most - amount.low_cents, search.currency)}
    if amount.missing:
        return _("Left over: %(most)s, before your ride home") % known
    if amount.high_cents is None:
        return _("Left over: %(most)s at the most") % known
    if amount.high_cents > most:
        over = wording.money(amount.high_cents - most, search.currency)
        return _(
            "Left over: %(most)s at its lowest price; at its highest it is %(over)s "
            "more than you have"
        ) % (known | {"over": over})
    if amount.high_cents < most and amount.high_cents != amount.low_cents:
        left = most - amount.high_cents, most - amount.low_cents
        return _("Left over: %(range)s") % {
            "range": wording.amount_range(*left, search.currency)
        }
    if amount.low_cents == most:
        return _("Nothing is left over")
    return _("Left over: %(most)s") % known


def ride(search: Search) -> str:
    """How the ride home after a dose is counted; "" where it is not said."""
    if search.ride.driver == "someone":
        return _("We count that someone drives you to each dose and home again.")
    if search.ride.is_known:
        fare = wording.money(search.ride.fare_cents, search.currency)
        return _("We count %(fare)s for each ride to a dose and back.") % {"fare": fare}
    return ""


# --- What would change it -------------------------------------------------------------


def heading(results: Results) -> str:
    """ "12 clinics within $3,000 near Denver, nearest first"."""
    search = results.search
    words = {
        "n": results.total,
        "amount": wording.money(search.max_total_cents, search.currency),
        "place": str(search.origin.label),
        "reach": wording.reach(results.radius, search.unit),
    }
    if not results.total:
        return _("No clinic is within %(amount)s, %(reach)s around %(place)s") % words
    many = ngettext(
        "%(n)s clinic within %(amount)s, %(reach)s around %(place)s, nearest first",
        "%(n)s clinics within %(amount)s, %(reach)s around %(place)s, nearest first",
        results.total,
    )
    return many % words


def changes(results: Results, asked: Budget, links: Links) -> list[Link]:
    """Where nothing is within the amount: single changes, each tried by the engine.

    `links`: of the question that the amount makes.
    """
    return list(_changes(results, asked, links))


def _changes(results: Results, asked: Budget, links: Links) -> Iterator[Link]:
    for each in results.relaxations:
        own = {n: v for n, v in each.changes.items() if n != "max_total"}
        if each.kind == "price":
            most = {"amount": each.changes["max_total"], "per": ""}
            yield Link(_more_money(each, results.search), asked.url(**own, **most))
        else:
            [link] = answer.instead(replace(results, relaxations=[each]), links)
            here = each.kind in ("include", "radius")
            yield Link(link.text, asked.url(**own)) if here else link


def _more_money(each: Relaxation, search: Search) -> str:
    most = each.search.max_total_cents
    known = {
        "more": wording.money(most - search.max_total_cents, search.currency),
        "most": wording.money(most, search.currency),
        "n": each.total,
    }
    many = ngettext(
        "%(more)s more, %(most)s in all: %(n)s clinic",
        "%(more)s more, %(most)s in all: %(n)s clinics",
        each.total,
    )
    return many % known
