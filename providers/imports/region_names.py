"""Regions as people write them ("Utah", "USA"), by the packaged names. No database."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from providers.text import plain

_FILE = Path(__file__).resolve().parent.parent / "data" / "regions.csv"
_NAMES = ("name_en", "name_es", "also")


def country_of(text: str) -> str | None:
    """The ISO 3166-1 code of a country's code or name, or None."""
    if len(text) == 2:
        return text.upper()
    return _codes().get(("", plain(text)))


def region_of(text: str, country: str) -> str | None:
    """The ISO 3166 code of a region of the country: a code ("CO", "US-CO") or a name.

    Blank, and the country itself, are the country. None for a name that is unknown;
    whether a code exists is for the table of regions to say.
    """
    code = text.upper()
    if code in ("", country) or code.startswith(f"{country}-"):
        return code or country
    named = _codes().get((country, plain(text)))
    if named:
        return named
    if len(code) <= 3 and code.isalnum():
        return f"{country}-{code}"
    return country if country_of(text) == country else None


@lru_cache
def _codes() -> dict[tuple[str, str], str]:
    """Codes by country ("" for countries themselves) and plain name."""
    found: dict[tuple[str, str], str] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            country = row["code"][:2] if row["kind"] == "subdivision" else ""
            for name in (n for c in _NAMES for n in row[c].split("|") if n):
                found.setdefault((country, plain(name)), row["code"])
    return found
