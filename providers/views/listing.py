"""One listing: everything that is stated, each with its date, method and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from providers import geo, vocabulary, wording
from providers.actions.derived import Schedules
from providers.documents import with_everything
from providers.estimates import Estimate, estimate
from providers.filters import MILES_COUNTRIES
from providers.models import Offering, Provider
from providers.search import live
from providers.views import facts, journeys
from providers.views.cards import accepting, contact, offered_in_words
from providers.views.costs import Costs, Journey, costs_of
from providers.views.known import asked_when
from providers.views.posted import posted_of
from providers.views.price_history import price_history
from providers.views.usual import usual

NEAREST = 5
DIRECTIONS = "https://www.openstreetmap.org/directions"
FIND_ADDRESS = "https://www.openstreetmap.org/search"


@dataclass(frozen=True, slots=True)
class ShownOffering:
    """One offering in words."""

    name: str
    offered: str  # all that it is, in short
    reported: str
    route: vocabulary.Route
    terms: list[tuple[str, vocabulary.Code]]
    notes: list[str]
    serves: str
    costs: Costs
    checked: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of the nearest other listings."""

    provider: Provider
    distance: str
    offered: list[str]


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    provider = provider_of(slug)
    if provider is None:
        return _moved_to(slug)
    with live.current().remembered():
        context = _context(provider, request.GET)
    return render(request, "providers/listing.html", context)


def _context(provider: Provider, data: QueryDict) -> dict:
    today = timezone.localdate()
    offerings, stated = list(provider.offerings.all()), list(provider.facts.all())
    nearest, schedules = _nearest(provider), Schedules()
    travel = journeys.asked(data, provider, stated, today)
    return {
        "provider": provider,
        "address": _address(provider),
        "directions": _directions(provider),
        "contact": contact(provider, today),
        "unconfirmed": provider.is_unconfirmed(today),
        "hours": [
            (capfirst(WEEKDAYS[row.weekday]), row) for row in provider.hours.all()
        ],
        "accepting": accepting(stated, today),
        "offerings": [
            _offering(estimate(offering, schedules), today, travel.by)
            for offering in offerings
        ],
        "posted": posted_of(offerings, today),
        "travel": travel,
        "usual": usual(provider, offerings, today),
        "price_history": price_history(provider, today),
        "sections": facts.sections(stated, today),
        "to_ask": facts.to_ask(provider, offerings, stated, today),
        "nearest": nearest,
        "sources": sorted(
            {_(record.source.name) for record in provider.source_records.all()}
        ),
        "crisis_country": provider.country,
        "noindex": provider.is_sample,
        "shows_samples": provider.is_sample
        or any(n.provider.is_sample for n in nearest),
    }


def provider_of(slug: str) -> Provider | None:
    """A listing that has a page, with all that its page tells."""
    pages = with_everything(Provider.objects.with_a_page())
    return pages.select_related("region__parent").filter(slug=slug).first()


def _moved_to(slug: str) -> HttpResponse:
    """A former address leads to the listing that has it now; any other is a 404."""
    now = Provider.objects.with_a_page().filter(former_slugs__slug=slug).first()
    if now is None or Provider.objects.filter(slug=slug).exists():
        raise Http404
    return redirect(now, permanent=True)


def _address(provider: Provider) -> list[str]:
    town = " ".join(filter(None, (provider.city, provider.postcode)))
    lines = [provider.street, provider.street2, town, provider.region.name]
    if provider.region.parent and provider.region.country != provider.region_id:
        lines.append(provider.region.parent.name)
    return [line for line in lines if line]


def _directions(provider: Provider) -> str:
    """A page of OpenStreetMap with the destination alone; "" where there is none."""
    if provider.point and provider.point_precision == "address":
        to = f"{provider.point.latitude},{provider.point.longitude}"
        return f"{DIRECTIONS}?{urlencode({'to': to})}"
    if provider.street:
        address = ", ".join(_address(provider))
        return f"{FIND_ADDRESS}?{urlencode({'query': address})}"
    return ""


def _offering(told: Estimate, on: date, by: Journey | None) -> ShownOffering:
    offering = told.offering
    route = vocabulary.ROUTES[offering.route]
    setting = vocabulary.SETTINGS[offering.setting]
    product = vocabulary.PRODUCTS.get(route.product)
    name = wording.reported(offering) or str(route.label)
    variant = f" ({offering.variant})" if offering.variant else ""
    notes = [route.note, product.note if product else "", setting.note]
    serves = sorted(region.name for region in offering.serves.all())
    return ShownOffering(
        name=name + variant,
        offered=offered_in_words(offering) + variant,
        reported=wording.reported(offering),
        route=route,
        terms=[
            (_("Therapy"), vocabulary.THERAPIES[offering.therapy]),
            (_("Where"), setting),
            (_("Alone or with others"), vocabulary.FORMATS[offering.format]),
        ],
        notes=[str(note) for note in notes if note],
        serves=", ".join(serves),
        costs=costs_of(told, on, by),
        checked=asked_when(offering, on),
        stale=offering.is_stale(on),
    )


def _nearest(provider: Provider) -> list[Neighbour]:
    """The nearest other listings, whatever they offer."""
    if provider.point is None:
        return []
    others = Provider.objects.listed().exclude(pk=provider.pk)
    pointed = others.from_point(provider.point).filter(x_km__isnull=False)
    offerings = Prefetch("offerings", Offering.objects.select_related("source"))
    found = pointed.select_related("region").prefetch_related(offerings)
    return [
        _neighbour(provider, other)
        for other in found.order_by("chord_squared", "pk")[:NEAREST]
    ]


def _neighbour(provider: Provider, other: Provider) -> Neighbour:
    unit = "mi" if provider.country in MILES_COUNTRIES else "km"
    away = geo.arc_km(sqrt(other.chord_squared))
    precise = {provider.point_precision, other.point_precision} == {"address"}
    offered = dict.fromkeys(map(offered_in_words, other.offerings.all()))
    distance = wording.distance(away, unit, exact=precise)
    return Neighbour(other, distance, list(offered))
