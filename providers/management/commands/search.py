"""`manage.py search`: the search page's question and answer on the command line."""

import argparse
import json
from collections.abc import Iterable, Iterator

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django_filters import Filter, MultipleChoiceFilter

from providers import costs, search
from providers.filters import ProviderFilter
from providers.models import PriceLine, Provider
from providers.question import PAGE_SIZE, Search, in_unit
from providers.search import live
from providers.search.orm import Orm

MOST_ROWS = 1_000
ENGINES = {"index": lambda: live.current().index, "orm": Orm}


def _page_size(text: str) -> int:
    size = int(text)
    if not 1 <= size <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"a page holds 1 to {MOST_ROWS} listings")
    return size


def _reading(name: str, asked: Filter) -> dict:
    """How many words follow a parameter: several codes, one switch, or its words."""
    if isinstance(asked, MultipleChoiceFilter):
        return {"action": "extend", "nargs": "+", "metavar": "CODE"}
    if name.startswith("include_"):
        return {"nargs": "?", "const": "yes", "metavar": "yes"}
    if name in ("near", "q"):
        return {"nargs": "+", "metavar": "WORD"}
    return {"metavar": "VALUE"}


class Command(BaseCommand):
    help = "Search the listings. Takes every parameter of the search page."

    def add_arguments(self, parser) -> None:
        for name, asked in ProviderFilter.base_filters.items():
            flags = dict.fromkeys([f"--{name.replace('_', '-')}", f"--{name}"])
            text = str(asked.extra.get("help_text") or asked.label).replace("%", "%%")
            parser.add_argument(*flags, dest=name, help=text, **_reading(name, asked))
        parser.add_argument(
            "--page-size", type=_page_size, default=PAGE_SIZE, metavar="N"
        )
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default="index",
            help="The index in memory, or the tables by plain SQL: to compare the two.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *, page_size: int, engine: str, **options) -> None:
        question = ProviderFilter(_query(options))
        if not question.is_valid():
            raise CommandError("\n".join(_errors(question)))
        try:
            results = search.find(
                question.search, page_size=page_size, engine=ENGINES[engine]()
            )
        except search.PageOutOfRangeError as error:
            raise CommandError(f"page: there is no page {error}") from error
        write = _as_json if options["json"] else _as_table
        self.stdout.write(write(results))


def _query(options: dict) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, asked in ProviderFilter.base_filters.items():
        value = options[name]
        if isinstance(asked, MultipleChoiceFilter):
            query.setlist(name, value or [])
        elif value is not None:
            query[name] = " ".join(value) if isinstance(value, list) else value
    return query


def _errors(question: ProviderFilter) -> Iterable[str]:
    for field, messages in question.form.errors.items():
        yield from (f"{field}: {message}" for message in messages)
    for place in question.form.candidates:
        yield f"  {place.label}: --near '{place.query}'"


def _as_json(results: search.Results) -> str:
    origin = results.search.origin
    near = origin and {"label": str(origin.label), **origin.point._asdict()}
    answer = {
        "total": results.total,
        "near": near,
        "within_km": results.radius_km,
        "results": [_row(row, results.search) for row in results.rows],
        "left_out": results.left_out,
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)


def _row(row: search.Result, asked: Search) -> dict:
    priced = row.session and row.session.stands
    return {
        "slug": row.provider.slug,
        "name": row.provider.name,
        "latitude": row.provider.latitude,
        "longitude": row.provider.longitude,
        "distance_km": row.distance_km,
        "session_min": row.session.low_cents if priced else None,
        "session_max": row.session.high_cents if priced else None,
        "currency": row.session.currency if priced else None,
        **_cheapest(row, asked),
        "prices_posted": len(costs.posted(_lines(row.provider), asked.on)),
    }


def _cheapest(row: search.Result, asked: Search) -> dict:
    """The cheapest course among the offerings that match, and that with travel; null
    where it is not complete or not current."""
    matching = search.matching_offerings(row.provider, asked)
    own = search.within_limits(matching, row.distance_km, asked) or matching
    courses = (
        search.stored_price([offering], "course", currency=asked.currency, on=asked.on)
        for offering in own
    )
    known = [course for course in courses if course and course.stands]
    cheapest = min(known, key=lambda course: course.low_cents, default=None)
    travel = search.travel_price(own, row.distance_km, asked)
    return {
        "course_min": cheapest and cheapest.low_cents,
        "course_max": cheapest and cheapest.high_cents,
        "travel_min": travel.low_cents if travel and travel.stands else None,
    }


def _lines(provider: Provider) -> Iterator[PriceLine]:
    return (line for offer in provider.offerings.all() for line in offer.prices.all())


def _as_table(results: search.Results) -> str:
    unit = results.search.unit
    lines = [_heading(results)]
    for row in results.rows:
        distance = ""
        if row.distance_km is not None:
            distance = f"{in_unit(row.distance_km, unit):.1f} {unit}"
        town = ", ".join(filter(None, (row.provider.city, row.provider.region_id)))
        lines.append(f"{distance:>10}  {row.provider.name}  ({town})  {_price(row)}")
    left_out = [f"{reason} {n}" for reason, n in results.left_out.items() if n]
    if left_out:
        lines.append("Left out: " + ", ".join(left_out))
    return "\n".join(lines)


def _heading(results: search.Results) -> str:
    heading = f"{results.total} {'listing' if results.total == 1 else 'listings'}"
    if results.search.origin and results.radius is not None:
        reach = f"{results.radius:g} {results.search.unit}"
        heading += f" within {reach} of {results.search.origin.label}"
    return f"{heading}, page {results.search.page} of {results.pages}"


def _price(row: search.Result) -> str:
    price = row.session
    if price is None or price.low_cents is None:
        return "price not published"
    low = f"{price.low_cents / 100:.2f}"
    high = f"–{price.high_cents / 100:.2f}" if price.high_cents is not None else ""
    least = "" if price.complete else "at least "
    stale = "" if price.current else " (stale)"
    amount = f"{least}{low}{high} {price.currency}{stale}"
    return f"{amount}, checked {price.checked_on}"
