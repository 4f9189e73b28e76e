"""One row's cells, read as what they should be. Pure: no database.

Each reader cleans, refuses the row (Refused), or leaves the cell blank and notes why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from providers import vocabulary
from providers.imports.rows import Refused, Reject, Row, row_or_reject
from providers.imports.tables import Table


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
    """A row's cells by lower-case heading; what is no column reads as blank."""

    def __init__(self, line: int, values: dict[str, str]) -> None:
        self.line = line
        self._values = values
        self.notes: list[str] = []

    def __getitem__(self, name: str) -> str:
        return " ".join(self._values.get(name, "").split())

    def note(self, note: str) -> None:
        self.notes.append(note)

    def text(self, name: str, length: int) -> str:
        """Words with single spaces, of at most `length` characters."""
        text = self[name]
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
        return street if any(c.isalnum() for c in street) else ""

    def postcode(self, name: str, country: str) -> str:
        """A postcode; a US ZIP gets back the zeros that a spreadsheet took."""
        postcode = self.text(name, 12)
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
        if word in ("", "unknown", "not_stated", "not stated"):
            return ""
        if word not in _ANSWERS:
            raise Refused(name, f"{self[name]!r} is neither yes nor no")
        return _ANSWERS[word]


_ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "1"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0"), "no"),
}


def _code(name: str, word: str, codes: vocabulary.Codes, others: dict) -> str:
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
