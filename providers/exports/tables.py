"""Rows into files: CSV and XLSX, the same bytes for the same rows. No database."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, BinaryIO

import openpyxl
from openpyxl.writer.excel import save_workbook

FORMATS = ("csv", "xlsx")
Row = dict[str, str]

# Written as numbers into a workbook; all else is text, so that nothing is rounded.
NUMBERS = {"price_min", "price_max", "minutes", "package_size"}
NUMBERS |= {"count_min", "count_max"}
_LONG_AGO = datetime(2000, 1, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FORMULA = re.compile(r"'* *[=+\-@\t\r]")
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")
# What XML cannot hold, and what would read as an escape of it.
_UNHELD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def guarded(cell: str) -> str:
    """The cell, with an apostrophe first where a spreadsheet would run it.

    A negative number is no formula. Imports take the apostrophe away again.
    """
    if _FORMULA.match(cell) and not _NEGATIVE.fullmatch(cell):
        return f"'{cell}"
    return cell


def write_table(
    headings: Sequence[str], rows: Iterable[Row], file: BinaryIO, format: str
) -> int:
    """Write rows as "csv" or "xlsx"; returns their number. KeyError for others."""
    return {"csv": _write_csv, "xlsx": _write_xlsx}[format](headings, rows, file)


def csv_lines(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file, the headings first."""
    line = io.StringIO(newline="")
    writer = csv.DictWriter(line, headings, restval="")
    writer.writeheader()
    yield line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow({name: guarded(cell) for name, cell in row.items()})
        yield line.getvalue()


def _write_csv(headings: Sequence[str], rows: Iterable[Row], file: BinaryIO) -> int:
    file.write(b"\xef\xbb\xbf")  # without it Excel takes UTF-8 for something else
    written = -1  # without the headings
    for line in csv_lines(headings, rows):
        file.write(line.encode())
        written += 1
    return written


def _write_xlsx(headings: Sequence[str], rows: Iterable[Row], file: BinaryIO) -> int:
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = _LONG_AGO
    sheet = book.create_sheet("kapfinder")
    sheet.freeze_panes = "A2"
    sheet.append(list(headings))
    written = 0
    for row in rows:
        written += 1
        sheet.append([_xlsx_cell(name, row.get(name, "")) for name in headings])
    with tempfile.TemporaryFile() as stamped:
        save_workbook(book, stamped)
        _copy_unstamped(stamped, file)
    return written


def _xlsx_cell(name: str, cell: str) -> str | float | None:
    if name in NUMBERS and cell:
        return float(cell)
    held = _UNHELD.sub(lambda found: f"_x{ord(found[0]):04X}_", guarded(cell))
    return held or None


def _copy_unstamped(stamped: IO[bytes], file: BinaryIO) -> None:
    """Copy a workbook without the time of its making, so that it repeats exactly."""
    with (
        zipfile.ZipFile(stamped) as archive,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in archive.namelist():
            member = zipfile.ZipInfo(name, _STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(name) as part, copy.open(member, "w") as target:
                while chunk := part.read(1 << 20):
                    if name == "docProps/core.xml":
                        chunk = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", chunk)
                    target.write(chunk)
