"""What a file says, row by row: rows, rejects and the date of what they state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from providers.documents import Document
from providers.text import match_key, place_key

FIRST_YEAR = 1990  # no source that we read is older
KEY_LENGTH = 480  # of SourceRecord.key and Provider.match_key


class BadFile(ValueError):
    """A file that cannot be read at all; the message is one plain line."""


class Refused(ValueError):
    """A row that cannot be kept, for what stands in one of its fields."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class Row:
    """One listing as its source states it.

    `listing` holds parts of a Document; blank means not stated. Rows of one file share
    their facts' dicts, so nobody may write into one. A row with a `slug` is about the
    listing of that address here. A row of `only_parts` says nothing of the contact: its
    listing has offerings and facts alone, and an offering in it that says nothing of
    itself has prices only.
    """

    line: int
    source: str
    source_id: str
    listing: Document
    reports_ketamine: bool
    notes: tuple[str, ...] = ()
    source_url: str = ""
    licence: str = ""
    slug: str = ""
    checked_by: str = ""
    only_parts: bool = False

    @cached_property
    def match_key(self) -> str:
        """As Provider.match_key of the listing that the row makes."""
        key = match_key(
            name=self.listing["name"],
            street=self.listing["street"] or self.listing["city"],
            postcode=self.listing["postcode"],
            country=self.listing["region"][:2],
        )
        return key[:KEY_LENGTH]

    @cached_property
    def place_key(self) -> str:
        """As Provider.place_key of the listing that the row makes; "" for no place."""
        return place_key(
            street=self.listing["street"],
            postcode=self.listing["postcode"],
            country=self.listing["region"][:2],
        )

    @property
    def key(self) -> str:
        """What names the row within its source."""
        return self.source_id or self.match_key


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not kept, and why."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line} rejected: {self.field}: {self.reason}"


class Parsed(NamedTuple):
    """A file's rows, still unread, and what is to be said of its columns."""

    rows: Iterator[Row | Reject]
    unknown: tuple[str, ...] = ()  # columns that are left alone
    missing: tuple[str, ...] = ()  # columns without which nobody reports ketamine


def row_or_reject(line: int, read: Callable[..., Row], *parts) -> Row | Reject:
    """The row that `read` makes of the parts; a Reject where it refuses them."""
    try:
        return read(*parts)
    except Refused as refused:
        return Reject(line, refused.field, refused.reason)


class Reported(NamedTuple):
    """When a statement was made, as exactly as that is known (see models.checked)."""

    on: date
    precision: str

    def checked(self, *, method: str, source: str) -> dict:
        """The date, method and source of a statement, as documents write them."""
        return {
            "checked_on": self.on.isoformat(),
            "precision": self.precision,
            "method": method,
            "source": source,
        }


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")


def reported(text: str) -> Reported:
    """Read "2024", "2024-05" or "2024-05-31".

    Raises ValueError, with words for people, for anything else, for a day that never
    was, and for one to come.
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no year (2024) and no date (2024-05-31)")
    year, month, day = found.groups()
    try:
        on = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(f"{text!r} is no date: {error}") from error
    if on.year < FIRST_YEAR:
        raise ValueError(f"{text!r} is before {FIRST_YEAR}")
    if on > timezone.localdate():
        raise ValueError(f"{text!r} is still to come")
    return Reported(on, "day" if day else "month" if month else "year")
