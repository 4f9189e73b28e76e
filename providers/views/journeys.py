"""What with getting there? The form on a listing, and what it was answered with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from providers import geo, vocabulary, wording
from providers.filters import ProviderFilter
from providers.models import Fact, Provider
from providers.question import in_unit
from providers.views import asked_again
from providers.views.costs import Journey, journey
from providers.views.known import asked_when
from providers.views.links import query_string

# What helps somebody home whom nobody drives.
HELP = ("ride_home_help", "medical_transport_ok", "near_transit", "driver_must_stay")


@dataclass(frozen=True, slots=True)
class Help:
    """One fact that helps with the way home, or that nothing is said of it."""

    label: str
    answer: str
    checked: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was sent, and the way that it tells."""

    fields: dict
    summary: list[tuple[str, str]]  # (id of the input, message) of what is wrong
    candidates: list[tuple[str, str]]  # (label, address of the same with that place)
    by: Journey | None
    way: list[str]  # in sentences: how far, at what rate, from where these are known
    help: list[Help]


def question_of(data: QueryDict, provider: Provider) -> ProviderFilter:
    """The place and the ride that were typed, in the money of the listing's country."""
    asked = QueryDict(mutable=True)  # nothing that a listing does not ask
    for name in asked_again.KEPT:
        if name in data:
            asked[name] = data[name]
    usual = vocabulary.CURRENCY_OF_COUNTRY.get(provider.country, "USD")
    asked["currency"] = asked.get("currency") or usual
    return ProviderFilter(asked)


def journey_of(question: ProviderFilter, provider: Provider) -> Journey | None:
    """The way from the place; None where none is named, or what was typed is wrong."""
    if not question.is_valid():
        return None
    if question.form.origin and question.search.origin is None:
        wide = _("From a whole state or country we cannot measure. Type a town.")
        question.form.add_error("near", wide)
        return None
    return journey(question.search, provider.point)


def asked(
    data: QueryDict, provider: Provider, facts: Iterable[Fact], on: date
) -> Asked:
    question = question_of(data, provider)
    by = journey_of(question, provider)
    return Asked(
        fields=asked_again.place_and_ride(question),
        summary=asked_again.summary(question, ("near", "unit", *asked_again.RIDE)),
        candidates=_candidates(question),
        by=by,
        way=_way(by, rate_typed=bool(data.get("rate", "").strip())) if by else [],
        help=_help(facts, on) if by and by.ride.driver != "someone" else [],
    )


def _candidates(question: ProviderFilter) -> list[tuple[str, str]]:
    """The same asked of other places that fit what was typed."""
    also = getattr(question.form.origin, "also", ())
    found = []
    for place in (*question.form.candidates, *also):
        again = query_string(
            question.form.data, without=["lat", "lng"], near=place.query
        )
        found.append((str(place.label), f"{again}#travel"))
    return found


def _way(by: Journey, *, rate_typed: bool) -> list[str]:
    if by.distance_km is None:
        return [_("We do not know where this clinic is, so not how far it is.")]
    roads_km = by.distance_km * by.ride.road_factor
    known = {
        "place": by.origin.label,
        "far": wording.length(in_unit(by.distance_km, by.unit), by.unit),
        "roads": wording.length(in_unit(roads_km, by.unit), by.unit),
        "factor": number_format(by.ride.road_factor, 1),
        "source": settings.ROAD_FACTOR_SOURCE,
    }
    way = _(
        "From %(place)s it is %(far)s each way in a straight line. By road we count "
        "%(factor)s times that, %(roads)s (%(source)s)."
    )
    return [way % known, _rate(by, rate_typed=rate_typed)]


def _rate(by: Journey, *, rate_typed: bool) -> str:
    if by.ride.per_km_cents is None:
        return _("What driving costs there in this currency we do not know. Type it.")
    per_km = by.ride.per_km_cents
    cents = per_km * geo.KM_PER_MILE if by.unit == "mi" else per_km
    known = {"rate": wording.rate(cents, by.currency, by.unit)}
    if rate_typed:
        return _("Driving costs %(rate)s, as you say.") % known
    known["source"] = settings.TRAVEL_SOURCE
    return _("Driving costs %(rate)s (%(source)s).") % known


def _help(facts: Iterable[Fact], on: date) -> list[Help]:
    stated = {fact.code: fact for fact in facts if fact.topic == "access"}
    found = []
    for code in HELP:
        label, fact = str(vocabulary.ACCESS.label(code)), stated.get(code)
        if fact:
            said = Help(label, wording.answer(fact), asked_when(fact, on))
        else:
            said = Help(label, _("Not stated, ask"), "")
        found.append(said)
    return found
