"""One listing: everything that is stated, each with its date, method and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from providers import geo, vocabulary, wording
from providers.documents import with_everything
from providers.filters import MILES_COUNTRIES
from providers.models import Offering, PriceLine, Provider
from providers.views import facts
from providers.views.cards import accepting, asked_when, contact, offered_in_words

NEAREST = 5
DIRECTIONS = "https://www.openstreetmap.org/directions"
FIND_ADDRESS = "https://www.openstreetmap.org/search"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One price line in words; no amount where it is not known."""

    line: PriceLine
    amount: str
    includes: str
    checked: str
    stale: bool


@dataclass(frozen=True, slots=True)
class ShownOffering:
    """One offering in words."""

    offering: Offering
    reported: str
    route: vocabulary.Route
    terms: list[tuple[str, vocabulary.Code]]
    notes: list[str]
    serves: str
    prices: list[ShownLine]
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
    provider = _provider(slug)
    if provider is None:
        return _moved_to(slug)
    today = timezone.localdate()
    offerings, stated = list(provider.offerings.all()), list(provider.facts.all())
    nearest = _nearest(provider)
    context = {
        "provider": provider,
        "address": _address(provider),
        "directions": _directions(provider),
        "contact": contact(provider, today),
        "unconfirmed": provider.is_unconfirmed(today),
        "hours": [
            (capfirst(WEEKDAYS[row.weekday]), row) for row in provider.hours.all()
        ],
        "accepting": accepting(stated, today),
        "offerings": [_offering(offering, today) for offering in offerings],
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
    return render(request, "providers/listing.html", context)


def _provider(slug: str) -> Provider | None:
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


def _offering(offering: Offering, on: date) -> ShownOffering:
    route = vocabulary.ROUTES[offering.route]
    setting = vocabulary.SETTINGS[offering.setting]
    product = vocabulary.PRODUCTS.get(route.product)
    notes = [route.note, product.note if product else "", setting.note]
    lines = [line for line in offering.prices.all() if line.superseded_on is None]
    serves = sorted(region.name for region in offering.serves.all())
    return ShownOffering(
        offering=offering,
        reported=wording.reported(offering),
        route=route,
        terms=[
            (_("Therapy"), vocabulary.THERAPIES[offering.therapy]),
            (_("Where"), setting),
            (_("Alone or with others"), vocabulary.FORMATS[offering.format]),
        ],
        notes=[str(note) for note in notes if note],
        serves=", ".join(serves),
        prices=[_line(line, on) for line in sorted(lines, key=_rank)],
        checked=asked_when(offering, on),
        stale=offering.is_stale(on),
    )


def _rank(line: PriceLine) -> tuple[int, int]:
    kinds, people = list(vocabulary.PRICE_KINDS), list(vocabulary.APPLIES_TO)
    return kinds.index(line.kind), people.index(line.applies_to)


def _line(line: PriceLine, on: date) -> ShownLine:
    covered = [vocabulary.PRICE_KINDS.label(k) for k in line.includes if k != line.kind]
    return ShownLine(
        line=line,
        amount=wording.price_line(line),
        includes=", ".join(wording.lower_first(str(label)) for label in covered),
        checked=asked_when(line, on),
        stale=line.is_stale(on),
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
