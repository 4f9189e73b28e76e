"""`manage.py cost`: what a listing's page says of its costs, on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone

from providers import vocabulary
from providers.actions.derived import Schedules
from providers.estimates import estimate
from providers.models import Offering, Provider
from providers.views.costs import Costs, ShownLine, Sum, costs_of
from providers.views.journeys import journey_of, question_of
from providers.views.listing import provider_of

# Option → parameter of the page's form, and what it is.
OPTIONS = {
    "from": ("near", "Where the person starts: a town, ZIP or postcode."),
    "driver": ("driver", "Who drives home after a dose: someone or nobody."),
    "fare": ("fare", "A ride to a dosing visit and back, where nobody drives."),
    "rate": ("rate", "What driving a mile or a kilometer costs."),
    "nights": ("nights", "Nights away from home, in all."),
    "night": ("night", "What a night costs."),
    "unit": ("unit", "mi or km: of distances and of the rate."),
}
SUMS = ("session", "course", "first_year", "with_travel")


class Command(BaseCommand):
    help = "Add up what a listing's offerings cost, with the way there if asked."

    def add_arguments(self, parser) -> None:
        parser.add_argument("slug")
        for option, (name, text) in OPTIONS.items():
            parser.add_argument(f"--{option}", dest=name, help=text, metavar="VALUE")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *, slug: str, **options) -> None:
        provider = provider_of(slug)
        if provider is None:
            raise CommandError(f"slug: no listing has the address “{slug}”")
        question = question_of(_query(options), provider)
        by = journey_of(question, provider)
        if question.form.errors:
            raise CommandError("; ".join(_errors(question)))
        schedules, today = Schedules(), timezone.localdate()
        told = [
            costs_of(estimate(offering, schedules), today, by)
            for offering in provider.offerings.all()
        ]
        if options["json"]:
            known = _as_json(provider, by and by.distance_km, told)
            self.stdout.write(json.dumps(known, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_as_table(provider, told)))


def _query(options: dict) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, _text in OPTIONS.values():
        if options[name] is not None:
            query[name] = options[name]
    return query


def _errors(question) -> Iterable[str]:
    options = {name: option for option, (name, _text) in OPTIONS.items()}
    for name, messages in question.form.errors.items():
        yield from (f"--{options.get(name, name)}: {message}" for message in messages)
    if found := [place.query for place in question.form.candidates]:
        yield " | ".join(found)


def _as_json(
    provider: Provider, distance_km: float | None, told: Iterable[Costs]
) -> dict:
    return {
        "slug": provider.slug,
        "distance_km": distance_km,
        "offerings": [_offering(each) for each in told],
    }


def _offering(told: Costs) -> dict:
    offering = told.estimate.offering
    parts = ("route", "setting", "therapy", "format", "variant")
    what = {part: getattr(offering, part) for part in parts}
    lines = [_line(shown) for shown in (*told.lines, *told.apart)]
    return what | {"lines": lines} | {name: _sum(getattr(told, name)) for name in SUMS}


def _line(shown: ShownLine) -> dict:
    line = shown.line
    return {
        "kind": line.kind,
        "payee": line.payee,
        "unit": line.unit,
        "package_size": line.package_size,
        "minutes": line.minutes,
        "amount_min": line.amount_min_cents,
        "amount_max": line.amount_max_cents,
        "currency": line.currency or None,
        "applies_to": line.applies_to,
        "includes": line.includes,
        "count_min": line.count_min,
        "count_max": line.count_max,
        "checked_on": line.checked_on.isoformat(),
        "method": line.method,
        "source": line.source.code,
        "disputed": line.disputed,
        "stale": shown.stale,
    }


def _sum(told: Sum | None) -> dict | None:
    if told is None or told.amount is None:
        return None
    return {
        "low": told.amount.low_cents,
        "high": told.amount.high_cents,
        "complete": told.amount.complete,
        "missing": list(told.amount.missing),
        "currency": told.amount.currency,
        "checked_on": told.amount.checked_on.isoformat(),
        "stale": told.is_stale,
    }


def _as_table(provider: Provider, told: Iterable[Costs]) -> Iterable[str]:
    yield provider.name
    for each in told:
        yield f"\n{_name(each.estimate.offering)}"
        for shown in (*each.lines, *each.apart):
            line = shown.line
            price = shown.amount or "price not published"
            people = "" if line.applies_to == "self_pay" else f" ({line.applies_to})"
            disputed = ", disputed" if line.disputed else ""
            yield f"  {line.kind}{people}: {price}{disputed} ({shown.checked})"
            if shown.counted:
                yield f"    in a course: {shown.counted}"
        for name in SUMS:
            if found := getattr(each, name):
                known = f" ({found.known})" if found.known else ""
                yield f"  {name.replace('_', ' ')}: {found.words}{known}"


def _name(offering: Offering) -> str:
    tables = {
        "route": vocabulary.ROUTES,
        "therapy": vocabulary.THERAPIES,
        "setting": vocabulary.SETTINGS,
        "format": vocabulary.FORMATS,
    }
    words = [str(table.label(getattr(offering, p))) for p, table in tables.items()]
    return ", ".join([*words, offering.variant] if offering.variant else words)
