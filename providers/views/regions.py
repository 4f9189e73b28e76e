"""Browse by country, state and province, with the number of listings in each."""

from __future__ import annotations

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from providers.models import Provider, Region, RegionKind
from providers.search import PAGE_SIZE
from providers.views import answer
from providers.views.cards import contact, offered_in_words


@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Countries that have listings, each with its parts that do."""
    counts = _counts()
    named = Region.objects.in_bulk(list({*counts, *(code[:2] for code in counts)}))
    countries = []
    for country in sorted({code[:2] for code in counts} & named.keys()):
        parts = [(named[c], n) for c, n in counts.items() if c[:2] == country != c]
        total = sum(n for code, n in counts.items() if code[:2] == country)
        countries.append((named[country], total, sorted(parts, key=_by_name)))
    countries.sort(key=_by_name)
    return render(request, "regions/regions.html", {"countries": countries})


def _by_name(counted: tuple) -> str:
    return counted[0].name


def _counts() -> dict[str, int]:
    """How many listings stand in each region that has some."""
    listed = Provider.objects.listed().order_by().values("region")
    return dict(listed.annotate(n=Count("pk")).values_list("region", "n"))


@require_safe
def region(request: HttpRequest, code: str) -> HttpResponse:
    kinds = (RegionKind.COUNTRY, RegionKind.SUBDIVISION)
    known = Region.objects.filter(kind__in=kinds).select_related("parent")
    here = get_object_or_404(known, code=code.upper())
    listed = (
        Provider.objects.listed().in_regions([here.pk]).order_by("plain_name", "pk")
    )
    found = listed.select_related("region").prefetch_related("offerings__source")
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
    counts = _counts()
    inside = Region.objects.subdivisions_of(country.pk)
    parts = [(part, counts[part.pk]) for part in inside if part.pk in counts]
    return sorted(parts, key=_by_name)
