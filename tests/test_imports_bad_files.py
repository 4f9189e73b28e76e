"""Files made to harm: refused in words, within seconds and 512 MB."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 10
HEADINGS = "name,city,country"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(path: Path, **parts: str | bytes) -> None:
    """A valid workbook of one listing, of which some parts are replaced."""
    book = openpyxl.Workbook()
    book.active.append(HEADINGS.split(","))
    book.active.append(["Blue Mesa", "Denver", "US"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (kept | parts).items():
            archive.writestr(name, part)


def sheet(rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def cell(at: str, words: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'


HEADER = f'<row r="1">{cell("A1", "name")}{cell("B1", "city")}{cell("C1", "country")}'
HEADER += "</row>"


def lying(path: Path) -> None:
    """A workbook whose directory says that its sheet is small."""
    workbook(path, **{SHEET: sheet(HEADER + "<row/>" * 300_000)})
    packed = bytearray(path.read_bytes())
    at = packed.rindex(SHEET.encode()) - 46  # its entry in the zip's directory
    packed[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(packed)


def csv_file(content: str | bytes):
    """What writes the content into a file."""
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data)


def xlsx(**parts: str | bytes):
    named = {"sheet": SHEET, "strings": STRINGS, "styles": "xl/styles.xml"}
    return lambda path: workbook(path, **{named[n]: part for n, part in parts.items()})


ENTITIES = '<!DOCTYPE w [<!ENTITY a "ha">'
ENTITIES += "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">'
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
LISTING = b"Blue Mesa,Denver,US\n"

# By file name: how it is made, and a part of what is said of it.
FILES = {
    "quote.csv": (csv_file(f'{HEADINGS}\n"{"x" * 20_000_000}'), "line of over"),
    "lines.csv": (csv_file(f'{HEADINGS}\n"' + "x\n" * 10_000_000), "not CSV"),
    "wide.csv": (csv_file(HEADINGS + ",a" * 200_000 + "\n"), "200,003 columns"),
    "blank.csv": (csv_file(HEADINGS + "\n,," * 1_000_000), "blank rows"),
    "rows.csv": (csv_file(HEADINGS + "\nA,B,US" * 250_000), "200,000 rows"),
    "nul.csv": (csv_file(f"{HEADINGS}\nA\0,B,US\n"), "NUL characters"),
    "twice.csv": (csv_file(f"{HEADINGS},City\nA,B,US,C\n"), "two columns named city"),
    "utf16.csv": (csv_file(f"{HEADINGS}\n".encode("utf-16")), "not UTF-8"),
    "utf16le.csv": (csv_file(f"{HEADINGS}\n".encode("utf-16-le")), "NUL characters"),
    "pdf.csv": (csv_file(b"%PDF-1.7\n" + LISTING), "no table but a PDF"),
    "png.csv": (csv_file(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "no table but a picture"),
    "xls.csv": (csv_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64), "old Excel file"),
    "gz.csv": (csv_file(b"\x1f\x8b\x08\0" * 64), "a compressed file"),
    "no_zip.csv": (csv_file(b"PK\x05\x06" + bytes(18)), "a zip file"),
    "bomb.xlsx": (xlsx(sheet=bytes(110_000_000)), "too big"),
    "far_row.xlsx": (
        xlsx(sheet=sheet(f'{HEADER}<row r="1048576">{cell("XFD1048576", "x")}</row>')),
        "blank rows",
    ),
    "far_column.xlsx": (
        xlsx(sheet=sheet(f'{HEADER}<row r="2">{cell("XFD2", "x")}</row>')),
        "16,384 columns",
    ),
    "wide.xlsx": (
        xlsx(sheet=sheet(f"<row>{'<c><v>1</v></c>' * 200_000}</row>")),
        "more than 1,000 columns",
    ),
    "blank.xlsx": (xlsx(sheet=sheet(HEADER + "<row/>" * 1_000_000)), "too many cells"),
    "cells.xlsx": (
        xlsx(sheet=sheet(f"<row>{'<c/>' * 900}</row>" * 1_000)),
        "too many cells",
    ),
    "strings.xlsx": (
        xlsx(strings=f"<sst {MAIN}>{'<si><t>a</t></si>' * 600_000}</sst>"),
        "too many cells",
    ),
    "string.xlsx": (
        xlsx(strings=f"<sst {MAIN}><si><t>{'a' * 20_000_000}</t></si></sst>"),
        "too long ones",
    ),
    "styles.xlsx": (
        xlsx(styles=f"<styleSheet {MAIN}>{'<a/>' * 1_200_000}</styleSheet>"),
        "too many cells",
    ),
    "entities.xlsx": (xlsx(sheet=f"{ENTITIES}]><w>&i;</w>"), "declares entities"),
    "nested.xlsx": (xlsx(sheet="<a>" * 1_000_000), "too many cells"),
    "broken.xlsx": (xlsx(sheet="<a><b></a>"), "not an XLSX workbook"),
    "lying.xlsx": (lying, "not an XLSX workbook"),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, tuple[float, str]]:
    """Seconds and words for each file, all read by one process."""
    folder = tmp_path_factory.mktemp("bad")
    for name, (make, _words) in FILES.items():
        make(folder / name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.read_in_bounds", *(folder / n for n in FILES)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: (float(seconds), words) for name, seconds, words in lines}


@pytest.mark.parametrize("name", FILES)
def test_a_harmful_file_is_refused_in_words(said, name):
    seconds, words = said[name]
    assert FILES[name][1] in words
    assert words.startswith(name)
    assert seconds < SECONDS
