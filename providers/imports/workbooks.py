"""Whether an XLSX file is safe to open, before anything builds its XML in memory.

A small file can unpack into one that fills the memory, name a cell at the end of the
world, or nest a million elements. One pass over its parts, in bounded memory, tells.
Pure: no database.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.parsers import expat

from providers.imports.rows import BadFile

UNPACKED_BYTES = 100_000_000
TAGS = 4_000_000  # of all parts: a sheet of a million cells
TAGS_OF_A_PART = 1_000_000  # of any other part than a sheet: it is kept whole
DEPTH = 50  # elements within elements
COLUMNS = 1_000
CHUNK = 256 * 1024  # bytes
CELL_BYTES = 1_000_000  # of text between two tags

# What zipfile and its decompressors raise for what is no zip file.
BROKEN_ZIP = (
    *(zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError),
    *(zlib.error, lzma.LZMAError, struct.error, KeyError, ValueError),
)


def check_workbook(path: Path) -> None:
    """Raise BadFile for a file that is no workbook, or no safe one."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(path, archive)
            budget = TAGS
            for member in archive.infolist():
                with archive.open(member) as part:
                    budget -= _Scan(path, budget).read(part)
    except BadFile:
        raise
    except (*BROKEN_ZIP, expat.ExpatError) as error:
        raise BadFile(f"{path.name} is not an XLSX workbook.") from error


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > UNPACKED_BYTES:
        raise BadFile(f"{path.name} is too big: {unpacked:,} bytes when unpacked.")
    if not any(m.filename == "[Content_Types].xml" for m in archive.infolist()):
        raise BadFile(f"{path.name} is not an XLSX workbook.")


class _Scan:
    """Counts one part's elements, and refuses what no workbook of people has."""

    def __init__(self, path: Path, budget: int) -> None:
        self.path, self.budget = path, budget
        self.tags = self.depth = self.cells = self.text = 0
        self.is_sheet = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, part: IO[bytes]) -> int:
        """The number of elements; 0 for a part that is no XML (a picture)."""
        chunk = part.read(CHUNK)
        if not chunk.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
            return 0
        while chunk:
            self.parser.Parse(chunk, False)
            chunk = part.read(CHUNK)
        self.parser.Parse(b"", True)
        return self.tags

    def _start(self, name: str, _attributes) -> None:
        self.tags += 1
        self.depth += 1
        self.text = 0
        tag = name.rpartition(" ")[2]
        if self.depth == 1:
            self.is_sheet = tag == "worksheet"
        elif tag == "row":
            self.cells = 0
        elif tag == "c":
            self.cells += 1
        limit = self.budget if self.is_sheet else min(self.budget, TAGS_OF_A_PART)
        if self.tags > limit:
            raise self._refusal(f"holds more than {limit:,} cells and tags")
        if self.depth > DEPTH:
            raise self._refusal(f"nests more than {DEPTH} elements")
        if self.is_sheet and self.cells > COLUMNS:
            raise self._refusal(f"has a row of more than {COLUMNS:,} columns")

    def _end(self, _name: str) -> None:
        self.depth -= 1
        self.text = 0

    def _characters(self, data: str) -> None:
        self.text += len(data)
        if self.text > CELL_BYTES:
            raise self._refusal(f"has a cell of more than {CELL_BYTES:,} characters")

    def _doctype(self, *_declaration) -> None:
        raise self._refusal("declares entities, which no workbook does")

    def _refusal(self, reason: str) -> BadFile:
        return BadFile(f"{self.path.name} {reason}.")
