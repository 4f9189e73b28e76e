"""kapfinder's own price layout: one row a price line of a listing that stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from providers.costs import COUNTED_KINDS
from providers.imports.basis import checked_of, needed
from providers.imports.cells import Cells, rows
from providers.imports.layouts import PRICES
from providers.imports.mapping import Mapping, read_as
from providers.imports.rows import Parsed, Refused, Reported, Row
from providers.vocabulary import (
    APPLIES_TO,
    CURRENCIES,
    FORMATS,
    NASAL_ESKETAMINE,
    NOT_STATED,
    PAYEES,
    PERSON_METHODS,
    PRICE_KINDS,
    PRICE_UNITS,
    ROUTES,
    SETTINGS,
    SUPERVISED_SETTINGS,
    THERAPIES,
    far_from,
)

HAS_DATES = True
TAKES_MAPPING = True
REQUIRED = ("kind", "price_min")
MOST = 32_767  # that the columns of minutes and sizes hold
NOTE_LENGTH = 300
VARIANT_LENGTH = 60


def parse(
    path: Path, when: Reported | None, mapping: Mapping | dict | None = None
) -> Parsed:
    """Read price lines; `when` dates the rows that do not say it. Raises BadFile.

    mapping: how to read a file with other headings than ours.
    """
    table, left = read_as(path, "prices", required=REQUIRED, mapping=mapping)
    return Parsed(rows(table, lambda cells: _row(cells, when)), left)


def _row(cells: Cells, when: Reported | None) -> Row:
    checked = _known(cells, when)
    price, line = _line(cells, checked)
    therapy = cells.code("therapy", THERAPIES)
    offering = offering_key(cells, cells.code("route", ROUTES), therapy)
    note_if_unusual(cells, offering, {price: line})
    parts = {"offerings": {offering: {"prices": {price: line}}}, "facts": {}}
    slug = cells.slug("slug")
    return Row(
        line=cells.line,
        source=checked["source"],
        source_id="",
        listing=parts if slug else parts | _named(cells),
        reports_ketamine=True,
        notes=tuple(cells.notes),
        slug=slug,
        only_parts=True,
    )


def _known(cells: Cells, when: Reported | None) -> dict:
    """The row's date, method and source: of a price, nothing of it is supposed."""
    checked = needed(checked_of(cells, when))
    if not cells["method"]:
        raise Refused("method", "is blank")
    if not cells["source"] and checked["method"] not in PERSON_METHODS:
        raise Refused("source", "is blank, and nobody asked the clinic")
    return checked


def _named(cells: Cells) -> dict[str, str]:
    if not cells["name"]:
        raise Refused("slug", "is blank, and so is name")
    return {
        "name": cells.text("name", 200),
        "postcode": cells.needed("postcode", 12),
    }


def offering_key(
    cells: Cells, route: str, therapy: str, *, setting: str = "setting"
) -> str:
    """The key of the offering that a row is about; what it does not say is unstated.

    setting: the name of the column that says where.
    """
    parts = [
        route or NOT_STATED,
        cells.code(setting, SETTINGS, **PRICES["setting"].others) or NOT_STATED,
        therapy or NOT_STATED,
        cells.code("format", FORMATS) or NOT_STATED,
        cells.text("variant", VARIANT_LENGTH),
    ]
    allowed = (*SUPERVISED_SETTINGS, NOT_STATED)
    if parts[0] == NASAL_ESKETAMINE and parts[1] not in allowed:
        raise Refused(setting, "esketamine is given only at a clinic or a hospital")
    return "|".join(parts)


def _line(cells: Cells, checked: dict) -> tuple[str, dict]:
    unit = code_needed(cells, "unit", PRICE_UNITS, **PRICES["unit"].others)
    key = (
        code_needed(cells, "kind", PRICE_KINDS),
        cells.code("payee", PAYEES) or "clinic",
        unit,
        cells.code("applies_to", APPLIES_TO) or "self_pay",
        str(_package_size(cells, unit)),
        _superseded_on(cells, checked),
    )
    own = {
        "minutes": _minutes(cells, unit),
        **_counts(cells, key[0]),
        "disputed": cells.answer("disputed") == "yes",
        "note_en": cells.text("note_en", NOTE_LENGTH),
        "note_es": cells.text("note_es", NOTE_LENGTH),
        "includes": cells.codes("includes", PRICE_KINDS),
    }
    return "|".join(key), checked | amounts_of(cells, "currency") | own


def code_needed(cells: Cells, name: str, codes, **others: str) -> str:
    cells.needed(name, 40)
    return cells.code(name, codes, **others)


def _package_size(cells: Cells, unit: str) -> int:
    if unit == "package_of_n":
        size = cells.number("package_size", 2, MOST)
        if size is None:
            raise Refused("package_size", "a package needs its number of sessions")
        return size
    return cells.number("package_size", 1, 1) or 1


def _minutes(cells: Cells, unit: str) -> int | None:
    minutes = cells.number("minutes", 1, MOST)
    if minutes is not None and unit != "hour":
        raise Refused("minutes", "go with a price by the hour")
    return minutes


def _counts(cells: Cells, kind: str) -> dict[str, int | None]:
    least = cells.number("count_min", 0, MOST)
    most = cells.number("count_max", 0, MOST)
    if (least, most) != (None, None) and kind not in COUNTED_KINDS:
        raise Refused("count_min", f"a course has no number of {kind}")
    if least is None and most is not None:
        raise Refused("count_min", "is blank beside the most")
    if most is not None and most < least:
        raise Refused("count_max", "is below the least")
    return {"count_min": least, "count_max": most}


def _superseded_on(cells: Cells, checked: dict) -> str:
    text = cells["superseded_on"]
    if not text:
        return ""
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        reason = f"{text[:20]!r} is no date such as 2024-05-31"
        raise Refused("superseded_on", reason) from None
    if day < checked["checked_on"]:
        raise Refused("superseded_on", "is before the day of the check")
    return day


# --- Of both layouts ------------------------------------------------------------------


def note_if_unusual(cells: Cells, offering: str, prices: dict[str, dict]) -> None:
    """Say of current prices that look mistyped that they do; they are kept even so."""
    for key, line in prices.items():
        kind, _payee, unit, applies_to, size, superseded_on = key.split("|")
        amounts_cents = line["amount_min_cents"], line["amount_max_cents"]
        found = far_from(
            offering,
            kind=kind,
            unit=unit,
            applies_to=applies_to,
            currency=line["currency"],
            package_size=int(size),
            minutes=line["minutes"],
            amounts_cents=amounts_cents,
        )
        if found and not superseded_on:
            low, high = found.low_cents // 100, found.high_cents // 100
            cells.note(
                f"the price of {kind} is kept, but it is far from the {low} to {high} "
                f"{line['currency']} a visit that others post: is it right?"
            )


def amounts_of(cells: Cells, currency_name: str) -> dict:
    """The columns of price_min and price_max, in minor units, and their currency."""
    low, high = cells.amounts("price_min"), cells.amounts("price_max")
    if high and high.high_cents is not None:
        raise Refused("price_max", "is a range")
    if low and high and low.high_cents is not None:
        raise Refused("price_max", "is stated beside a range")
    least = low.low_cents if low else None
    most = high.low_cents if high else low.high_cents if low else None
    if least is not None and most is not None and least > most:
        raise Refused("price_min", "is above price_max")
    signs = {amount.currency for amount in (low, high) if amount and amount.currency}
    currency = _currency(cells, currency_name, signs, bool(low or high))
    return {
        "amount_min_cents": least,
        "amount_max_cents": most,
        "currency": currency,
    }


def _currency(cells: Cells, name: str, signs: set[str], is_priced: bool) -> str:
    stated = cells.code(name, CURRENCIES)
    if not is_priced:
        if stated:
            raise Refused("price_min", "is blank beside a currency")
        return ""
    found = {stated, *signs} - {""}
    if not found:
        raise Refused(name, "is blank")
    if len(found) > 1:
        raise Refused(name, f"is not the price's: {' and '.join(sorted(found))}")
    return found.pop()
