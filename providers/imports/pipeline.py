"""From a file to listings: parse, stage, match, merge, and write in one transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import ModuleType

from django.db import transaction
from tqdm import tqdm

from providers import actions, documents
from providers.documents import Document, document, with_everything
from providers.imports import (
    findtreatment_csv,
    findtreatment_json,
    listings,
    samhsa_directory,
)
from providers.imports.matching import Match, match
from providers.imports.merge import Conflict, Merged, merge
from providers.imports.report import Changed, Report
from providers.imports.rows import BadFile, Reject, Reported, Row
from providers.models import Change, ImportRun, Provider, Region, RegionKind
from providers.models import Conflict as StoredConflict
from providers.places.addresses import Address, address_points

KINDS: dict[str, ModuleType] = {
    "samhsa_directory": samhsa_directory,
    "findtreatment_csv": findtreatment_csv,
    "findtreatment_json": findtreatment_json,
    "listings": listings,
}
BATCH = 500  # listings whose documents are in memory at once


def load(
    kind: str,
    path: Path,
    *,
    reported: Reported | None = None,
    keep_all: bool = False,
    dry_run: bool = False,
    strict: bool = False,
) -> Report:
    """Bring the listings of a file into the directory. All of it, or nothing.

    reported: when the file's statements were made, where it does not say so itself.
    keep_all: keep facilities that report no ketamine too, as unpublished drafts.
    dry_run: do everything, and keep nothing.
    strict: keep nothing if any row is rejected.
    Raises BadFile, before anything is written, for a file that cannot be read.
    """
    staged = stage(kind, path, reported=reported, keep_all=keep_all)
    report = staged.report
    with transaction.atomic():
        run = _start_run(kind, path, staged.rows)
        _write(staged.rows, run, report)
        if report.new or report.published:
            report.samples_removed = actions.remove_samples()
        actions.finish_run(run, **report.counts)
        report.run = run.pk
        if dry_run or (strict and report.rejected):
            report.is_kept = False
            transaction.set_rollback(True)
    return report


# --- Staging --------------------------------------------------------------------------


@dataclass
class Staged:
    """The rows that are to be written, and what is known of the others."""

    rows: list[Row]
    report: Report = field(default_factory=Report)


def stage(
    kind: str, path: Path, *, reported: Reported | None = None, keep_all: bool = False
) -> Staged:
    """Read a whole file and set aside what will not be written. Raises BadFile."""
    importer = KINDS[kind]
    if reported is None and not importer.HAS_DATES:
        raise BadFile(
            f"{path.name} does not hold its date: say the survey's year or date, "
            "as in --reported 2024."
        )
    parsed = importer.parse(path, reported)
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
        region = row.listing["region"]
        if region in known:
            yield row
        else:
            report.rejected.append(Reject(row.line, "region", f"no region {region!r}"))


def _wanted(rows: Iterable[Row], keep_all: bool, report: Report) -> Iterator[Row]:
    for row in rows:
        if keep_all or row.reports_ketamine:
            yield row
        else:
            report.left_aside += 1


def _each_key_once(rows: Iterable[Row], report: Report) -> list[Row]:
    """Of rows that share a key, the first that reports ketamine, else the first.

    A row without a source id repeats any row of its name, street and postcode.
    """
    kept: dict[tuple[str, str], Row] = {}
    named: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
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


# --- Writing --------------------------------------------------------------------------


def _start_run(kind: str, path: Path, rows: list[Row]) -> ImportRun:
    sources = {}
    for code in sorted({row.source for row in rows}):
        sources[code] = actions.ensure_source(code, **_source_words(code, rows))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return actions.start_run(
        importer=kind,
        source=next(iter(sources.values())) if len(sources) == 1 else None,
        file_name=path.name,
        file_sha256=digest.hexdigest(),
    )


def _source_words(code: str, rows: list[Row]) -> dict[str, str]:
    """What all rows of a source say about it alike."""
    words = {}
    for name, column in (("url", "source_url"), ("licence", "licence")):
        said = {getattr(row, column) for row in rows if row.source == code}
        words[name] = said.pop() if len(said) == 1 else ""
    return words


def _write(rows: list[Row], run: ImportRun, report: Report) -> None:
    taken = set(Provider.objects.values_list("slug", flat=True))
    matches = iter(match(rows, report.repeated))
    with tqdm(total=len(rows), disable=None, unit=" rows", leave=False) as bar:
        while batch := list(islice(matches, BATCH)):
            _write_batch(batch, taken, run, report)
            bar.update(len(batch))


def _write_batch(
    batch: list[Match], taken: set[str], run: ImportRun, report: Report
) -> None:
    standing = _documents(found.provider for found in batch)
    edits, conflicts = [], []
    for found, merged in zip(batch, _merged(batch, standing), strict=True):
        before, after = standing.get(found.provider), merged.listing
        provider = None if before is None else Provider(pk=found.provider)
        if before is None:
            after["slug"] = documents.free_slug(after["name"], after["city"], taken)
        _count(report, found.row, before, merged)
        if after != before:
            edits.append(actions.Edit(provider, after))
        conflicts += [(provider, conflict) for conflict in merged.conflicts]
    actions.apply(edits, run=run)
    _record(conflicts, run)


def _merged(batch: list[Match], standing: dict[int, Document]) -> list[Merged]:
    """The listing of each match; what people did is read only where it matters."""
    merged = [_merge(m, standing.get(m.provider), frozenset()) for m in batch]
    _find_points(merged)
    differs = {
        found.provider
        for found, one in zip(batch, merged, strict=True)
        if found.provider and one.listing != standing[found.provider]
    }
    touched = _touched(differs)
    again = {
        n: _merge(found, standing[found.provider], touched[found.provider])
        for n, found in enumerate(batch)
        if found.provider in touched
    }
    _find_points(
        [m for n, m in again.items() if "point" not in touched[batch[n].provider]]
    )
    return [again.get(n, one) for n, one in enumerate(merged)]


def _merge(found: Match, before: Document | None, hands: frozenset[str]) -> Merged:
    merged = merge(before, found.row, hands)
    listing, source = merged.listing, found.row.source
    keys = {*listing["sources"].get(source, ()), *found.keys}
    listing["sources"] = listing["sources"] | {source: sorted(keys)}
    return merged


def _find_points(merged: list[Merged]) -> None:
    """Give listings without a point that of their postcode or town, where known."""
    lacking = [one.listing for one in merged if one.listing["point"] is None]
    parts = ("street", "city", "region", "postcode")
    addresses = [
        Address(*(listing[part] for part in parts), listing["region"][:2])
        for listing in lacking
    ]
    for listing, found in zip(lacking, address_points(addresses), strict=True):
        if found is not None:
            listing["point"] = {
                "latitude": found.point.latitude,
                "longitude": found.point.longitude,
                "precision": found.precision,
            }


def _documents(keys: Iterable[int | None]) -> dict[int, Document]:
    known = [key for key in keys if key is not None]
    found = with_everything(Provider.objects.filter(pk__in=known))
    return {provider.pk: document(provider) for provider in found}


def _count(report: Report, row: Row, before: Document | None, merged: Merged) -> None:
    after = merged.listing
    report.published += after["published"] and not (before or {}).get("published")
    report.conflicts += [(after["slug"], conflict) for conflict in merged.conflicts]
    if before is None:
        report.new += 1
    elif before == after:
        report.unchanged += 1
    else:
        paths = list(documents.differences(before, after))
        report.changed.append(Changed(row.line, after["slug"], paths))


# --- What people did ------------------------------------------------------------------


def _touched(keys: Iterable[int]) -> dict[int, frozenset[str]]:
    """The paths of each listing that a person wrote last."""
    edited = Change.objects.filter(provider__in=keys, by__isnull=False)
    touched: dict[int, set[str]] = defaultdict(set)
    changes = Change.objects.filter(provider__in=edited.values("provider"))
    for change in changes.order_by("pk").iterator(chunk_size=BATCH):
        differences = documents.differences(change.before, change.after)
        paths = {p for p, sides in differences.items() if any(map(_says, sides))}
        if change.by_id is None:
            touched[change.provider_id] -= paths
        else:
            touched[change.provider_id] |= paths
    return {key: frozenset(paths) for key, paths in touched.items()}


def _says(value: object) -> bool:
    """Whether a value says anything: False and 0 do."""
    return value not in (None, "", [], {})


def _record(found: list[tuple[Provider, Conflict]], run: ImportRun) -> None:
    """Keep the conflicts that no earlier run left already."""
    known = {
        (stored.provider_id, stored.path): (stored.kept, stored.offered)
        for stored in StoredConflict.objects.filter(
            provider__in=[provider.pk for provider, _ in found]
        ).order_by("pk")
    }
    actions.record_conflicts(
        StoredConflict(
            provider=provider,
            run=run,
            path=path,
            kept=kept,
            offered=offered,
            kept_basis=kept_basis,
            offered_basis=offered_basis,
        )
        for provider, (path, kept, offered, kept_basis, offered_basis) in found
        if known.get((provider.pk, path)) != (kept, offered)
    )
