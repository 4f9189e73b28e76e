"""When, how and by whom a row of our own layouts is known."""

from __future__ import annotations

import re

from providers.imports import survey
from providers.imports.cells import Cells
from providers.imports.layouts import LISTINGS
from providers.imports.rows import Refused, Reported
from providers.vocabulary import METHODS, PERSON_METHODS

DEFAULT_SOURCE = "listings"
CLINIC = "clinic"  # the source of what a clinic said itself


def method_of(cells: Cells) -> str:
    """The code of METHODS; "" where the row does not say."""
    return cells.code("method", METHODS, **LISTINGS["method"].others)


def source_of(cells: Cells, method: str) -> str:
    """The code of the row's source: the clinic itself where a person asked it."""
    source = cells.text("source", 60)
    if not source:
        return CLINIC if method in PERSON_METHODS else DEFAULT_SOURCE
    if not re.fullmatch(r"[A-Za-z0-9_-]+", source):
        raise Refused("source", f"{source!r} is no code (letters, digits, - and _)")
    if source == "sample":
        raise Refused("source", "sample listings are invented and never imported")
    return source


def checked_of(cells: Cells, when: Reported | None) -> dict | None:
    """The date, method and source of the row's statements; None for no date."""
    days = [cells.day(name) for name in ("checked_on", "last_verified")]
    if all(days) and days[0] != days[1]:
        raise Refused("checked_on", "is another day than last_verified")
    day = days[0] or days[1] or when
    if day is None:
        return None
    method = method_of(cells)
    source = source_of(cells, method)
    usual = survey.METHOD if source == survey.SOURCE else "website"
    return day.checked(method=method or usual, source=source)


def needed(checked: dict | None) -> dict:
    """The same, of a row that states what needs a date."""
    if checked is None:
        raise Refused("checked_on", "is blank, and no --reported says it")
    return checked
