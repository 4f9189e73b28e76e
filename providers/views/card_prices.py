"""The prices of a card: a session, a course, and a course with the way there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from providers import costs, vocabulary, wording
from providers.models import Offering, PriceLine
from providers.question import Search
from providers.search import Price, stored_price
from providers.views.known import asked_when, estimated_when
from providers.vocabulary import FRESH_DAYS

_KINDS = {"session": costs.SESSION_KINDS, "course": costs.COURSE_KINDS}
_UNKNOWN = ("unknown",)  # the columns tell that a part is missing, not which


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """A session or a course with where it is known from."""

    amount: str
    of: str  # which routes it is of, where other offerings match that it is not of
    checked: str  # "Checked on March 3, 2026 · Phone call · The clinic itself"
    estimated: str  # the same of a sum
    stale: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Fare:
    """A course of one offering, to be added up with the way there."""

    course: costs.Amount
    trips: costs.Trips  # the fewest


def price(offerings: list[Offering], amount: str, search: Search) -> ShownPrice | None:
    """A stored amount in the search's currency, else in another one.

    None: nothing is known, or only prices too old to be told.
    """
    told = [o for o in offerings if _is_told(o, amount, search)]
    others = {_stored(o, amount).currency for o in told} - {search.currency}
    prices = (
        stored_price(told, amount, currency=currency, on=search.on)
        for currency in (search.currency, *sorted(others))
    )
    found = next(filter(None, prices), None)
    if found is None or not (words := price_in_words(found)):
        return None
    shown = [o for o in told if _stands_in(o, amount, found, search.on)]
    is_of_all = {o.route for o in shown} == {o.route for o in offerings}
    checked, estimated = _known_from(offerings, amount, found, search.on)
    return ShownPrice(
        amount=words,
        of="" if is_of_all else _routes(shown),
        checked=checked,
        estimated=estimated,
        stale=not found.current,
        complete=found.complete,
    )


def price_in_words(price: Price) -> str:
    """ "$400–$500", without what for; "" where nothing of it is known."""
    if not price.complete:
        return wording.at_least(price.low_cents, price.currency)
    return wording.amount_range(price.low_cents, price.high_cents, price.currency)


def fares(offerings: Iterable[Offering], search: Search) -> tuple[Fare, ...]:
    """The courses to which the way is added: known and current, in the currency."""
    found = []
    for offering in offerings:
        known = _stored(offering, "course")
        here = known.currency == search.currency and known.low_cents is not None
        if here and known.known_until >= search.on:
            found.append(_fare(offering))
    return tuple(found)


def asks_for_travel(search: Search) -> bool:
    wanted = search.sort == "travel" or search.max_total_cents is not None
    return wanted and search.origin is not None


def with_travel(
    fares: Iterable[Fare], distance_km: float | None, search: Search
) -> SafeString:
    """The least that a course and the way there cost, as the order counts it."""
    sums = [
        costs.with_travel(fare.course, fare.trips, distance_km, search.ride)
        for fare in fares
    ]
    if not sums:
        return SafeString()
    least = min(sums, key=_rank)
    cents = {"amount": wording.money(least.low_cents, least.currency)}
    words = _("from %(amount)s") if least.complete else _("at least %(amount)s")
    told = _("a course with travel")
    return format_html(" · <strong>{}</strong> {}", words % cents, told)


def _rank(total: costs.Amount) -> tuple[bool, int]:
    """As its sort has it: who drives home is not the clinic's to tell."""
    return bool({*total.missing} - {"ride"}), total.low_cents


def _fare(offering: Offering) -> Fare:
    known = _stored(offering, "course")
    doses, visits = offering.course_dose_trips, offering.course_other_trips
    course = costs.Amount(
        low_cents=known.low_cents,
        high_cents=None,
        currency=known.currency,
        missing=() if known.complete else _UNKNOWN,
        checked_on=known.known_until - timedelta(days=FRESH_DAYS["prices"]),
    )
    return Fare(course, costs.Trips((doses, doses), (visits, visits)))


class _Stored(NamedTuple):
    """A sum as an offering's columns keep it; no currency where nothing is known."""

    low_cents: int | None
    currency: str
    complete: bool
    known_until: date | None


def _stored(offering: Offering, amount: str) -> _Stored:
    names = ("min_cents", "currency", "complete", "known_until")
    return _Stored(*(getattr(offering, f"{amount}_{name}") for name in names))


def _is_told(offering: Offering, amount: str, search: Search) -> bool:
    """Whether it is known, and no history yet."""
    known = _stored(offering, amount)
    return bool(known.currency) and known.known_until >= search.history_before


def _stands_in(offering: Offering, amount: str, price: Price, on: date) -> bool:
    known = _stored(offering, amount)
    same = (known.currency, known.complete) == (price.currency, price.complete)
    return same and (known.known_until >= on) == price.current


def _routes(offerings: Iterable[Offering]) -> str:
    labels = [str(vocabulary.ROUTES.label(offering.route)) for offering in offerings]
    return ", ".join(dict.fromkeys(labels))


def _known_from(
    offerings: Iterable[Offering], amount: str, price: Price, on: date
) -> tuple[str, str]:
    """Where a price is known from: as a line's, and as an estimate's."""
    if earliest := _earliest_line(offerings, amount, price):
        return asked_when(earliest, on), estimated_when(earliest, on)
    day = date_format(price.checked_on, "DATE_FORMAT")
    return day, day


def _earliest_line(
    offerings: Iterable[Offering], amount: str, price: Price
) -> PriceLine | None:
    """The line whose date the price shows: its oldest part."""
    wanted = (price.currency, price.checked_on, "self_pay", False)
    for offering in offerings:
        for line in offering.prices.all():
            is_of = (line.currency, line.checked_on, line.applies_to, line.disputed)
            if line.kind in _KINDS[amount] and is_of == wanted:
                return line
    return None
