"""A spreadsheet with its own headings, read as one of our layouts. Pure: no database.

A page reads the headings, lets `guess` propose a Mapping, asks what `unknown_words`
finds, and keeps the Mapping as JSON; importers `apply` it and know nothing more of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from providers.imports.amounts import is_one_amount
from providers.imports.layouts import (
    DATES,
    FOREIGN,
    LAYOUTS,
    STANDS_FOR,
    WHOLE_ADDRESS,
    Column,
)
from providers.imports.rows import BadFile
from providers.imports.synonyms import FIELDS_OF_HEADING
from providers.imports.tables import Record, Table, read_table
from providers.imports.whole_address import PARTS, POSTCODES, parts_of
from providers.text import plain
from providers.vocabulary import CURRENCY_OF_COUNTRY

MONTH_FIRST, DAY_FIRST = "month_first", "day_first"
WORDS_ASKED = 50  # unknown words of one field; a column with more is no code column


@dataclass(frozen=True)
class Mapping:
    """Which column of a file is which field of a layout.

    columns: heading (as a Table has it) → field, or "" for a column left alone.
    fixed: field → what it is where the file says nothing.
    words: field → {a word as typed, in lower case: code, or "" for nothing said}.
    dates: how 11/10/2026 is read: MONTH_FIRST, DAY_FIRST, or "" to refuse it, except
    that a country fixed as US reads the month first.
    """

    columns: dict[str, str]
    fixed: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: str = ""

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict) -> Mapping:
        """The mapping that `to_json` wrote. Raises BadFile for anything else."""
        try:
            found = cls(**stored)
            flat = [found.columns, found.fixed, *found.words.values()]
            is_text = all(isinstance(v, str) for part in flat for v in part.values())
        except (TypeError, AttributeError) as error:
            raise BadFile("This is no mapping of columns.") from error
        if not is_text or found.dates not in ("", MONTH_FIRST, DAY_FIRST):
            raise BadFile("This is no mapping of columns.")
        return found

    @property
    def order(self) -> str:
        if self.dates:
            return self.dates
        return MONTH_FIRST if self.fixed.get("country", "").upper() == "US" else ""

    def fields(self) -> set[str]:
        """The fields that it gives a column or a value."""
        given = {name for name, value in self.fixed.items() if value}
        return ({*self.columns.values()} | given) - {""}


# --- Reading --------------------------------------------------------------------------


def read_headings(
    path: Path, count: int = 5
) -> tuple[tuple[str, ...], list[list[str]]]:
    """A file's headings in lower case, and its first rows. Raises BadFile."""
    table = read_table(path, required=())
    return table.headings, sample_rows(table, count)


def read_as(
    path: Path, kind: str, *, required: tuple[str, ...], mapping: Mapping | dict | None
) -> tuple[Table, tuple[str, ...]]:
    """A file as a table of a layout, and the headings that are left alone.

    mapping: itself or its JSON. Raises BadFile for a file, or a mapping of it, without
    the `required` fields.
    """
    if isinstance(mapping, dict):
        mapping = Mapping.from_json(mapping)
    if mapping is None:
        table = read_table(path, required=required)
        return table, tuple(n for n in table.headings if n not in LAYOUTS[kind])
    table = read_table(path, required=())
    given = mapping.fields()
    lacking = [name for name in required if name not in given]
    if missing := [name for name in lacking if STANDS_FOR.get(name) not in given]:
        raise BadFile(f"No column of {path.name} is {', '.join(missing)}.")
    left = tuple(h for h in table.headings if not mapping.columns.get(h))
    return apply(table, mapping, kind), left


def sample_rows(table: Table, count: int = 5) -> list[list[str]]:
    """The cells of the first rows, each as wide as the headings."""
    width, found = len(table.headings), []
    for record in table.records:
        found.append([*record.cells, *[""] * width][:width])
        if len(found) == count:
            break
    return found


def apply(table: Table, mapping: Mapping, kind: str = "listings") -> Table:
    """The table under the headings of a layout, with our codes where words are known.

    Several columns of one field are joined: of a list with ";", of words with ", ".
    Raises BadFile for a mapping that names a field which the layout has not.
    """
    layout = LAYOUTS[kind] | FOREIGN.get(kind, {})
    given = mapping.fields()
    if strangers := given - set(layout):
        raise BadFile(f"The mapping names no column of {kind}: {min(strangers)}.")
    fields = tuple(name for name in LAYOUTS[kind] if name in _filled(given))
    sources = {name: _positions(table, mapping, name) for name in layout}
    width = len(table.headings)

    def records() -> Iterator[Record]:
        for line, cells, fault in table.records:
            whole = [*cells, *[""] * width][:width]
            read = partial(_value, whole, mapping)
            found = {name: read(name, layout[name], sources[name]) for name in fields}
            if WHOLE_ADDRESS in given:
                address = read(WHOLE_ADDRESS, layout[WHOLE_ADDRESS], sources["address"])
                for part, text in parts_of(address).items():
                    found[part] = found[part] or text
            if "price_max" not in given and is_one_amount(found.get("price_min", "")):
                found["price_max"] = found["price_min"]
            yield Record(line, list(found.values()), fault)

    return Table(fields, records())


def _filled(given: set[str]) -> set[str]:
    """The fields that are filled where these are given."""
    filled = {*given, *(PARTS if WHOLE_ADDRESS in given else ())}
    # A column of prices states both ends of each: "450" is not "from 450".
    return filled | ({"price_max"} if "price_min" in given else set())


def unknown_words(
    table: Table, mapping: Mapping, kind: str = "listings"
) -> dict[str, list[str]]:
    """The words of each coded field that are no code and that the mapping explains not.

    Shape: field → words as first typed, in the file's order. Reads the whole table.
    """
    layout = LAYOUTS[kind]
    coded = {
        name: positions
        for name, column in layout.items()
        if column.is_coded and (positions := _positions(table, mapping, name))
    }
    found: dict[str, dict[str, str]] = {name: {} for name in coded}
    for _line, cells, _fault in table.records:
        for name, positions in coded.items():
            for word in _words(cells, positions, layout[name], mapping, name):
                if _meaning(word, layout[name], mapping, name) is None:
                    found[name].setdefault(word.lower(), word)
    return {
        n: list(words.values())[:WORDS_ASKED] for n, words in found.items() if words
    }


def _positions(table: Table, mapping: Mapping, name: str) -> list[int]:
    columns = mapping.columns
    return [n for n, h in enumerate(table.headings) if columns.get(h, "") == name]


def _value(
    cells: Sequence[str],
    mapping: Mapping,
    name: str,
    column: Column,
    positions: Sequence[int],
) -> str:
    if column.is_coded:
        words = _words(cells, positions, column, mapping, name)
        codes = [_meaning(word, column, mapping, name) for word in words]
        said = [w if c is None else c for w, c in zip(words, codes, strict=True)]
        text = ";".join(dict.fromkeys(word for word in said if word))
    else:
        joint = ";" if column.is_list else ", "
        text = joint.join(t for n in positions if (t := cells[n].strip()))
        text = _iso(text, mapping.order) if name in DATES else text
    return text or mapping.fixed.get(name, "")


def _words(
    cells: Sequence[str],
    positions: Sequence[int],
    column: Column,
    mapping: Mapping,
    name: str,
) -> list[str]:
    """The words of a coded field: of a list also as people part them ("IV, IM")."""
    texts = [" ".join(c.split()) for n in positions for c in cells[n : n + 1]]
    found = []
    for text in filter(None, texts):
        is_one = _meaning(text, column, mapping, name) is not None
        parts = _PARTED.split(text) if column.is_list and not is_one else [text]
        found += [part.strip() for part in parts if part.strip()]
    return found


_PARTED = re.compile(r"[;,/&+|]|\band\b|\by\b", re.IGNORECASE)


def _meaning(word: str, column: Column, mapping: Mapping, name: str) -> str | None:
    own = mapping.words.get(name, {}).get(word.lower())
    if own is not None:
        return own
    code = column.resolve(word)
    return column.resolve(word.removesuffix("s")) if code is None else code


_NUMBERS = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})")


def _iso(text: str, order: str) -> str:
    """11/20/2026 as 2026-11-20; anything else, and what has no order, as it is."""
    found = _NUMBERS.fullmatch(text)
    if not found or not order:
        return text
    one, two, year = (int(part) for part in found.groups())
    month, day = (one, two) if order == MONTH_FIRST else (two, one)
    try:
        return date(year if year > 99 else 2000 + year, month, day).isoformat()
    except ValueError:
        return text


# --- Guessing -------------------------------------------------------------------------


def guess(
    headings: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "listings"
) -> Mapping:
    """What a file's headings and first rows most likely are, for people to look at."""
    layout, taken = LAYOUTS[kind], set()
    columns = {}
    for heading in headings:
        name = _field(heading, layout)
        if name in taken and not (layout[name].is_list or name in _JOINED):
            name = ""
        taken.add(name)
        columns[heading] = name
    rows = list(rows)
    if "city" in layout and "city" not in taken:
        columns = _with_whole_address(columns, headings, rows)
    fixed = _fixed(columns, headings, rows, layout)
    return Mapping(columns, fixed, {}, _order(columns, headings, rows))


_MOST = 0.8  # of the cells; a few are always mistyped
_JOINED = ("notes", "note_en", "street")


def _field(heading: str, layout: dict[str, Column]) -> str:
    words = plain(heading)
    if words == "notes":
        return ""  # patients would read them: for a person to choose
    if words.replace(" ", "_") in layout:
        return words.replace(" ", "_")
    fields = FIELDS_OF_HEADING.get(words, "").split()
    return next((name for name in fields if name in layout), "")


def _with_whole_address(columns: dict, headings: Sequence, rows: list) -> dict:
    """Streets that hold a city are whole addresses, where no column is the city."""
    texts = _cells("street", columns, headings, rows)
    whole = [text for text in texts if "city" in parts_of(text)]
    if len(whole) <= _MOST * len(texts):
        return columns
    return {h: WHOLE_ADDRESS if n == "street" else n for h, n in columns.items()}


def _cells(name: str, columns: dict, headings: Sequence, rows: list) -> list[str]:
    at = [n for n, heading in enumerate(headings) if columns[heading] == name]
    return [c for row in rows for n in at for c in row[n : n + 1] if c]


_PER_VISIT = re.compile(r"\b(session|visit|treatment|infusion)s?\b")
_BY_PHONE = re.compile(r"\b(call|called|calls|phoned|phone)\b")


def _fixed(columns: dict, headings, rows, layout: dict[str, Column]) -> dict[str, str]:
    """What the file leaves unsaid, as far as its headings and cells give it away."""
    fixed, given = {}, set(columns.values())
    addresses = _cells(WHOLE_ADDRESS, columns, headings, rows)
    postcodes = [parts_of(text).get("postcode", "") for text in addresses]
    country = _country(postcodes or _cells("postcode", columns, headings, rows))
    if "country" in layout and "country" not in given and country:
        fixed["country"] = country
    priced = [plain(h) for h in headings if columns[h] in ("price_min", "price_max")]
    for name in {"price_currency", "currency"} & set(layout) - given:
        if priced and country:
            fixed[name] = CURRENCY_OF_COUNTRY[country]
    for name in {"price_unit", "unit"} & set(layout) - given:
        if any(_PER_VISIT.search(heading) for heading in priced):
            fixed[name] = "visit"
    dated = [plain(h) for h in headings if columns[h] == "checked_on"]
    if "method" not in given and any(_BY_PHONE.search(heading) for heading in dated):
        fixed["method"] = "phone"
    return fixed


def _country(postcodes: list[str]) -> str:
    fits = {
        country: sum(bool(form.fullmatch(text.strip())) for text in postcodes)
        for country, form in POSTCODES.items()
    }
    country = max(fits, key=fits.__getitem__)
    return country if fits[country] > _MOST * len(postcodes) else ""


def _order(columns: dict, headings, rows) -> str:
    """How a file's dates go, where one of them leaves no doubt."""
    texts = [t for name in DATES for t in _cells(name, columns, headings, rows)]
    found = [match for text in texts if (match := _NUMBERS.fullmatch(text.strip()))]
    if any(int(match[2]) > 12 for match in found):
        return MONTH_FIRST
    return DAY_FIRST if any(int(match[1]) > 12 for match in found) else ""
