"""The search page: one question in the address, its answer in plain HTML."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from providers import search as engine
from providers.filters import ProviderFilter
from providers.models import Region
from providers.places import Found
from providers.views import answer, search_form
from providers.views.cards import card
from providers.views.links import search_url


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    question = ProviderFilter(request.GET)
    regions = Region.objects.in_bulk()
    results = _results(question)
    context = {
        "form": search_form.draw(question, results.counts if results else {}),
        "candidates": _places(question, question.form.candidates),
        "also": _places(question, getattr(question.form.origin, "also", ())),
        "crisis_country": _country(question),
        "noindex": True,
    }
    if results:
        context |= _answer(question, results, regions)
    return render(request, "providers/search.html", context)


def _results(question: ProviderFilter) -> engine.Results | None:
    """The answer; None for a question that is wrong, its errors on the form."""
    if not question.is_valid():
        return None
    try:
        return engine.find(question.search)
    except engine.PageOutOfRangeError as error:
        gone = _("There is no page %(page)s of this answer.") % {"page": error}
        question.form.add_error("page", gone)
        return None


def _answer(
    question: ProviderFilter, results: engine.Results, regions: Mapping[str, Region]
) -> dict:
    data, asked = question.form.data, results.search
    cards, beyond, unpriced = (
        [card(row, asked) for row in rows]
        for rows in (results.rows, results.beyond, results.unpriced)
    )
    shown = [*cards, *beyond, *unpriced]
    return {
        "results": results,
        "heading": answer.heading(results, regions),
        "reach": answer.reach(results),
        "chosen": answer.chosen_filters(question, regions),
        "clear_url": answer.clear_url(data),
        "cards": cards,
        "left_out": answer.left_out(results, data),
        "at_home": answer.care_at_home(results, data, regions),
        "wider": answer.wider(results, data),
        "beyond": beyond,
        "unpriced": unpriced,
        "pages": answer.pages(
            asked.page, results.pages, lambda page: search_url(data, page=page)
        ),
        "shows_samples": any(shown_card.provider.is_sample for shown_card in shown),
    }


def _places(question: ProviderFilter, places: Iterable[Found]) -> list[answer.Link]:
    """The same question asked of other places that fit what was typed."""
    data = question.form.data
    return [
        answer.Link(
            str(place.label),
            search_url(data, without=["lat", "lng"], near=place.query),
        )
        for place in places
    ]


def _country(question: ProviderFilter) -> str:
    """Whose crisis lines to show: of the place, else the region, else the operator."""
    if question.form.origin:
        return question.form.origin.country
    given = getattr(question.form, "cleaned_data", {})
    codes = [*given.get("region", []), *given.get("serves", [])]
    countries = [code[:2] for code in codes if code[:1].isalpha() and code != "EU"]
    return countries[0] if countries else settings.DEFAULT_COUNTRY
