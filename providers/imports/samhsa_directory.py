"""SAMHSA's National Directory as published: every service code in one cell."""

from __future__ import annotations

from pathlib import Path

from providers.imports import survey
from providers.imports.cells import Cells, rows
from providers.imports.rows import Parsed, Reported, Row
from providers.imports.tables import read_table

HAS_DATES = False
REQUIRED = ("name1", "street1", "city", "state", "zip", "service_code_info")
UNUSED = {"intake1", "intake2", "intake1a", "intake2a"}
KNOWN = {*REQUIRED, *UNUSED, "name2", "street2", "phone"}


def parse(path: Path, when: Reported) -> Parsed:
    """Read the directory's facilities as of a survey. Raises BadFile."""
    table = read_table(path, required=REQUIRED)

    def read(cells: Cells) -> Row:
        codes = set(cells["service_code_info"].upper().replace("*", " ").split())
        for code in sorted(codes - survey.CODES):
            cells.note(f"service code {code[:20]!r} is not known; left alone")
        return survey.facility(cells, codes, when)

    unknown = tuple(name for name in table.headings if name not in KNOWN)
    return Parsed(rows(table, read), unknown)
