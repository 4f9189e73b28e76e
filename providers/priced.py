"""Money that a question asks about, in SQL: limits, and orders by an amount.

An amount is "session", "course" (as they are stored) or "total": the course with the
way there, which depends on where the question starts from.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cast, Least, Round, Sqrt

from providers import geo
from providers.costs import POSTED
from providers.models import Offering, PriceLine, Provider
from providers.models.provider import chord_squared
from providers.question import Search
from providers.vocabulary import PRICE_HISTORY_DAYS

# A line that tells a price to who pays it all, as costs.posted has it.
TELLS_PRICE = Q(superseded_on=None, disputed=False, applies_to="self_pay") & (
    Q(amount_min_cents__isnull=False) | Q(amount_max_cents__isnull=False)
)


def within_limits(offerings: QuerySet[Offering], search: Search) -> QuerySet[Offering]:
    """Those whose amounts are all within the limits that are asked for them."""
    for amount, cents in search.limits.items():
        low = f"{amount}_low"
        found = offerings.alias(**{low: _low_cents(amount, search)})
        offerings = found.filter(_wanted(amount, Q(**{f"{low}__lte": cents}), search))
    return offerings


def _wanted(amount: str, affordable: Q, search: Search) -> Q:
    """The low end within the limit, known, complete, current, in the currency."""
    here, fresh = _is_here(amount, search), _is_fresh(amount, search)
    partial = _is_partial(amount, search)
    wanted = here & affordable & ~partial & fresh
    if "stale_price" in search.include:
        wanted |= here & affordable & ~partial & ~fresh
    if "incomplete" in search.include:
        wanted |= here & affordable & partial
    if "unpriced" in search.include:
        wanted |= ~here
    return wanted


def cheapest_first(
    found: QuerySet[Provider],
    offerings: QuerySet[Offering],
    search: Search,
    amount: str,
) -> QuerySet[Provider]:
    """By the lowest whole amount of its offerings among those, then by the lowest "at
    least"; unknown last."""
    own = _current(offerings, search, amount).filter(provider=OuterRef("pk"))
    partial = _is_partial(amount, search)
    whole, at_least = (
        Subquery(own.filter(is_so).order_by("low").values("low")[:1])
        for is_so in (~partial, partial)
    )
    return found.annotate(price=whole).order_by(
        F("price").asc(nulls_last=True),
        Case(When(price=None, then=at_least)).asc(nulls_last=True),
        "pk",
    )


def lows(
    offerings: QuerySet[Offering], search: Search, amount: str
) -> QuerySet[Offering]:
    """The low ends in cents of whole, current amounts, one for each such offering."""
    current = _current(offerings, search, amount)
    whole = current.filter(~_is_partial(amount, search))
    return whole.order_by("low").values_list("low", flat=True)


def posted_number(on: date) -> Combinable:
    """How many of costs.POSTED a listing's prices tell (see costs.posted)."""
    since = on - timedelta(days=PRICE_HISTORY_DAYS)
    standing = PriceLine.objects.filter(
        TELLS_PRICE, offering__provider=OuterRef("pk"), checked_on__gte=since
    )
    told = [Exists(standing.filter(tells(what))) for what in POSTED]
    numbers = (Case(When(each, then=1), default=0) for each in told)
    return sum(numbers, start=Value(0, IntegerField()))


def tells(what: str) -> Q:
    """The lines that tell one of costs.POSTED: for "course", any of a whole one."""
    of_kind = Q(kind__in=POSTED[what])
    return of_kind | Q(unit="course") if what == "course" else of_kind


# --- An amount ------------------------------------------------------------------------


def _current(
    offerings: QuerySet[Offering], search: Search, amount: str
) -> QuerySet[Offering]:
    """With the low end of an amount (`low`) that is known, fresh, in the currency."""
    known = _is_here(amount, search) & _is_fresh(amount, search)
    return offerings.filter(known).annotate(low=_low_cents(amount, search))


def _column(amount: str, part: str) -> str:
    return f"{'course' if amount == 'total' else amount}_{part}"


def _is_here(amount: str, search: Search) -> Q:
    """Known in the currency asked for, and no history yet."""
    known = {
        _column(amount, "min_cents__isnull"): False,
        _column(amount, "currency"): search.currency,
        _column(amount, "known_until__gte"): search.history_before,
    }
    return Q(**known)


def _is_fresh(amount: str, search: Search) -> Q:
    return Q(**{_column(amount, "known_until__gte"): search.on})


def _is_partial(amount: str, search: Search) -> Q:
    """Whether its low end reads "at least"."""
    partial = Q(**{_column(amount, "complete"): False})
    return partial | _way_is_unknown(search) if amount == "total" else partial


def _low_cents(amount: str, search: Search) -> Combinable:
    low = F(_column(amount, "min_cents"))
    travels = amount == "total" and search.origin is not None
    return low + _travel_cents(search) if travels else low


# --- The way there (see costs.travel) -------------------------------------------------

_GOES_FOR_DOSES = Q(course_dose_trips__gt=0)
_GOES_FOR_OTHERS = Q(course_other_trips__gt=0)
_GOES = _GOES_FOR_DOSES | _GOES_FOR_OTHERS


def _way_is_unknown(search: Search) -> Q:
    """Who goes somewhere, and what the way or the nights cost is not known.

    How the person gets home after a dose is no matter here: not to have said so is
    the person's own unknown, the same for every listing, and puts none behind another.
    """
    if search.ride.stay_cents is None or search.origin is None:
        return _GOES
    by_fare = search.ride.driver == "nobody"
    drives = _GOES_FOR_OTHERS if by_fare else _GOES
    if search.ride.per_km_cents is None:
        return drives
    return drives & Q(provider__x_km=None)


def _travel_cents(search: Search) -> Combinable:
    """The known part of what the way to a course's visits costs, from a place."""
    ride, trip = search.ride, _trip_cents(search)
    dose = _whole_cents(ride.fare_cents or 0) if ride.driver == "nobody" else trip
    stay = When(_GOES, then=_whole_cents(ride.stay_cents or 0))
    return (
        F("course_dose_trips") * dose
        + F("course_other_trips") * trip
        + Case(stay, default=_whole_cents(0))
    )


def _trip_cents(search: Search) -> Combinable:
    """Ride.trip_cents of the distance that is shown; 0 where it is not known."""
    if search.ride.per_km_cents is None:
        return _whole_cents(0)
    across = Value(2 * geo.EARTH_RADIUS_KM, FloatField())
    chord_km = Sqrt(chord_squared(search.origin.point, to="provider__"))
    distance_km = across * ASin(Least(Value(1.0, FloatField()), chord_km / across))
    factors = (search.ride.road_factor, search.ride.per_km_cents)
    cents = Value(2.0, FloatField()) * distance_km
    for factor in factors:
        cents = cents * Value(float(factor), FloatField())
    # LEAST takes no heed of NULL on PostgreSQL: without a point, a trip would be long.
    nowhere = When(provider__x_km=None, then=_whole_cents(0))
    return Case(nowhere, default=Cast(Round(cents), BigIntegerField()))


def _whole_cents(cents: int) -> Cast:
    return Cast(Value(cents), BigIntegerField())
