"""kapfinder's own listing layout: one row a site, from any source."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

from providers import vocabulary
from providers.documents import Document
from providers.imports import survey
from providers.imports.cells import Cells, rows
from providers.imports.mapping import Mapping, read_as
from providers.imports.rows import (
    KEY_LENGTH,
    Parsed,
    Refused,
    Reported,
    Row,
    reported,
)
from providers.vocabulary import (
    LANGUAGES,
    NASAL_ESKETAMINE,
    NO_MEDICINE,
    NOT_STATED,
    PAYMENTS,
    POPULATIONS,
    SUPERVISED_SETTINGS,
)

HAS_DATES = True
TAKES_MAPPING = True
REQUIRED = ("name", "city", "country")
DEFAULT_SOURCE = "listings"
MOST_EXPENSIVE = 1_000_000  # in whole units of any currency

# Where the medicine is taken, for words that leave no doubt.
_SETTINGS = {
    "in_person": "in_clinic",
    "in-person": "in_clinic",
    "in person": "in_clinic",
    **dict.fromkeys(("telehealth", "hybrid", "both", "online", "virtual"), NOT_STATED),
    **dict.fromkeys(("home", "at home", "at_home"), NOT_STATED),
    "unknown": NOT_STATED,
}
_BY_VIDEO = ("telehealth", "hybrid", "both", "online", "virtual")
_UNITS = dict.fromkeys(
    ("session", "treatment", "infusion", "per_visit", "per_session"), "visit"
)


def parse(path: Path, when: Reported | None, mapping: Mapping | None = None) -> Parsed:
    """Read listings; `when` dates the rows that do not say it. Raises BadFile.

    mapping: how to read a file with other headings than ours.
    """
    table, left = read_as(path, "listings", required=REQUIRED, mapping=mapping)
    return Parsed(rows(table, lambda cells: _row(cells, when)), left)


def _row(cells: Cells, when: Reported | None) -> Row:
    source = _source(cells)
    is_survey = source == survey.SOURCE
    method = survey.METHOD if is_survey else "website"
    checked = _when(cells, when).checked(method=method, source=source)
    stated = _survey_statements if is_survey else _statements
    offerings, facts = stated(cells, checked)
    listing = _contact(cells) | {
        "contact": checked,
        "status": _status(cells),
        "offerings": offerings,
        "facts": facts,
    }
    return Row(
        line=cells.line,
        source=source,
        source_id=cells.text("source_id", KEY_LENGTH),
        listing=listing,
        reports_ketamine=bool(offerings),
        notes=tuple(cells.notes),
        source_url=cells.website("source_url"),
        licence=cells.text("licence", 120),
    )


def _source(cells: Cells) -> str:
    source = cells.text("source", 60) or DEFAULT_SOURCE
    if not re.fullmatch(r"[A-Za-z0-9_-]+", source):
        raise Refused("source", f"{source!r} is no code (letters, digits, - and _)")
    if source == "sample":
        raise Refused("source", "sample listings are invented and never imported")
    return source


def _when(cells: Cells, default: Reported | None) -> Reported:
    if cells["last_verified"]:
        try:
            return reported(cells["last_verified"])
        except ValueError as error:
            raise Refused("last_verified", str(error)) from error
    if default is None:
        raise Refused("last_verified", "is blank, and no --reported says it")
    return default


def _contact(cells: Cells) -> Document:
    country = cells.needed("country", 2).upper()
    return {
        "name": cells.needed("name", 200),
        "street": cells.street("street"),
        "street2": cells.street("street2"),
        "city": cells.needed("city", 120),
        "region": _region(cells, country),
        "postcode": cells.postcode("postcode", country),
        **cells.phone("phone", country),
        "email": cells.email("email"),
        "website": cells.website("website"),
        "about_en": cells.text("notes", 2_000),
        "point": cells.point(_precision(cells)),
    }


def _region(cells: Cells, country: str) -> str:
    region = cells.text("region", 10).upper()
    if not region or region.startswith(f"{country}-"):
        return region or country
    return f"{country}-{region}"


def _precision(cells: Cells) -> str:
    return cells.code("coord_precision", vocabulary.POINT_PRECISIONS) or "postal"


def _status(cells: Cells) -> str:
    # How long ago a listing was confirmed follows from its dates.
    return cells.code("status", vocabulary.STATUSES, unconfirmed="", unverified="")


# --- What the source says it offers ---------------------------------------------------


def _survey_statements(cells: Cells, checked: dict) -> tuple[dict, dict]:
    """Only what the survey asks: infusion, and facts of the whole facility."""
    for name in ("price_min", "price_max"):
        if cells[name]:
            raise Refused(name, "the survey asks for no price")
    if cells.answer("kap"):
        cells.note("kap is left alone: the survey does not ask about therapy")
    routes = cells.codes("routes", vocabulary.ROUTES)
    asked = {route: code for code, route in survey.ROUTE_OF_CODE.items()}
    if set(routes) - set(asked):
        raise Refused("routes", "the survey asks about ketamine infusion only")
    offerings = survey.offerings([asked[route] for route in routes], checked)
    found = _listed(cells)
    if cells.answer("telehealth") == "yes":
        found["access", "telehealth_consult"] = "yes"
    return offerings, _facts(found, checked, scope="facility")


def _statements(cells: Cells, checked: dict) -> tuple[dict, dict]:
    """What any other source says, of ketamine treatment itself."""
    routes = [r for r in cells.codes("routes", vocabulary.ROUTES) if r != NOT_STATED]
    therapy = "full_kap" if cells.answer("kap") == "yes" else NOT_STATED
    setting = cells.code("modality", vocabulary.SETTINGS, **_SETTINGS) or NOT_STATED
    if not routes and therapy != NOT_STATED:
        routes = [NOT_STATED]
    _check_supervised(routes, setting)
    prices = _prices(cells, routes, checked)
    statement = checked | {"serves": [], "prices": prices}
    offerings = {f"{r}|{setting}|{therapy}|{NOT_STATED}|": statement for r in routes}
    found = _listed(cells) | _insurance(cells)
    answer = cells.answer("telehealth")
    if not answer and cells["modality"].lower() in _BY_VIDEO:
        answer = "yes"
    if answer:
        found["access", "telehealth_consult"] = answer
    return offerings, _facts(found, checked, scope="treatment")


def _check_supervised(routes: list[str], setting: str) -> None:
    allowed = (*SUPERVISED_SETTINGS, NOT_STATED)
    if NASAL_ESKETAMINE in routes and setting not in allowed:
        raise Refused("modality", "esketamine is given only at a clinic or a hospital")


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


def _facts(found: dict[tuple[str, str], str], checked: dict, *, scope: str) -> dict:
    facts: dict[str, dict] = {}
    for (topic, code), answer in found.items():
        rest = {"scope": scope, "number": None, "note_en": "", "note_es": ""}
        facts.setdefault(topic, {})[code] = checked | {"answer": answer} | rest
    return facts


# --- Its price -----------------------------------------------------------------------


def _prices(cells: Cells, routes: list[str], checked: dict) -> dict:
    """One line for the treatment session, or none where no amount is stated."""
    low, high = _cents(cells, "price_min"), _cents(cells, "price_max")
    if low is None and high is None:
        return {}
    if len(routes) != 1 or routes[0] == NO_MEDICINE:
        raise Refused("price_min", "a price needs exactly one route to belong to")
    if low is not None and high is not None and low > high:
        raise Refused("price_min", "is above price_max")
    for name in ("price_currency", "price_unit"):
        cells.needed(name, 40)
    unit = cells.code("price_unit", vocabulary.PRICE_UNITS, **_UNITS)
    if unit == "package_of_n":
        raise Refused("price_unit", "a package needs its number of sessions")
    line = checked | {
        "minutes": None,
        "amount_min_cents": low,
        "amount_max_cents": high,
        "currency": cells.code("price_currency", vocabulary.CURRENCIES),
        "disputed": False,
        "note_en": "",
        "note_es": "",
        "includes": [],
    }
    return {f"dose_visit|clinic|{unit}|self_pay|1|": line}


def _cents(cells: Cells, name: str) -> int | None:
    """The amount in minor units; None where blank, 0 for free."""
    if not cells[name]:
        return None
    try:
        amount = Decimal(cells[name])
    except InvalidOperation:
        raise Refused(name, f"{cells[name][:20]!r} is no amount such as 450") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_EXPENSIVE:
        raise Refused(name, f"{cells[name][:20]} is no price")
    if amount * 100 % 1:
        raise Refused(name, f"{cells[name][:20]} has parts of a cent")
    return int(amount * 100)
