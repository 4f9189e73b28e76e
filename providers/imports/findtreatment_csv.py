"""The facility export of FindTreatment.gov: one column a service code, 1 or blank."""

from __future__ import annotations

from pathlib import Path

from providers.imports import survey
from providers.imports.cells import Cells, rows
from providers.imports.rows import Parsed, Refused, Reported, Row
from providers.imports.tables import read_table

HAS_DATES = False
REQUIRED = ("name1", "street1", "city", "state", "zip")
UNUSED = {"zip4", "county", "intake_prompt", "intake1", "intake2", "type_facility"}
READ = {*REQUIRED, "name2", "street2", "phone", "website", "latitude", "longitude"}
KNOWN = {*READ, *UNUSED}


def parse(path: Path, when: Reported) -> Parsed:
    """Read the export's facilities as of a survey. Raises BadFile."""
    table = read_table(path, required=REQUIRED)
    columns = {code.lower(): code for code in survey.CODES}
    asked = [name for name in table.headings if name in columns]

    def read(cells: Cells) -> Row:
        codes = {columns[name] for name in asked if _is_set(cells, name)}
        return survey.facility(cells, codes, when)

    return Parsed(
        rows(table, read),
        tuple(n for n in table.headings if n not in KNOWN and n not in columns),
        tuple(c.lower() for c in survey.REPORTS_KETAMINE if c.lower() not in asked),
    )


def _is_set(cells: Cells, name: str) -> bool:
    if cells[name] not in ("", "0", "1"):
        raise Refused(name, f"{cells[name][:20]!r} is neither 1 nor blank")
    return cells[name] == "1"
