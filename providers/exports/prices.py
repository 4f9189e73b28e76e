"""A listing's prices as rows of the prices layout: one row a line, past ones too."""

from __future__ import annotations

from collections.abc import Iterator

from providers.documents import Document
from providers.exports.documents import day_words
from providers.exports.tables import Row
from providers.imports.amounts import written
from providers.imports.layouts import PRICES
from providers.models.offering import PRICE_KEY

HEADINGS = tuple(PRICES)
TEMPLATE_HEADINGS = HEADINGS
_OFFERING = ("route", "setting", "therapy", "format", "variant")
_LINE = (*PRICE_KEY, "superseded_on")

EXAMPLE: Row = {
    "name": "Sample Clinic",
    "postcode": "80202",
    "route": "iv_infusion",
    "setting": "in_clinic",
    "therapy": "full_kap",
    "format": "individual",
    "kind": "integration",
    "payee": "therapist",
    "unit": "hour",
    "package_size": "1",
    "minutes": "50",
    "count_min": "2",
    "count_max": "3",
    "price_min": "150",
    "price_max": "180",
    "currency": "USD",
    "applies_to": "self_pay",
    "disputed": "no",
    "note_en": "A sample: replace this row with your own.",
    "checked_on": "2026-01-15",
    "method": "phone",
}


def rows(listing: Document) -> Iterator[Row]:
    """The rows of one listing, always in the same order."""
    whose = {name: listing[name] for name in ("slug", "name", "postcode")}
    for offering, values in listing["offerings"].items():
        of = dict(zip(_OFFERING, offering.split("|", 4), strict=True))
        for key, line in values["prices"].items():
            what = dict(zip(_LINE, key.split("|"), strict=True))
            yield whose | of | what | _line(line)


def _line(line: Document) -> Row:
    return {
        "minutes": _number(line["minutes"]),
        "count_min": _number(line.get("count_min")),
        "count_max": _number(line.get("count_max")),
        "price_min": written(line["amount_min_cents"]),
        "price_max": written(line["amount_max_cents"]),
        "currency": line["currency"],
        "includes": ";".join(line["includes"]),
        "disputed": "yes" if line["disputed"] else "no",
        "note_en": line["note_en"],
        "note_es": line["note_es"],
        "checked_on": day_words(line),
        "method": line["method"],
        "source": line["source"],
    }


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
