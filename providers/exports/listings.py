"""A listing as rows of the listings layout.

Its first row has its contact, and what shares the contact's date, method and source
exactly; what is known otherwise follows in rows with its address (slug) alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from providers.documents import Document
from providers.exports.documents import day_words
from providers.exports.tables import Row
from providers.imports.amounts import written
from providers.imports.fact_words import Statements, write_facts
from providers.imports.layouts import LISTINGS
from providers.vocabulary import NO_MEDICINE, TOPICS

_UNFILLED = {
    *("last_verified", "source_id", "source_url", "licence", "checked_by"),
    *("kap", "accepts_insurance", "telehealth", "age_groups", "price_route"),
}
HEADINGS = tuple(name for name in LISTINGS if name not in _UNFILLED)
TEMPLATE_HEADINGS = tuple(
    name for name in LISTINGS if name not in ("slug", "last_verified", "published")
)
FACTS_OF_A_ROW = 40  # so that a cell with all their notes fits into a workbook
_LISTS = {"payment": "payment", "language": "languages", "population": "programs"}
_NUMBERS = ("minutes", "count_min", "count_max")
_BASIS = ("checked_on", "precision", "method", "source")
_PLAIN = {"answer": "yes", "scope": "treatment", "number": None}
_PLAIN |= {"note_en": "", "note_es": ""}

EXAMPLE: Row = {
    "name": "Sample Clinic",
    "street": "100 Aspen Street",
    "street2": "Suite 2",
    "city": "Denver",
    "region": "Colorado",
    "postcode": "80202",
    "country": "US",
    "phone": "303-555-0123",
    "email": "hello@example.org",
    "website": "https://example.org/",
    "npi": "1234567893",
    "status": "active",
    "routes": "iv_infusion; im_injection",
    "kap": "yes",
    "modality": "in_clinic",
    "therapy": "full_kap",
    "format": "individual",
    "serves": "US-CO",
    "price_min": "450",
    "price_max": "600",
    "price_currency": "USD",
    "price_unit": "visit",
    "price_route": "iv_infusion",
    "payment": "self_pay; hsa_fsa",
    "languages": "en; es",
    "telehealth": "yes",
    "age_groups": "adults",
    "facts": 'access/step_free_entry=yes; access/lift=partial "Sample note"',
    "notes": "A sample: replace this row with your own.",
    "checked_on": "2026-01-15",
    "method": "phone",
    "checked_by": "Sample Person",
}

Basis = tuple[str, ...]


def rows(listing: Document) -> Iterator[Row]:
    """The rows of one listing, always in the same order."""
    offerings, facts = _by_basis(listing)
    contact = _basis(listing["contact"])
    others = sorted({*offerings, *facts} - {contact})
    for basis in [contact, *others]:
        for number, parts in enumerate(_together(offerings[basis], facts[basis])):
            row = {"slug": listing["slug"]} | _check(basis)
            if basis == contact and not number:
                row |= _contact(listing)
            yield row | parts


def _by_basis(
    listing: Document,
) -> tuple[dict[Basis, list[Row]], dict[Basis, Statements]]:
    """The offerings, each as its columns, and the facts, by when and how known."""
    offerings: dict[Basis, list[Row]] = defaultdict(list)
    facts: dict[Basis, Statements] = defaultdict(dict)
    for key, offering in listing["offerings"].items():
        offerings[_basis(offering)].append(_offering(key, offering))
    for topic, codes in listing["facts"].items():
        for code, fact in codes.items():
            if code in TOPICS.get(topic, ()):  # not of another release
                facts[_basis(fact)][topic, code] = _statement(topic, code, fact)
    return offerings, facts


def _together(offerings: list[Row], facts: Statements) -> Iterator[Row]:
    """Rows of one basis: an offering and some facts each; an empty one for neither."""
    keys = list(facts)
    heaps = range(0, len(keys), FACTS_OF_A_ROW)
    chunks = [keys[start : start + FACTS_OF_A_ROW] for start in heaps]
    for number in range(max(len(offerings), len(chunks), 1)):
        row = offerings[number] if number < len(offerings) else {}
        chunk = chunks[number] if number < len(chunks) else []
        yield row | _facts({key: facts[key] for key in chunk})


def _basis(statement: Document | None) -> Basis:
    return tuple(statement[name] for name in _BASIS) if statement else ()


def _check(basis: Basis) -> Row:
    if not basis:
        return {}
    checked = dict(zip(_BASIS, basis, strict=True))
    return {
        "checked_on": day_words(checked),
        "method": checked["method"],
        "source": checked["source"],
    }


def _contact(listing: Document) -> Row:
    same = ("name", "street", "street2", "city", "region", "postcode", "email")
    row = {name: listing[name] for name in (*same, "website", "npi", "status")}
    extension = listing["phone_extension"]
    row |= {
        "country": listing["region"][:2],
        "phone": listing["phone"] + (f" x{extension}" if extension else ""),
        "notes": listing["about_en"],
        "published": "yes" if listing["published"] else "no",
    }
    if point := listing["point"]:
        row |= {
            "latitude": repr(point["latitude"]),
            "longitude": repr(point["longitude"]),
            "coord_precision": point["precision"],
        }
    return row


def _offering(key: str, offering: Document) -> Row:
    route, setting, therapy, format_, variant = key.split("|", 4)
    row = {
        "routes": route,
        "modality": setting,
        "therapy": therapy,
        "format": format_,
        "variant": variant,
        "serves": ";".join(offering["serves"]),
    }
    if route != NO_MEDICINE:
        row |= _price(offering)
    return row


def _price(offering: Document) -> Row:
    """Its first price that the layout holds; the prices export has them all."""
    for key, line in offering["prices"].items():
        kind, payee, unit, applies_to, _size, superseded_on = key.split("|")
        fits = (kind, payee, applies_to) == ("dose_visit", "clinic", "self_pay")
        is_plain = not any(line[n] for n in ("disputed", "note_en", "note_es"))
        is_whole = line["includes"] == [] and not any(
            line.get(name) is not None for name in _NUMBERS
        )
        if unit == "package_of_n" or superseded_on or not line["currency"]:
            continue
        if fits and is_plain and is_whole and _basis(line) == _basis(offering):
            return {
                "price_min": written(line["amount_min_cents"]),
                "price_max": written(line["amount_max_cents"]),
                "price_currency": line["currency"],
                "price_unit": unit,
            }
    return {}


def _statement(topic: str, code: str, fact: Document) -> dict:
    number = fact["number"] if TOPICS[topic][code].unit else None
    return {name: fact[name] for name in _PLAIN} | {"number": number}


def _facts(facts: Statements) -> Row:
    """Plain answers of yes in the columns of their topic, the rest in words."""
    plain = [key for key, fact in facts.items() if fact == _PLAIN and key[0] in _LISTS]
    row = {
        column: ";".join(code for topic, code in plain if topic == listed)
        for listed, column in _LISTS.items()
    }
    rest = {key: fact for key, fact in facts.items() if key not in plain}
    return row | {"facts": write_facts(rest)}
