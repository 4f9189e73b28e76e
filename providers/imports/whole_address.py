"""An address that stands in one cell, taken apart. Pure: no database."""

from __future__ import annotations

import re

from providers.imports.region_names import country_of, region_of

PARTS = ("street", "street2", "city", "region", "postcode")
_POSTCODES = {
    "US": r"[0-9]{5}(?:-[0-9]{4})?",
    "CA": r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]",
    "GB": r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}",
}
POSTCODES = {
    country: re.compile(form, re.IGNORECASE) for country, form in _POSTCODES.items()
}
_END = {
    country: re.compile(rf"(.*?)\s*\b({form})", re.IGNORECASE)
    for country, form in _POSTCODES.items()
}
_CITY_AND_STATE = re.compile(r"(.+?)\s+([A-Z]{2})")


def parts_of(text: str) -> dict[str, str]:
    """Street, suite, city, region and postcode of "1 Aspen St, Denver, CO 80202".

    Where the end is no postcode that we know, all of it is the street.
    """
    lines = [line.strip() for line in re.split(r"[,\n]+", text) if line.strip()]
    if len(lines) > 2 and len(lines[-1]) > 2 and country_of(lines[-1]):
        lines.pop()
    for country, end in _END.items():
        found = end.fullmatch(lines[-1]) if len(lines) > 1 else None
        if found:
            city, region, before = _city(found[1].strip(), lines[:-1], country)
            if city and before:
                rest = {"street": before[0], "street2": ", ".join(before[1:])}
                where = {"city": city, "region": region, "postcode": found[2].upper()}
                return rest | where
    return {"street": text}


def _city(rest: str, before: list[str], country: str) -> tuple[str, str, list[str]]:
    """The city and the region before a postcode, and the lines before both."""
    if not rest:
        return before[-1], "", before[:-1]
    if region_of(rest, country):
        return before[-1], rest, before[:-1]
    if found := _CITY_AND_STATE.fullmatch(rest):
        return found[1], found[2], before
    return rest, "", before
