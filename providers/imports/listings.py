"""kapfinder's own listing layout: one row a site, from any source.

A row with a slug is about the listing of that address here, and says what it says
exactly: exports write such rows, several for a listing that is known in several ways.
"""

from __future__ import annotations

from pathlib import Path

from providers import vocabulary
from providers.documents import Document
from providers.imports import survey
from providers.imports.basis import checked_of, method_of, needed, source_of
from providers.imports.cells import Cells, rows
from providers.imports.fact_words import Statements, read_facts
from providers.imports.layouts import BY_VIDEO, LISTINGS
from providers.imports.mapping import Mapping, read_as
from providers.imports.prices import (
    amounts_of,
    code_needed,
    note_if_unusual,
    offering_key,
)
from providers.imports.region_names import country_of, region_of
from providers.imports.rows import KEY_LENGTH, Parsed, Refused, Reported, Row
from providers.models import Region
from providers.vocabulary import (
    LANGUAGES,
    NO_MEDICINE,
    NOT_STATED,
    PAYMENTS,
    POPULATIONS,
    PRICE_UNITS,
    ROUTES,
    THERAPIES,
)

HAS_DATES = True
TAKES_MAPPING = True
REQUIRED = ("name", "city", "country")
CONTACT = (
    *("street", "street2", "region", "postcode", "phone", "email", "website", "npi"),
    *("latitude", "longitude", "status", "notes", "source_id", "published"),
)


def parse(
    path: Path, when: Reported | None, mapping: Mapping | dict | None = None
) -> Parsed:
    """Read listings; `when` dates the rows that do not say it. Raises BadFile.

    mapping: how to read a file with other headings than ours.
    """
    table, left = read_as(path, "listings", required=REQUIRED, mapping=mapping)
    return Parsed(rows(table, lambda cells: _row(cells, when)), left)


def _row(cells: Cells, when: Reported | None) -> Row:
    slug = cells.slug("slug")
    only_parts = bool(slug) and not any(cells[name] for name in REQUIRED)
    checked = checked_of(cells, when)
    source = source_of(cells, method_of(cells))
    if only_parts or not slug:
        needed(checked)
    is_survey = source == survey.SOURCE and not slug
    stated = _survey_statements if is_survey else _statements
    offerings, facts = stated(cells, checked)
    parts = {"offerings": offerings, "facts": facts}
    if only_parts:
        _check_no_contact(cells)
    else:
        parts |= _contact(cells) | {"contact": checked}
    return Row(
        line=cells.line,
        source=source,
        source_id=cells.text("source_id", KEY_LENGTH),
        listing=parts,
        reports_ketamine=bool(offerings),
        notes=tuple(cells.notes),
        source_url=cells.website("source_url"),
        licence=cells.text("licence", 120),
        slug=slug,
        checked_by=cells.text("checked_by", 60),
        only_parts=only_parts,
    )


def _check_no_contact(cells: Cells) -> None:
    """Refuse a row that says something of a contact that it does not name."""
    for name in CONTACT:
        if cells[name]:
            raise Refused(name, "is stated without name, city and country")


def _contact(cells: Cells) -> Document:
    country = cells.country("country")
    listing = {
        "name": cells.needed("name", 200),
        "street": cells.street("street"),
        "street2": cells.street("street2"),
        "city": cells.text("city", 120) if cells.is_ours else cells.needed("city", 120),
        "region": cells.region("region", country),
        "postcode": cells.postcode("postcode", country),
        **cells.phone("phone", country),
        "npi": cells.npi("npi"),
        "email": cells.email("email"),
        "website": cells.website("website"),
        "about_en": cells.text("notes", 30_000 if cells.is_ours else 2_000),
        "point": cells.point(_precision(cells)),
        "status": _status(cells),
    }
    if cells["published"]:
        listing["published"] = cells.answer("published") == "yes"
    return listing


def _precision(cells: Cells) -> str:
    return cells.code("coord_precision", vocabulary.POINT_PRECISIONS) or "postal"


def _status(cells: Cells) -> str:
    return cells.code("status", vocabulary.STATUSES, **LISTINGS["status"].others)


# --- What the source says it offers ---------------------------------------------------


def _survey_statements(cells: Cells, checked: dict) -> tuple[dict, dict]:
    """Only what the survey asks: infusion, and facts of the whole facility."""
    for name in ("price_min", "price_max"):
        if cells[name]:
            raise Refused(name, "the survey asks for no price")
    for name in ("therapy", "format", "variant", "serves", "facts"):
        if cells[name]:
            raise Refused(name, "the survey does not ask")
    if cells.answer("kap"):
        cells.note("kap is left alone: the survey does not ask about therapy")
    routes = cells.codes("routes", ROUTES)
    asked = {route: code for code, route in survey.ROUTE_OF_CODE.items()}
    if set(routes) - set(asked):
        raise Refused("routes", "the survey asks about ketamine infusion only")
    offerings = survey.offerings([asked[route] for route in routes], checked)
    found = _listed(cells)
    if cells.answer("telehealth") == "yes":
        found["access", "telehealth_consult"] = "yes"
    return offerings, _facts(_answered(found, "facility"), checked)


def _statements(cells: Cells, checked: dict | None) -> tuple[dict, dict]:
    """What any other source says, of ketamine treatment itself."""
    routes = _routes(cells)
    facts = _said(cells)
    if not routes:
        for name, what in (("price_min", "a price"), ("serves", "it")):
            if cells[name]:
                raise Refused(name, f"{what} needs exactly one route to belong to")
    if routes or facts:
        checked = needed(checked)
    serves = _serves(cells)
    priced, prices = _price(cells, routes, checked)
    if priced:
        note_if_unusual(cells, _key(cells, priced), prices)
    offerings = {}
    for route in routes:
        own = {"serves": serves, "prices": prices if route == priced else {}}
        offerings[_key(cells, route)] = checked | own
    return offerings, _facts(facts, checked)


def _routes(cells: Cells) -> list[str]:
    """The routes of the row's offerings; an export's may be `not_stated` itself."""
    found = cells.codes("routes", ROUTES)
    routes = found if cells.is_ours else [r for r in found if r != NOT_STATED]
    says_more = _therapy(cells) or any(cells[name] for name in ("format", "variant"))
    return routes or ([NOT_STATED] if says_more else [])


def _therapy(cells: Cells) -> str:
    """The level of therapy; `kap` says it only with a yes."""
    kap = cells.answer("kap")
    therapy = cells.code("therapy", THERAPIES)
    if kap and therapy and (kap == "yes") != (therapy == "full_kap"):
        raise Refused("therapy", f"is {therapy}, but kap is {kap}")
    return therapy or ("full_kap" if kap == "yes" else "")


def _key(cells: Cells, route: str) -> str:
    return offering_key(cells, route, _therapy(cells), setting="modality")


def _serves(cells: Cells) -> list[str]:
    """Codes of the regions that the offerings serve, of their own country by name."""
    words = cells.list("serves")
    if not words:
        return []
    country = country_of(cells["country"]) or "US"
    found = {word: region_of(word, country) for word in words}
    known = set(Region.objects.values_list("code", flat=True))
    for word, code in found.items():
        if (word.upper() if word.upper() in known else code) not in known:
            raise Refused("serves", f"{word[:60]!r} is not known")
    return sorted({w.upper() if w.upper() in known else found[w] for w in words})


def _listed(cells: Cells) -> dict[tuple[str, str], str]:
    """The facts of the row's lists: each word in them is a yes."""
    lists = {
        "payment": cells.codes("payment", PAYMENTS),
        "language": cells.codes("languages", LANGUAGES),
        "population": [
            *cells.codes("age_groups", POPULATIONS),
            *cells.codes("programs", POPULATIONS),
        ],
    }
    return {(topic, code): "yes" for topic, codes in lists.items() for code in codes}


def _insurance(cells: Cells) -> dict[tuple[str, str], str]:
    """`accepts_insurance`, which says less than a `payment` that names a plan."""
    payments = cells.codes("payment", PAYMENTS)
    named = [code for code in payments if PAYMENTS[code].group == "insurance"]
    answer = cells.answer("accepts_insurance")
    if answer == "no" and named:
        raise Refused("accepts_insurance", f"is no, but payment names {named[0]}")
    return {("payment", "private_insurance"): answer} if answer and not named else {}


def _said(cells: Cells) -> Statements:
    """The facts of all the row's columns."""
    found = _listed(cells) | _insurance(cells)
    answer = cells.answer("telehealth")
    if not answer and cells["modality"].lower() in BY_VIDEO:
        answer = "yes"
    if answer:
        found["access", "telehealth_consult"] = answer
    try:
        named = read_facts(cells.raw("facts"))
    except ValueError as error:
        raise Refused("facts", str(error)) from error
    for key, fact in named.items():
        if found.get(key, fact["answer"]) != fact["answer"]:
            raise Refused("facts", f"{'/'.join(key)} is another in its own column")
    return _answered(found, "treatment") | named


def _answered(found: dict[tuple[str, str], str], scope: str) -> Statements:
    rest = {"scope": scope, "number": None, "note_en": "", "note_es": ""}
    return {key: {"answer": answer} | rest for key, answer in found.items()}


def _facts(found: Statements, checked: dict | None) -> dict[str, dict]:
    facts: dict[str, dict] = {}
    for (topic, code), statement in found.items():
        facts.setdefault(topic, {})[code] = checked | statement
    return facts


# --- Its price -----------------------------------------------------------------------


def _price(cells: Cells, routes: list[str], checked: dict | None) -> tuple[str, dict]:
    """The route that has the row's price, and its line by key; none without amounts."""
    if not cells["price_min"] and not cells["price_max"]:
        return "", {}
    route = _priced_route(cells, routes)
    unit = code_needed(
        cells, "price_unit", PRICE_UNITS, **LISTINGS["price_unit"].others
    )
    if unit == "package_of_n":
        raise Refused("price_unit", "a package needs its number of sessions")
    own = {
        "minutes": None,
        "count_min": None,
        "count_max": None,
        "disputed": False,
        "note_en": "",
        "note_es": "",
        "includes": [],
    }
    line = checked | amounts_of(cells, "price_currency") | own
    return route, {f"dose_visit|clinic|{unit}|self_pay|1|": line}


def _priced_route(cells: Cells, routes: list[str]) -> str:
    named = cells.code("price_route", ROUTES)
    if named and named not in routes:
        raise Refused("price_route", f"{named} is none of the row's routes")
    if not named and len(routes) != 1:
        raise Refused("price_min", "a price needs exactly one route to belong to")
    route = named or routes[0]
    if route == NO_MEDICINE:
        raise Refused("price_min", "a treatment's price needs a medicine")
    return route
