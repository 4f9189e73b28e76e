"""The search page: one question in the address, its answer in plain HTML."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from providers import remembered
from providers import search as engine
from providers.filters import ProviderFilter
from providers.models import every_region
from providers.places import Found
from providers.search import live
from providers.views import answer, chosen, search_form
from providers.views.etags import etag
from providers.views.fragments import Cards
from providers.views.links import Links, search_path
from providers.views.slots import Shown, Slotted, draw, slot


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The page, or 304 where the visitor's browser has it as it would be again."""
    now, links, on = live.current(), Links(request.GET), timezone.localdate()
    tag = etag(request, now.version, links, on)
    response = None
    if "HTTP_IF_NONE_MATCH" in request.META:
        response = get_conditional_response(request, etag=tag)
    if response is None:
        with now.remembered():
            response = _page(links, now, on)
        response.headers["ETag"] = tag
    response.headers["Vary"] = "HX-Request"
    return response


def _page(links: Links, now: live.Live, on: date) -> HttpResponse:
    question = ProviderFilter(links.data, on)
    results = _results(question, now)
    form = search_form.draw(question, results.counts if results else {})
    shown = {
        "form": form.html,
        "wrong": form.summary,
        "candidates": _places(links, question.form.candidates),
        "also": _places(links, getattr(question.form.origin, "also", ())),
    }
    has_samples = False
    if results:
        cards = _cards(results, now)
        shown |= _answer(question, links, results, cards)
        has_samples = cards.shows_samples
    frame = _frame(
        links.language,
        _country(question),
        is_wrong=bool(form.summary),
        has_samples=has_samples,
    )
    asked = escape(links.query())
    filled = {code: search_path(code) + asked for code, _name in settings.LANGUAGES}
    filled["main"] = draw("providers/_search.html", shown)
    return HttpResponse(frame.fill(filled))


@remembered.until_others_change
def _frame(
    language: str, country: str, *, is_wrong: bool, has_samples: bool
) -> Slotted:
    """The page around its main part, and with a slot for its address in a language."""
    context = {
        "crisis_country": country,
        "is_wrong": is_wrong,
        "shows_samples": has_samples,
        "noindex": True,
        "addresses": {code: slot(code) for code, _name in settings.LANGUAGES},
    }
    return Slotted(render_to_string("providers/search.html", context))


def _results(question: ProviderFilter, now: live.Live) -> engine.Results | None:
    """The answer; None for a question that is wrong, its errors on the form."""
    if not question.is_valid():
        return None
    try:
        return engine.find(question.search, engine=now.index)
    except engine.PageOutOfRangeError as error:
        gone = _("There is no page %(page)s of this answer.") % {"page": error}
        question.form.add_error("page", gone)
        return None


def _cards(results: engine.Results, now: live.Live) -> Cards:
    found = results.answer
    hits = (*found.hits, *found.beyond, *found.unpriced)
    return Cards(now.change_numbers([hit.pk for hit in hits]), results.search)


def _answer(
    question: ProviderFilter, links: Links, results: engine.Results, cards: Cards
) -> dict[str, Shown]:
    """What the main part shows of an answer."""
    found, regions = results.answer, every_region()
    beyond, instead = cards.of(found.beyond, level=4), answer.instead(results, links)
    return {
        "heading": answer.heading(results, regions),
        "reach": answer.reach(results),
        "chosen": chosen.chosen_filters(question, links, regions),
        "clear_url": chosen.clear_url(links),
        "has_matches": bool(results.total),
        "is_empty": not (results.total or beyond or instead),
        "cards": cards.of(found.hits),
        "left_out": answer.left_out(results, links),
        "at_home": answer.care_at_home(results, links, regions),
        "instead": instead,
        "wider": answer.wider(results, links),
        "beyond": beyond,
        "unpriced": cards.of(found.unpriced, level=4),
        "limits_sums": not results.search.limits.keys() <= {"session"},
        "pages": _pages(results, links),
    }


def _pages(results: engine.Results, links: Links) -> bytes:
    drawn = _drawn_pages(links.language, results.search.page, results.pages)
    return drawn.replace(_ADDRESS.encode(), escape(links.pages()).encode())


@lru_cache(maxsize=1_000)
def _drawn_pages(language: str, current: int, last: int) -> bytes:
    """Links to the pages of any answer, a slot before the number of each."""
    listed = answer.pages(current, last, lambda number: f"{_ADDRESS}{number}")
    return draw("providers/_pages.html", {"pages": listed})


_ADDRESS = slot("address")


def _places(links: Links, places: Iterable[Found]) -> list[answer.Link]:
    """The same question asked of other places that fit what was typed."""
    return [
        answer.Link(
            str(place.label),
            links.to(without=["lat", "lng"], near=place.query),
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
