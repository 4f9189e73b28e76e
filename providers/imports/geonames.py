"""A country's postcodes from a GeoNames postal-code file (XX.txt, or XX.zip of it).

The layout is GeoNames' own: twelve columns separated by tabs, UTF-8, no header.
Several rows of one postcode become one place in their middle, named by the first.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import NamedTuple, TextIO
from zipfile import BadZipFile, ZipFile, is_zipfile

from providers import geo
from providers.imports.gazetteer import PlaceRow
from providers.imports.rows import BadFile
from providers.models import PlaceKind, Region
from providers.place_names import postcode_key

COLUMNS = 12
MOST_LETTERS = 10_000  # of a line; a longer one is cut, and so has too few columns
MOST_BYTES = 1_000_000_000  # every country's file together has 150 MB


class _Line(NamedTuple):
    country: str
    postcode: str
    town: str
    region: str
    point: geo.Point


_BROKEN_ZIP = (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error)


def postcode_rows(path: Path) -> list[PlaceRow]:
    """Read the file's postcodes.

    Raises: BadFile, with the line's number, for the first line that is wrong.
    """
    known = Regions()
    groups: dict[tuple[str, str], list[_Line]] = {}
    with _lines(path) as lines:
        whole = iter(partial(lines.readline, MOST_LETTERS), "")
        for number, line in enumerate(whole, start=1):
            if not line.strip():
                continue
            try:
                row = _parsed(line, known)
            except ValueError as error:
                raise BadFile(f"line {number}: {error}") from error
            groups.setdefault((row.country, row.postcode), []).append(row)
    if not groups:
        raise BadFile("the file holds no postcode")
    return [_place(rows) for rows in groups.values()]


class Regions:
    """The regions that a row may name: by code, by name, else its country."""

    def __init__(self) -> None:
        regions = list(Region.objects.all())
        self.codes = {region.code for region in regions}
        self.names = {(r.country, r.name_en.casefold()): r.code for r in regions}

    def of(self, country: str, name: str, code: str) -> str:
        """Return the region's code. Raises ValueError for a country not known."""
        if country not in self.codes:
            raise ValueError(f"{country[:20]!r} is no country that we know")
        if f"{country}-{code}" in self.codes:
            return f"{country}-{code}"
        return self.names.get((country, name.casefold()), country)


@contextmanager
def _lines(path: Path) -> Iterator[TextIO]:
    """The text lines of the file, or of the one data file in a .zip."""
    try:
        if is_zipfile(path):
            with ZipFile(path) as archive, archive.open(_member(archive)) as data:
                yield io.TextIOWrapper(data, encoding="utf-8-sig", newline="\n")
        else:
            with path.open(encoding="utf-8-sig", newline="\n") as lines:
                yield lines
    except OSError as error:
        raise BadFile(error.strerror or "the file cannot be read") from error
    except _BROKEN_ZIP as error:
        raise BadFile(f"the .zip file cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise BadFile("the file is not UTF-8 text") from error


def _member(archive: ZipFile) -> str:
    texts = [
        info
        for info in archive.infolist()
        if info.filename.lower().endswith(".txt")
        and info.filename.lower() != "readme.txt"
    ]
    if len(texts) != 1:
        raise BadFile(f"the .zip file holds {len(texts)} data files (.txt), not one")
    if texts[0].file_size > MOST_BYTES:
        raise BadFile("the .zip file's contents are too big (over 1 GB)")
    return texts[0].filename


def _parsed(line: str, regions: Regions) -> _Line:
    columns = [column.strip() for column in line.rstrip("\r\n").split("\t")]
    if len(columns) != COLUMNS:
        raise ValueError(f"{len(columns)} columns instead of {COLUMNS}")
    country, postcode, town, name, code = columns[:5]
    for text, most in ((postcode_key(postcode), 10), (town, 120)):
        if not text or len(text) > most or not text.isprintable():
            raise ValueError(f"no postcode or town of at most {most} letters")
    return _Line(
        country,
        postcode_key(postcode),
        town,
        regions.of(country, name, code),
        _point(columns[9], columns[10]),
    )


def _point(latitude: str, longitude: str) -> geo.Point:
    try:
        return geo.point(float(latitude), float(longitude))
    except ValueError as error:
        given = f"{latitude[:20]!r}, {longitude[:20]!r}"
        raise ValueError(f"no latitude and longitude: {given}") from error


def _place(rows: list[_Line]) -> PlaceRow:
    first = rows[0]
    return PlaceRow(
        PlaceKind.POSTCODE.value,
        first.town,
        first.postcode,
        first.country,
        first.region,
        fmean(row.point.latitude for row in rows),
        fmean(row.point.longitude for row in rows),
    )
