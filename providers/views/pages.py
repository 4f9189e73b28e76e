"""The start page and the pages that explain."""

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from providers import crisis, vocabulary
from providers.models import CrisisLine, RegionKind


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "providers/home.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    operator = {"name": settings.OPERATOR_NAME, "email": settings.OPERATOR_EMAIL}
    days = {**vocabulary.FRESH_DAYS, "unconfirmed": vocabulary.UNCONFIRMED_DAYS}
    return render(request, "providers/about.html", {"operator": operator, "days": days})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "providers/privacy.html")


@require_safe
def crisis_lines(request: HttpRequest) -> HttpResponse:
    """Every line by country, the operator's first and the world's last."""
    lines = sorted(crisis.every_line(), key=_rank)
    today = timezone.localdate()
    countries = [
        (region.name, [(line, line.review_by < today) for line in listed])
        for region, listed in groupby(lines, key=lambda line: line.region)
    ]
    return render(request, "providers/crisis_lines.html", {"countries": countries})


def _rank(line: CrisisLine) -> tuple:
    """The operator's country, other countries by name, unions, the world; parts
    after their whole."""
    region = line.region
    country = region.parent if region.kind == RegionKind.SUBDIVISION else region
    wide = (RegionKind.UNION, RegionKind.WORLD)
    breadth = 1 + wide.index(region.kind) if region.kind in wide else 0
    own = region.country == settings.DEFAULT_COUNTRY
    return (
        breadth,
        not own,
        country.name,
        region != country,
        region.name,
        line.position,
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers stay out of the admin and of what people ask, in each language."""
    closed = ["/admin/"]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            closed += [reverse("search"), reverse("compare")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
