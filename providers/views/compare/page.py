"""The page of a comparison: who is in it, what they say, and whom to add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from providers.filters import ProviderFilter
from providers.models import Provider
from providers.places import Found
from providers.question import Search
from providers.search import live
from providers.text import plain
from providers.views import asked_again
from providers.views.answer import Link
from providers.views.compare import rows, sums
from providers.views.compare.columns import MOST, Chosen, Column, chosen

MOST_OFFERED = 10  # listings of a name
LONGEST_NAME = 200


class Head(NamedTuple):
    """The head of a column."""

    column: Column
    without: str  # the address of the comparison without it


class Offer(NamedTuple):
    """A listing that can be added."""

    provider: Provider
    url: str


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    with live.current().remembered():
        return render(request, "providers/compare.html", _context(request))


def _context(request: HttpRequest) -> dict:
    question = ProviderFilter(_travel(request.GET))
    found = chosen(request.GET.getlist("p"), _search(question))
    named = request.GET.get("q", "")[:LONGEST_NAME].strip()
    offers, more = _offers(named, found, question)
    providers = [column.provider for column in found.columns]
    providers_shown = [*providers, *(offer.provider for offer in offers)]
    return _asked(question, found) | {
        "heads": [_head(column, found, question) for column in found.columns],
        "topics": _topics(found.columns) if found.columns else [],
        "problems": found.problems,
        "most": MOST,
        "is_full": len(providers) == MOST,
        "in_us": any(provider.country == "US" for provider in providers),
        "named": named,
        "offers": offers,
        "more": more,
        "addresses": {
            code: _address(request.GET.getlist("p"), question, code)
            for code, _name in settings.LANGUAGES
        },
        "noindex": True,
        "shows_samples": any(provider.is_sample for provider in providers_shown),
    }


def _asked(question: ProviderFilter, found: Chosen) -> dict:
    """The form of the way there: what was typed, what is wrong, where else it is."""
    fields = asked_again.place_and_ride(question)
    typed = list(question.form.data.items())
    places = [*question.form.candidates, *getattr(question.form.origin, "also", ())]
    return {
        "fields": fields,
        "errors": asked_again.summary(question, fields),
        "place": question.form.origin,
        "candidates": [_place(place, found, question) for place in places],
        "everything": {"slugs": found.slugs, "rest": typed},
        "carried": {
            "slugs": found.slugs,
            "rest": [(name, value) for name, value in typed if name not in fields],
        },
    }


def _place(place: Found, found: Chosen, question: ProviderFilter) -> Link:
    """The same comparison seen from another place that fits what was typed."""
    url = _address(found.slugs, question, near=place.query)
    return Link(str(place.label), url)


def _travel(typed: QueryDict) -> QueryDict:
    """Of the question only what tells the way: nothing here is searched for."""
    told = QueryDict(mutable=True)
    for name in asked_again.KEPT:
        if typed.get(name, "").strip():
            told[name] = typed[name]
    return told


def _search(question: ProviderFilter) -> Search:
    """The question; where it is wrong, that of nobody in particular."""
    if question.is_valid():
        return question.search
    nothing = ProviderFilter(QueryDict())
    nothing.form.full_clean()
    return nothing.search


def _address(
    slugs: Iterable[str], question: ProviderFilter, language: str = "", **changes: str
) -> str:
    """The comparison of these listings, the way to them kept."""
    with override(language or get_language()):
        path = reverse("compare")
    pairs = [("p", slug) for slug in slugs if slug.strip()]
    query = urlencode([*pairs, *(question.form.data.dict() | changes).items()])
    return f"{path}?{query}" if query else path


def _head(column: Column, found: Chosen, question: ProviderFilter) -> Head:
    own = column.provider.slug
    rest = [slug for slug in found.slugs if slug != own]
    return Head(column, _address(rest, question))


def _topics(columns: Sequence[Column]) -> list[rows.Topic]:
    return [
        rows.treatment(columns),
        sums.paying(columns),
        rows.getting_there(columns),
        rows.safety(columns),
        rows.freshness(columns),
    ]


def _offers(
    name: str, found: Chosen, question: ProviderFilter
) -> tuple[list[Offer], bool]:
    """The listings of a name that can be added, and whether there are more."""
    words = plain(name)
    if not words:
        return [], False
    listed = Provider.objects.listed().named(words).exclude(slug__in=found.slugs)
    some = list(_nearest_first(listed, question)[: MOST_OFFERED + 1])
    offers = [
        Offer(provider, _address([*found.slugs, provider.slug], question))
        for provider in some[:MOST_OFFERED]
    ]
    return offers, len(some) > MOST_OFFERED


def _nearest_first(
    listed: QuerySet[Provider], question: ProviderFilter
) -> QuerySet[Provider]:
    listed = listed.select_related("region")
    place = question.form.origin
    if place and place.point:
        pointed = listed.from_point(place.point)
        return pointed.order_by("chord_squared", "plain_name", "pk")
    return listed.order_by("plain_name", "pk")
