"""The columns of our own layouts: what each holds, for readers, exports and mappings.

Pure: no database. A new column is one line here, and its reading in listings.py or
prices.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from providers.vocabulary import (
    APPLIES_TO,
    CURRENCIES,
    FORMATS,
    LANGUAGES,
    METHODS,
    NOT_STATED,
    PAYEES,
    PAYMENTS,
    POINT_PRECISIONS,
    POPULATIONS,
    PRICE_KINDS,
    PRICE_UNITS,
    ROUTES,
    SETTINGS,
    STATUSES,
    THERAPIES,
    Codes,
)

BY_VIDEO = ("telehealth", "hybrid", "both", "online", "virtual")

# Where the medicine is taken, for words that leave no doubt.
_MODALITIES = {
    "in_person": "in_clinic",
    "in-person": "in_clinic",
    "in person": "in_clinic",
    **dict.fromkeys(BY_VIDEO, NOT_STATED),
    **dict.fromkeys(("home", "at home", "at_home"), NOT_STATED),
    "unknown": NOT_STATED,
}
_UNITS = dict.fromkeys(
    ("session", "treatment", "infusion", "per_visit", "per_session"), "visit"
)
_METHODS = {
    **dict.fromkeys(("call", "called", "phone call", "telephone"), "phone"),
    **dict.fromkeys(("web", "site"), "website"),
    **dict.fromkeys(("form", "clinic form", "clinic's form"), "clinic_form"),
}
# How long ago a listing was confirmed follows from its dates.
_STATUSES = {"unconfirmed": "", "unverified": "", "open": "active"}
ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "✓"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0"), "no"),
    **dict.fromkeys(("unknown", "not_stated", "not stated", "?"), ""),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout: its words for people, and the codes that it takes."""

    label: str
    codes: Codes | None = None
    others: Mapping[str, str] = field(default_factory=dict)  # words beside the codes'
    is_list: bool = False
    is_answer: bool = False

    @property
    def is_coded(self) -> bool:
        return self.codes is not None or self.is_answer

    def resolve(self, word: str) -> str | None:
        """The code that a word names ("" for nothing said), or None."""
        if word.lower() in self.others:
            return self.others[word.lower()]
        if self.is_answer:
            return ANSWERS.get(word.lower())
        return self.codes.resolve(word) if self.codes else None


def _answer(label: str) -> Column:
    return Column(label, is_answer=True)


LISTINGS: dict[str, Column] = {
    "slug": Column("Its address here (from an export)"),
    "name": Column("Name"),
    "street": Column("Street"),
    "street2": Column("Suite, floor"),
    "city": Column("City"),
    "region": Column("State or province"),
    "postcode": Column("Postal code"),
    "country": Column("Country, two letters"),
    "phone": Column("Phone"),
    "email": Column("E-mail"),
    "website": Column("Website"),
    "npi": Column("NPI"),
    "latitude": Column("Latitude"),
    "longitude": Column("Longitude"),
    "coord_precision": Column("What the point is of", POINT_PRECISIONS),
    "status": Column("Open or closed", STATUSES, _STATUSES),
    "routes": Column("How ketamine is given", ROUTES, is_list=True),
    "kap": _answer("Ketamine-assisted psychotherapy, yes or no"),
    "modality": Column("Where the medicine is taken", SETTINGS, _MODALITIES),
    "therapy": Column("Level of therapy", THERAPIES),
    "format": Column("Alone, couple or group", FORMATS),
    "variant": Column("Which program, in words"),
    "serves": Column("States it serves", is_list=True),
    "price_min": Column("Price of a session, or its range"),
    "price_max": Column("Highest price of a session"),
    "price_currency": Column("Currency", CURRENCIES),
    "price_unit": Column("Price is for a visit, dose, hour …", PRICE_UNITS, _UNITS),
    "price_route": Column("The route that the price is for", ROUTES),
    "accepts_insurance": _answer("Takes insurance, yes or no"),
    "payment": Column("Insurance and ways to pay", PAYMENTS, is_list=True),
    "languages": Column("Languages", LANGUAGES, is_list=True),
    "telehealth": _answer("Consults by video, yes or no"),
    "age_groups": Column("Ages", POPULATIONS, is_list=True),
    "programs": Column("Groups and programs", POPULATIONS, is_list=True),
    "facts": Column("Other facts (access/lift=yes)", is_list=True),
    "notes": Column("About the clinic, shown to patients"),
    "checked_on": Column("Day of the call or check"),
    "last_verified": Column("The same, by its former name"),
    "method": Column("How it was checked", METHODS, _METHODS),
    "checked_by": Column("Who checked it"),
    "source": Column("Code of the source"),
    "source_id": Column("Its number at the source"),
    "source_url": Column("Web address of the source"),
    "licence": Column("Licence of the source"),
    "published": _answer("May be shown, yes or no"),
}
PRICES: dict[str, Column] = {
    "slug": LISTINGS["slug"],
    "name": LISTINGS["name"],
    "postcode": LISTINGS["postcode"],
    "route": Column("How ketamine is given", ROUTES),
    "setting": Column("Where the medicine is taken", SETTINGS, _MODALITIES),
    "therapy": LISTINGS["therapy"],
    "format": LISTINGS["format"],
    "variant": LISTINGS["variant"],
    "kind": Column("What is paid for", PRICE_KINDS),
    "payee": Column("Who is paid", PAYEES),
    "unit": LISTINGS["price_unit"],
    "package_size": Column("Sessions in a package"),
    "minutes": Column("Minutes of a visit priced by the hour"),
    "count_min": Column("Times in a course, as the clinic says"),
    "count_max": Column("Times in a course, at most; blank for or more"),
    "price_min": Column("Price, or its range"),
    "price_max": Column("Highest price"),
    "currency": LISTINGS["price_currency"],
    "applies_to": Column("Whom it is for", APPLIES_TO),
    "includes": Column("What it already covers", PRICE_KINDS, is_list=True),
    "disputed": _answer("Disputed, yes or no"),
    "superseded_on": Column("Last day of a past price"),
    "note_en": Column("Note"),
    "note_es": Column("Note in Spanish"),
    "checked_on": LISTINGS["checked_on"],
    "method": LISTINGS["method"],
    "source": LISTINGS["source"],
}
LAYOUTS = {"listings": LISTINGS, "prices": PRICES}
# What a column of a foreign spreadsheet may be besides, and the field it stands for.
WHOLE_ADDRESS = "address"
FOREIGN = {"listings": {WHOLE_ADDRESS: Column("Whole address in one cell")}}
STANDS_FOR = {"city": WHOLE_ADDRESS}
DATES = ("checked_on", "last_verified", "superseded_on")
