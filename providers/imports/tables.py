"""Reads tables safely: CSV, XLSX and JSON from anywhere. Pure: no database.

Whatever cannot be read raises BadFile with one line for people.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.escape import unescape

from providers.imports.rows import BadFile
from providers.imports.workbooks import BROKEN_ZIP, COLUMNS, ROWS, check_workbook

CELL_LENGTH = 100_000  # characters
LINE_LENGTH = 2_000_000  # characters of a CSV file between two line ends
FILE_BYTES = 200_000_000
BLANK_ROWS = 1_000  # in a row, after which a table is a trap
# What an export puts before a sign that spreadsheets would run as a formula.
_ESCAPED = re.compile(r"'+ *[=+\-@\t\r]")

# What a file begins with that is often named .csv by mistake.
_SIGNATURES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls): save it as .xlsx",
    b"PK": "a zip file",
    b"\x1f\x8b": "a compressed file",
}


class Record(NamedTuple):
    """One row of a table: where it stands in its file, and its cells as text.

    A row that is cut or overlong has a `fault`, which says so.
    """

    line: int
    cells: list[str]
    fault: str = ""


class Table(NamedTuple):
    """A table's headings in lower case, and its rows below, still unread."""

    headings: tuple[str, ...]
    records: Iterator[Record]


def read_table(path: Path, *, required: tuple[str, ...]) -> Table:
    """Read a CSV or, whatever it is named, an XLSX file. Headings are case-blind.

    Raises BadFile for a file without the `required` columns, and, while its rows are
    read, for what is no text.
    """
    _check_size(path)
    records = _few_enough(path, _xlsx(path) if _is_xlsx(path) else _csv(path))
    first = next(records, None)
    if first is None:
        raise BadFile(f"{path.name} is empty.")
    headings = tuple(" ".join(cell.lower().split()) for cell in first.cells)
    _check_headings(path, headings, required)
    return Table(headings, _with_faults(records, len(headings)))


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises BadFile where it is none."""
    _check_size(path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name} is not UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path.name} is not JSON: {error}.") from error


def checked_cell(name: str, line: int, cell: str) -> str:
    """The cell's text. Raises BadFile for one that no table of listings can hold."""
    if len(cell) > CELL_LENGTH:
        raise BadFile(f"{name}, line {line}: a cell of {len(cell):,} characters.")
    if "\0" in cell:
        raise BadFile(f"{name}, line {line}: NUL characters. This is not a text file.")
    if not cell.isascii() and any("\ud800" <= c <= "\udfff" for c in cell):
        raise BadFile(f"{name}, line {line}: broken characters (half a pair).")
    return cell


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise BadFile(f"Cannot read {path.name}: {error.strerror}.") from error
    if size == 0:
        raise BadFile(f"{path.name} is empty.")
    if size > FILE_BYTES:
        raise BadFile(f"{path.name} is too big: {size:,} bytes.")


def _few_enough(path: Path, records: Iterable[Record]) -> Iterator[Record]:
    for number, record in enumerate(records):
        if number > ROWS:
            raise BadFile(f"{path.name} has more than {ROWS:,} rows.")
        if len(record.cells) > COLUMNS:
            width = f"{len(record.cells):,} columns"
            raise BadFile(f"{path.name}, line {record.line}: {width}.")
        yield record


def _with_faults(records: Iterable[Record], width: int) -> Iterator[Record]:
    for record in records:
        cells = [_unescaped(cell) for cell in record.cells]
        is_whole = len(cells) == width
        fault = "" if is_whole else f"has {len(cells)} cells, the header {width}"
        yield Record(record.line, cells, fault)


def _unescaped(cell: str) -> str:
    """The cell without the apostrophe that an export puts before a formula's sign."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def _check_headings(path: Path, headings: tuple, required: tuple) -> None:
    if required and not set(headings) & set(required):
        raise BadFile(
            f"{path.name} has no header: its first line must name the columns "
            f"{', '.join(required)}."
        )
    missing = [name for name in required if name not in headings]
    if missing:
        raise BadFile(f"{path.name} lacks the column {', '.join(missing)}.")
    twice = [name for name, times in Counter(headings).items() if name and times > 1]
    if twice:
        raise BadFile(f"{path.name} has two columns named {twice[0]}.")


def _csv(path: Path) -> Iterator[Record]:
    _check_signature(path)
    line, blank_rows = 1, 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = _lines(path, file)
            first = next(lines, "")
            reader = csv.reader(
                chain([first], lines), strict=True, delimiter=_delimiter(first)
            )
            for cells in reader:
                blank_rows = 0 if any(cells) else _one_more(path, blank_rows)
                if not blank_rows:
                    yield Record(
                        line, [checked_cell(path.name, line, c) for c in cells]
                    )
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name} is not UTF-8. Save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise BadFile(f"{path.name}, line {line}: not CSV: {error}.") from error


def _lines(path: Path, file: IO[str]) -> Iterator[str]:
    """The file's lines, none of which fills the memory."""
    while line := file.readline(LINE_LENGTH):
        if len(line) == LINE_LENGTH:
            raise BadFile(f"{path.name} has a line of over {LINE_LENGTH:,} characters.")
        yield line


def _delimiter(first: str) -> str:
    """A comma, unless the headings are parted by what other countries' Excel writes."""
    others = [sign for sign in (";", "\t") if sign in first]
    return others[0] if others and "," not in first else ","


def _one_more(path: Path, blank_rows: int) -> int:
    if blank_rows == BLANK_ROWS:
        raise BadFile(f"{path.name}: more than {BLANK_ROWS:,} blank rows in a row.")
    return blank_rows + 1


def _check_signature(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    for signature, words in _SIGNATURES.items():
        if start.startswith(signature):
            raise BadFile(f"{path.name} is no table but {words}.")


def _is_xlsx(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


# What openpyxl lets through of zipfile, of the XML parser and of its own.
_NO_WORKBOOK = (
    *BROKEN_ZIP,
    *(IndexError, TypeError, AttributeError, ArithmeticError, ParseError),
)


def _xlsx(path: Path) -> Iterator[Record]:
    check_workbook(path)
    try:
        # As an open file, since openpyxl asks names for their ending.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            # A sheet's own word on its size may be anything.
            sheet.reset_dimensions()
            yield from _sheet(path, sheet)
    except BadFile:
        raise
    except _NO_WORKBOOK as error:
        raise BadFile(f"{path.name} is not an XLSX workbook.") from error


def _sheet(path: Path, sheet) -> Iterator[Record]:
    blank_rows = width = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if len(values) > COLUMNS:
            raise BadFile(f"{path.name}, line {line}: {len(values):,} columns.")
        cells = [checked_cell(path.name, line, _as_text(value)) for value in values]
        blank_rows = 0 if any(cells) else _one_more(path, blank_rows)
        if not blank_rows:
            # A sheet's rows end with their last used cell, or later.
            while len(cells) > width and not cells[-1]:
                cells.pop()
            width = width or len(cells)
            yield Record(line, cells + [""] * (width - len(cells)))


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return unescape(value) if isinstance(value, str) else str(value)
