"""From a file to the rows that are to be written: parsed, and the others set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from providers.imports import (
    findtreatment_csv,
    findtreatment_json,
    listings,
    prices,
    samhsa_directory,
)
from providers.imports.report import Report
from providers.imports.rows import BadFile, Parsed, Reject, Reported, Row
from providers.models import Region, RegionKind

KINDS: dict[str, ModuleType] = {
    "samhsa_directory": samhsa_directory,
    "findtreatment_csv": findtreatment_csv,
    "findtreatment_json": findtreatment_json,
    "listings": listings,
    "prices": prices,
}


@dataclass
class Staged:
    """The rows that are to be written, and what is known of the others."""

    rows: list[Row]
    report: Report = field(default_factory=Report)


def stage(
    kind: str,
    path: Path,
    *,
    reported: Reported | None = None,
    keep_all: bool = False,
    mapping: dict | None = None,
) -> Staged:
    """Read a whole file and set aside what will not be written. Raises BadFile."""
    parsed = _parsed(KINDS[kind], path, reported, mapping)
    if parsed.missing and not keep_all:
        raise BadFile(
            f"{path.name} lacks the column {', '.join(parsed.missing)}, which says who "
            "reports ketamine; --all keeps its rows as unpublished drafts."
        )
    report = Report(unknown_columns=parsed.unknown)
    rows = _known_regions(_accepted(parsed.rows, report), report)
    kept = _each_key_once(_wanted(rows, keep_all, report), report)
    for row in kept:
        for note in row.notes:
            report.notes[note].append(row.line)
    return Staged(kept, report)


def _parsed(
    importer: ModuleType, path: Path, reported: Reported | None, mapping: dict | None
) -> Parsed:
    if reported is None and not importer.HAS_DATES:
        raise BadFile(
            f"{path.name} does not hold its date: say the survey's year or date, "
            "as in --reported 2024."
        )
    if mapping is not None and getattr(importer, "TAKES_MAPPING", False):
        return importer.parse(path, reported, mapping)
    return importer.parse(path, reported)


def _accepted(rows: Iterable[Row | Reject], report: Report) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Reject):
            report.rejected.append(row)
        else:
            yield row


def _known_regions(rows: Iterable[Row], report: Report) -> Iterator[Row]:
    kinds = (RegionKind.SUBDIVISION, RegionKind.COUNTRY)
    known = set(Region.objects.filter(kind__in=kinds).values_list("code", flat=True))
    if not known:
        raise BadFile("There are no regions yet: run load_places first.")
    for row in rows:
        region = row.listing.get("region", "")
        if row.only_parts or region in known:
            yield row
        else:
            report.rejected.append(Reject(row.line, "region", f"no region {region!r}"))


def _wanted(rows: Iterable[Row], keep_all: bool, report: Report) -> Iterator[Row]:
    """Rows that report ketamine, and those about a listing that stands already."""
    for row in rows:
        if keep_all or row.reports_ketamine or row.slug or row.only_parts:
            yield row
        else:
            report.left_aside += 1


def _each_key_once(rows: Iterable[Row], report: Report) -> list[Row]:
    """Of rows that share a key, the first that reports ketamine, else the first.

    A row without a source id repeats any row of its name, street and postcode. Rows
    that name their listing, or only parts of one, are matched later.
    """
    kept: dict[tuple, Row] = {}
    named: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
        if row.slug or row.only_parts:
            kept[("", row.line)] = row
            continue
        name = (row.source, row.match_key)
        key = (row.source, row.source_id) if row.source_id else named.get(name, name)
        named.setdefault(name, key)
        other = kept.setdefault(key, row)
        if other is row:
            continue
        if row.reports_ketamine and not other.reports_ketamine:
            kept[key], row, other = row, other, row
        report.repeated.append((row.line, other.line))
    return list(kept.values())
