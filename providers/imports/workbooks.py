"""Whether an XLSX file is safe to open, before anything builds its XML in memory.

A small file can unpack into one that fills the memory, put a million cells into one
row, or let its XML multiply itself. One pass over the bytes of its parts tells; what
they mean is left to openpyxl. Pure: no database.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from providers.imports.rows import BadFile

UNPACKED_BYTES = 100_000_000
TAGS = 3_000_000  # of all parts, ends of elements included
CELLS = 500_000
DEPTH = 100  # elements within elements
TAGS_OF_A_PART = 1_000_000  # of any other part than a sheet: it is kept whole
TAGS_OF_A_ROW = 20_000
COLUMNS = 1_000
ROWS = 200_000
CHUNK = 256 * 1024  # bytes
TEXT_CHUNKS = 4  # in a row without any tag

# What zipfile and its decompressors raise for what is no zip file.
BROKEN_ZIP = (
    *(zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError),
    *(zlib.error, lzma.LZMAError, struct.error, KeyError, ValueError),
)
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_SHEET = re.compile(rb"<(?:[\w.-]+:)?worksheet[\s/>]")


def check_workbook(path: Path) -> None:
    """Raise BadFile for a file that is no workbook, or no safe one."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(path, archive)
            tags = 0
            for member in archive.infolist():
                with archive.open(member) as part:
                    tags += _tags(path, part)
                if tags > TAGS:
                    raise BadFile(f"{path.name} holds too many cells.")
    except BadFile:
        raise
    except BROKEN_ZIP as error:
        raise BadFile(f"{path.name} is not an XLSX workbook.") from error


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > UNPACKED_BYTES:
        raise BadFile(f"{path.name} is too big: {unpacked:,} bytes when unpacked.")
    if not any(m.filename == "[Content_Types].xml" for m in archive.infolist()):
        raise BadFile(f"{path.name} is not an XLSX workbook.")


def _tags(path: Path, part: IO[bytes]) -> int:
    """The number of tags of one part; 0 for one that is no XML, such as a picture."""
    chunk = _plain(part.read(CHUNK))
    if not chunk.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return 0
    count, last = _Count(is_sheet=bool(_SHEET.search(chunk))), b""
    while chunk:
        if b"<!" in last + chunk:
            # A declaration of entities, or a comment that hides what is to be counted.
            raise BadFile(f"{path.name} declares entities, which no workbook does.")
        count.take(chunk)
        if count.is_too_wide:
            raise BadFile(f"{path.name} has a row of more than {COLUMNS:,} columns.")
        if count.is_too_much:
            raise BadFile(f"{path.name} holds too many cells, or too long ones.")
        last, chunk = chunk[-1:], _plain(part.read(CHUNK))
    return count.tags


@dataclass
class _Count:
    """What one part holds so far; a tag that two chunks share may go uncounted."""

    is_sheet: bool
    tags: int = 0
    rows: int = 0
    cells: int = 0
    depth: int = 0
    in_row: int = 0  # tags of the row that the last chunk ended in
    widest: int = 0  # tags of one row
    without: int = 0  # chunks in a row without any tag

    def take(self, chunk: bytes) -> None:
        first, *others = (piece.count(b"<") for piece in _ROW.split(chunk))
        self.widest = max(self.widest, self.in_row + first, *others)
        self.in_row = others[-1] if others else self.in_row + first
        self.rows += len(others)
        self.cells += len(_CELL.findall(chunk))
        tags, ends = chunk.count(b"<"), chunk.count(b"</")
        self.tags += tags
        self.depth += tags - 2 * ends - chunk.count(b"/>") - chunk.count(b"<?")
        self.without = 0 if tags else self.without + 1

    @property
    def is_too_wide(self) -> bool:
        return self.is_sheet and self.widest > TAGS_OF_A_ROW

    @property
    def is_too_much(self) -> bool:
        return (
            self.tags > (TAGS if self.is_sheet else TAGS_OF_A_PART)
            or self.rows > ROWS
            or self.cells > CELLS
            or self.depth > DEPTH
            or self.without > TEXT_CHUNKS
        )


def _plain(chunk: bytes) -> bytes:
    """The bytes of UTF-8 and of UTF-16 alike, as far as tags go."""
    return chunk.replace(b"\0", b"")
