"""Browse by country, state and province, with the number of listings in each."""

from __future__ import annotations

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from providers.models import Offering, Provider, Region, RegionKind
from providers.question import PAGE_SIZE
from providers.views import answer
from providers.views.cards import contact, offered_in_words


@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Countries that have listings, each with its parts that do."""
    counts = _counts(Provider.objects.listed())
    named = Region.objects.in_bulk({region.country for region, _n in counts})
    countries = []
    for country in named.values():
        here = [(r, n) for r, n in counts if r.country == country.pk]
        parts = [(r, n) for r, n in here if r.pk != country.pk]
        countries.append((country, sum(n for _r, n in here), parts))
    countries.sort(key=_by_name)
    return render(request, "regions/regions.html", {"countries": countries})


def _by_name(counted: tuple) -> str:
    return counted[0].name


def _counts(listed: QuerySet[Provider]) -> list[tuple[Region, int]]:
    """How many of the listings stand in each region that has some, by name."""
    columns = ("code", "kind", "name_en", "name_es", "parent_id")
    regions = listed.order_by().values_list(*(f"region__{name}" for name in columns))
    rows = regions.annotate(n=Count("pk"))
    counted = [
        (Region(**dict(zip(columns, row[:-1], strict=True))), row[-1]) for row in rows
    ]
    return sorted(counted, key=_by_name)


@require_safe
def region(request: HttpRequest, code: str) -> HttpResponse:
    kinds = (RegionKind.COUNTRY, RegionKind.SUBDIVISION)
    known = Region.objects.filter(kind__in=kinds).select_related("parent")
    here = get_object_or_404(known, code=code.upper())
    listed = (
        Provider.objects.listed().in_regions([here.pk]).order_by("plain_name", "pk")
    )
    offerings = Prefetch("offerings", Offering.objects.select_related("source"))
    found = listed.select_related("region").prefetch_related(offerings)
    page = _page(found, request.GET.get("page", "1"))
    today = timezone.localdate()
    rows = [
        {
            "provider": provider,
            "offered": list(
                dict.fromkeys(map(offered_in_words, provider.offerings.all()))
            ),
            "contact": contact(provider, today),
        }
        for provider in page
    ]
    context = {
        "region": here,
        "parts": _parts(here),
        "page": page,
        "rows": rows,
        "pages": answer.pages(page.number, page.paginator.num_pages, "?page={}".format),
        "crisis_country": here.country,
        "shows_samples": any(provider.is_sample for provider in page),
    }
    return render(request, "regions/region.html", context)


def _page(found, number: str):
    try:
        return Paginator(found, PAGE_SIZE).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error


def _parts(country: Region) -> list[tuple[Region, int]]:
    if country.kind != RegionKind.COUNTRY:
        return []
    return _counts(Provider.objects.listed().filter(region__parent=country))
