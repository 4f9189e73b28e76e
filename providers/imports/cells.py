"""One row's cells, read as what they should be. Pure: no database.

Each reader cleans, refuses the row (Refused), or leaves the cell blank and notes why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from providers import vocabulary
from providers.imports.amounts import Amounts, read_amounts
from providers.imports.layouts import ANSWERS
from providers.imports.region_names import country_of, region_of
from providers.imports.rows import (
    Refused,
    Reject,
    Reported,
    Row,
    reported,
    row_or_reject,
)
from providers.imports.tables import Table
from providers.npi import npi_is_valid


def rows(table: Table, read: Callable[[Cells], Row]) -> Iterator[Row | Reject]:
    """Read each record of a table; one that is refused, or cut, becomes a Reject."""
    for line, cells, fault in table.records:
        if fault:
            yield Reject(line, "row", fault)
        else:
            values = dict(zip(table.headings, cells, strict=True))
            yield row_or_reject(line, read, Cells(line, values))


_is_url = URLValidator(schemes=["http", "https"])


class Cells:
    """A row's cells by lower-case heading; what is no column reads as blank.

    A row with a slug is from an export: its texts are ours, and kept to the letter.
    """

    def __init__(self, line: int, values: dict[str, str]) -> None:
        self.line = line
        self._values = values
        self.is_ours = bool(values.get("slug", "").strip())
        self.notes: list[str] = []

    def __getitem__(self, name: str) -> str:
        return " ".join(self._values.get(name, "").split())

    def raw(self, name: str) -> str:
        return self._values.get(name, "").strip()

    def note(self, note: str) -> None:
        self.notes.append(note)

    def text(self, name: str, length: int) -> str:
        """Words with single spaces, of at most `length` characters."""
        text = self.raw(name) if self.is_ours else self[name]
        if len(text) > length:
            raise Refused(name, f"longer than {length} characters")
        return text

    def needed(self, name: str, length: int) -> str:
        text = self.text(name, length)
        if not text:
            raise Refused(name, "is blank")
        return text

    def street(self, name: str) -> str:
        """A street; "- - -" and the like are none."""
        street = self.text(name, 200)
        is_one = self.is_ours or any(c.isalnum() for c in street)
        return street if is_one else ""

    def country(self, name: str) -> str:
        """The ISO 3166-1 code of a country's code or name."""
        code = country_of(self.needed(name, 60))
        if code is None:
            raise Refused(name, f"{self[name]!r} is no country")
        return code

    def region(self, name: str, country: str) -> str:
        """The ISO 3166 code of a region of the country; the country for none."""
        code = region_of(self.text(name, 60), country)
        if code is None:
            raise Refused(name, f"{self[name]!r} is no region of {country}")
        return code

    def postcode(self, name: str, country: str) -> str:
        """A postcode; a US ZIP gets back the zeros that a spreadsheet took."""
        postcode = self.text(name, 12)
        if self.is_ours and not re.fullmatch(r"[0-9]{3,4}", postcode):
            return postcode
        if country != "US" or not postcode:
            return postcode.upper()
        found = re.fullmatch(r"([0-9]{3,5})(?:-?[0-9]{4})?", postcode)
        if not found:
            raise Refused(name, f"{postcode!r} is no ZIP code")
        return found[1].zfill(5)

    def phone(self, name: str, country: str) -> dict[str, str]:
        """The columns of a telephone number, "860-276-3000 x301" with its extension."""
        text, number = self[name], None
        if text:
            number = _phone_number(text, country)
            if number is None:
                self.note(f"{name} {text!r} is no telephone number; left blank")
        if number is None:
            return {"phone": "", "phone_extension": ""}
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return {"phone": e164, "phone_extension": number.extension or ""}

    def website(self, name: str) -> str:
        """A web address; one without a scheme gets http. A bare "http://" is none."""
        address = self[name]
        if not address or address.rstrip("/").lower() in ("http:", "https:"):
            return ""
        address = address if "://" in address else f"http://{address}"
        if len(address) <= 300 and _is_valid(_is_url, address):
            return address
        self.note(f"{name} {address[:100]!r} is no web address; left blank")
        return ""

    def email(self, name: str) -> str:
        address = self[name]
        if not address or (len(address) <= 254 and _is_valid(validate_email, address)):
            return address
        self.note(f"{name} {address[:100]!r} is no e-mail address; left blank")
        return ""

    def point(self, precision: str) -> dict | None:
        """Latitude and longitude (WGS 84 degrees) as a document's point, or None."""
        if not self["latitude"] and not self["longitude"]:
            return None
        return {
            "latitude": self._degrees("latitude", 90),
            "longitude": self._degrees("longitude", 180),
            "precision": precision,
        }

    def _degrees(self, name: str, limit: int) -> float:
        if not self[name]:
            raise Refused(name, "is blank beside the other half of the point")
        try:
            degrees = float(self[name])
        except ValueError:
            raise Refused(name, f"{self[name]!r} is no number") from None
        if not -limit <= degrees <= limit:
            raise Refused(name, f"{self[name]} is off the globe")
        return degrees

    def list(self, name: str) -> list[str]:
        """The words of a list separated by ";"."""
        return [word for part in self[name].split(";") if (word := part.strip())]

    def code(self, name: str, codes: vocabulary.Codes, **others: str) -> str:
        """The code that the cell names ("" where blank); `others` are more aliases."""
        return _code(name, self[name], codes, others) if self[name] else ""

    def codes(self, name: str, codes: vocabulary.Codes, **others: str) -> list[str]:
        """The codes that a list names, each once."""
        found = [_code(name, word, codes, others) for word in self.list(name)]
        return list(dict.fromkeys(found))

    def answer(self, name: str) -> str:
        """ "yes", "no" or "" for blank and unknown."""
        word = self[name].lower()
        if word and word not in ANSWERS:
            raise Refused(name, f"{self[name]!r} is neither yes nor no")
        return ANSWERS[word] if word else ""

    def amounts(self, name: str) -> Amounts | None:
        """An amount of money, or a range of it; None where blank."""
        try:
            return read_amounts(self[name]) if self[name] else None
        except ValueError as error:
            raise Refused(name, str(error)) from error

    def number(self, name: str, least: int, most: int) -> int | None:
        """A whole number within these bounds; None where blank."""
        text = self[name]
        if not text:
            return None
        is_number = re.fullmatch(r"[0-9]{1,10}", text)
        if not is_number or not least <= int(text) <= most:
            raise Refused(name, f"{text[:20]!r} is no number from {least} to {most}")
        return int(text)

    def day(self, name: str) -> Reported | None:
        """A year, month or day that is not to come; None where blank."""
        try:
            return reported(self[name]) if self[name] else None
        except ValueError as error:
            raise Refused(name, str(error)) from error

    def npi(self, name: str) -> str:
        """A National Provider Identifier whose check digit fits."""
        npi = self[name].replace(" ", "").replace("-", "")
        if npi and not npi_is_valid(npi):
            raise Refused(name, f"{self[name][:20]!r} is no NPI: check its digits")
        return npi

    def slug(self, name: str) -> str:
        """A listing's address here: of letters, digits, - and _."""
        slug = self.text(name, 120)
        if slug and not re.fullmatch(r"[A-Za-z0-9_-]+", slug):
            raise Refused(name, f"{slug!r} is no address of a listing here")
        return slug


def _code(
    name: str, word: str, codes: vocabulary.Codes, others: Mapping[str, str]
) -> str:
    code = others.get(word.lower(), codes.resolve(word))
    if code is None:
        raise Refused(name, f"{word[:60]!r} is not known")
    return code


def _is_valid(validate, value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=10_000)  # one phone for many sites
def _phone_number(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if len(number.extension or "") > 10 or not phonenumbers.is_valid_number(number):
        return None
    return number
