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
from providers.views.known import asked_when

_KINDS = {"session": costs.SESSION_KINDS, "course": costs.COURSE_KINDS}
_UNKNOWN = ("unknown",)  # the columns tell that a part is missing, not which


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """A session or a course with where it is known from."""

    amount: str
    of: str  # which routes it is of, where the offerings that match have several
    checked: str  # "checked on March 3, 2026, phone call, the clinic itself"
    stale: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Fare:
    """A course of one offering, to be added up with the way there."""

    course: costs.Amount
    trips: costs.Trips  # the fewest
    checked: str


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
    return ShownPrice(
        amount=words,
        of=_routes(shown) if len({o.route for o in offerings}) > 1 else "",
        checked=_checked(offerings, amount, found.currency, found.checked_on, search),
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
            found.append(_fare(offering, search))
    return tuple(found)


def asks_for_travel(search: Search) -> bool:
    wanted = search.sort == "travel" or search.max_total_cents is not None
    return wanted and search.origin is not None


def with_travel(
    fares: Iterable[Fare], distance_km: float | None, search: Search
) -> SafeString:
    """The least that a course and the way there cost, as the order counts it."""
    sums = [
        (costs.with_travel(f.course, f.trips, distance_km, search.ride), f.checked)
        for f in fares
    ]
    if not sums:
        return SafeString()
    least, checked = min(sums, key=_rank)
    cents = {"amount": wording.money(least.low_cents, least.currency)}
    if least.complete:
        words = _("from %(amount)s") % cents
    else:
        words = _("at least %(amount)s") % cents
    return format_html(
        '<p class="price"><strong>{}</strong> {} <span class="small known">{}</span>'
        "</p>\n",
        words,
        _("a course with travel"),
        checked,
    )


def _rank(told: tuple[costs.Amount, str]) -> tuple[bool, int]:
    """As its sort has it: who drives home is not the clinic's to tell."""
    amount, _checked = told
    return bool({*amount.missing} - {"ride"}), amount.low_cents


def _fare(offering: Offering, search: Search) -> Fare:
    known = _stored(offering, "course")
    day = known.known_until - timedelta(days=vocabulary.FRESH_DAYS["prices"])
    doses, visits = offering.course_dose_trips, offering.course_other_trips
    return Fare(
        costs.Amount(
            low_cents=known.low_cents,
            high_cents=None,
            currency=known.currency,
            missing=() if known.complete else _UNKNOWN,
            checked_on=day,
        ),
        costs.Trips((doses, doses), (visits, visits)),
        _checked([offering], "course", known.currency, day, search),
    )


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


def _checked(
    offerings: Iterable[Offering],
    amount: str,
    currency: str,
    checked_on: date,
    search: Search,
) -> str:
    """How the line is known whose date the price shows: its oldest part."""
    wanted = (currency, checked_on, "self_pay", False)
    for line in _lines(offerings, _KINDS[amount]):
        if (line.currency, line.checked_on, line.applies_to, line.disputed) == wanted:
            return asked_when(line, search.on)
    return date_format(checked_on, "DATE_FORMAT")


def _lines(
    offerings: Iterable[Offering], kinds: tuple[str, ...]
) -> Iterable[PriceLine]:
    for offering in offerings:
        yield from (line for line in offering.prices.all() if line.kind in kinds)
