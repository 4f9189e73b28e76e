"""FindTreatment.gov's API: a page of rows, services as groups of text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from providers.imports import survey
from providers.imports.cells import Cells
from providers.imports.rows import (
    KEY_LENGTH,
    BadFile,
    Parsed,
    Refused,
    Reject,
    Reported,
    Row,
    row_or_reject,
)
from providers.imports.tables import checked_cell, read_json
from providers.text import plain

HAS_DATES = False
UNUSED = {"_irow", "typefacility", "intake1", "intake2", "hotline1", "miles"}
READ = {"frid", "name1", "name2", "street1", "street2", "city", "state", "zip"}
KNOWN = {*READ, *UNUSED, "phone", "website", "latitude", "longitude", "services"}

# The survey's code by group and words, as of 2019 and of 2024.
_CODES = {
    "TAP": {
        "Ketamine Infusion Therapy": "KIT",
        "Telemedicine/telehealth therapy": "TELE",
    },
    "SET": {
        "Telemedicine/telehealth": "TELE",
        "Computerized treatment/telemedicine": "TELE",
    },
    "PAY": {
        "Cash or self-payment": "SF",
        "Private health insurance": "PI",
        "Medicare": "MC",
        "Medicaid": "MD",
        "State-financed health insurance plan other than Medicaid": "SI",
        "Military insurance (e.g., TRICARE)": "MI",
        "Federal military insurance (e.g., TRICARE)": "MI",
        "U.S. Department of VA funds": "VAF",
        "IHS/Tribal/Urban (ITU) funds": "ITU",
    },
    "PYAS": {
        "Sliding fee scale (fee is based on income and other factors)": "SS",
        "Payment assistance (check with facility for details)": "PA",
    },
    "SG": {
        "Veterans": "VET",
        "Active duty military": "ADM",
        "Military families": "MF",
        "Members of military families": "MF",
        "Seniors or older adults": "SE",
        "Lesbian, gay, bisexual, or transgender (LGBT) clients": "GL",
        "Lesbian, gay, bisexual, transgender, or queer/questioning (LGBTQ)": "GL",
        "Persons with post-traumatic stress disorder (PTSD)": "PTSD",
        "Persons who have experienced trauma": "TRMA",
        "Clients who have experienced trauma": "TRMA",
        "Persons with co-occurring mental and substance use disorders": "CO",
        "Clients with co-occurring mental and substance use disorders": "CO",
        "Persons who have experienced intimate partner violence, domestic violence": (
            "DV"
        ),
        "Clients who have experienced intimate partner violence, domestic violence": (
            "DV"
        ),
    },
    "AGE": {
        "Children/adolescents": "CHLD",
        "Young adults": "YAD",
        "Adults": "ADLT",
        "Seniors": "SNR",
        "Seniors (65 or older)": "SNR",
    },
    "SL": {
        "Spanish": "SP",
        "Services for the deaf and hard of hearing": "AH",
        "Sign language services for the deaf and hard of hearing": "AH",
        "American Indian or Alaska Native languages": "NX",
    },
    "OL": {
        "Spanish": "SP",
        "Arabic": "F4",
        "Any Chinese Language": "F17",
        "Creole": "F19",
        "Farsi": "F25",
        "French": "F28",
        "German": "F30",
        "Greek": "F31",
        "Hebrew": "F35",
        "Hindi": "F36",
        "Hmong": "F37",
        "Italian": "F42",
        "Japanese": "F43",
        "Korean": "F47",
        "Polish": "F66",
        "Portuguese": "F67",
        "Russian": "F70",
        "Tagalog": "F81",
        "Vietnamese": "F92",
        "Ojibwa": "N24",
        "Yupik": "N40",
    },
}
_CODE_OF = {
    (group, plain(words)): code
    for group, codes in _CODES.items()
    for words, code in codes.items()
}


def parse(path: Path, when: Reported) -> Parsed:
    """Read the answer's facilities as of a survey. Raises BadFile."""
    found = read_json(path)
    rows = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise BadFile(f'{path.name} has no list of "rows".')
    named = {
        name.lower(): None for row in rows if isinstance(row, dict) for name in row
    }
    if rows and "name1" not in named:
        raise BadFile(f"{path.name} lacks the column name1.")
    return Parsed(_rows(path, rows, when), tuple(n for n in named if n not in KNOWN))


def _rows(path: Path, rows: list, when: Reported) -> Iterator[Row | Reject]:
    """Lines count the rows of the list, from 1."""
    for line, row in enumerate(rows, start=1):
        yield row_or_reject(line, _facility, path.name, line, row, when)


def _facility(name: str, line: int, row: object, when: Reported) -> Row:
    if not isinstance(row, dict):
        raise Refused("row", "is no object")
    texts = {
        field.lower(): checked_cell(name, line, _text(field, value))
        for field, value in row.items()
        if field.lower() in KNOWN and field != "services"
    }
    cells = Cells(line, texts)
    frid = cells.text("frid", KEY_LENGTH)
    return survey.facility(cells, _codes(row.get("services")), when, frid)


def _text(field: str, value: object) -> str:
    if isinstance(value, list | dict):
        raise Refused(field, "is no text")
    return "" if value is None else str(value)


def _codes(services: object) -> set[str]:
    """The survey's codes that the groups of text name."""
    if services is None:
        return set()
    if not isinstance(services, list):
        raise Refused("services", "is no list")
    codes = set()
    for group in services:
        if not isinstance(group, dict):
            raise Refused("services", "holds what is no group")
        words = str(group.get("f3") or "").split(";")
        codes |= {_CODE_OF.get((str(group.get("f2")), plain(w))) for w in words}
    return codes - {None}
