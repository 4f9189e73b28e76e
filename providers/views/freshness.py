"""How much of the directory was confirmed lately, for everybody to see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from providers import vocabulary
from providers.freshness import CONFIRMED_DAYS, Share, known_freshness
from providers.models import Provider, Region


@require_safe
def freshness(request: HttpRequest) -> HttpResponse:
    found = known_freshness(Provider.objects.all())
    context = {
        "days": CONFIRMED_DAYS,
        "computed_at": found.computed_at,
        "whole": found.whole,
        "groups": vocabulary.CHECK_GROUPS.values(),
        "regions": _named(found.by_region),
    }
    return render(request, "providers/freshness.html", context)


def _named(shares: list[Share]) -> list[tuple[str, Share]]:
    """Each region's share under its name, country by country."""
    codes = [share.region for share in shares]
    regions = Region.objects.select_related("parent").in_bulk(codes)
    named = [(_name(regions[share.region]), share) for share in shares]
    return sorted(named, key=lambda row: row[0])


def _name(region: Region) -> str:
    if region.parent is None or region.code == region.country:
        return region.name
    return f"{region.parent.name}: {region.name}"
