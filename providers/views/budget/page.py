"""The page that starts from an amount: a search by `max_total`, by the same engine."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from providers import search as engine
from providers import wording
from providers.models import every_region
from providers.search import live
from providers.views import answer, asked_again
from providers.views.answer import Link
from providers.views.budget import told
from providers.views.budget.asking import MONTHS, Budget
from providers.views.links import Links


@require_safe
def budget(request: HttpRequest) -> HttpResponse:
    asked, now = Budget(request.GET), live.current()
    with now.remembered():
        results = _results(asked, now)
        context = _form(asked)
        if results:
            context |= _answer(asked, results)
        return render(request, "providers/budget.html", context)


def _results(asked: Budget, now: live.Live) -> engine.Results | None:
    """The answer; None for a question that is wrong, its errors on the form."""
    if not asked.is_asked or asked.errors:
        return None
    try:
        return engine.find(asked.question.search, engine=now.index)
    except engine.PageOutOfRangeError as error:
        gone = _("There is no page %(page)s of this answer.") % {"page": error}
        asked.errors["page"] = [gone]
        return None


def _form(asked: Budget) -> dict:
    form = asked.question.form
    places = [*form.candidates, *getattr(form.origin, "also", ())]
    again = {"lat": "", "lng": ""}
    return {
        "amount": asked.amount_field,
        "is_monthly": asked.is_monthly,
        "fields": asked.fields,
        "carried": asked.carried,
        "errors": _summary(asked),
        "ride_is_wrong": any(name in asked.errors for name in asked_again.RIDE),
        "candidates": [
            Link(str(place.label), asked.url(**again, near=place.query))
            for place in places
        ],
        "addresses": {code: asked.url(code) for code, _name in settings.LANGUAGES},
    }


def _summary(asked: Budget) -> list[tuple[str, str]]:
    """(id of the input, message) of everything that is wrong."""
    labels = {"amount": asked.amount_field.label}
    filters = asked.question.filters
    return [
        (f"id_{name}", f"{labels.get(name) or filters[name].label}: {message}")
        for name, messages in asked.errors.items()
        for message in messages
    ]


def _answer(asked: Budget, results: engine.Results) -> dict:
    links, search = Links(asked.question.form.data), results.search
    rows = told.rows(results)
    return {
        "results": results,
        "heading": told.heading(results),
        "reach": answer.reach(results),
        "rows": rows,
        "monthly": _monthly(asked, search.currency) if asked.is_monthly else None,
        "rate_unknown": search.ride.per_km_cents is None,
        "ride_unknown": not search.ride.is_known,
        "ride": told.ride(search),
        "changes": told.changes(results, asked, links),
        "left_out": answer.left_out(results, links),
        "at_home": answer.care_at_home(results, links, every_region()),
        "wider": answer.wider(results, links),
        "search_url": links.to(),
        "plan_url": links.to(pay="payment_plan"),
        "pages": answer.pages(
            search.page, results.pages, lambda page: asked.url(page=str(page))
        ),
        "crisis_country": search.origin.country,
        "shows_samples": any(row.provider.is_sample for row in rows),
    }


def _monthly(asked: Budget, currency: str) -> dict[str, str | int]:
    """The month's amount and what a year of it comes to."""
    month, year = (int(amount * 100) for amount in (asked.amount, asked.in_all))
    return {
        "month": wording.money(month, currency),
        "year": wording.money(year, currency),
        "months": MONTHS,
    }
