"""From a file to listings: stage, match, plan, and write in one transaction.

`preview` does the same and writes nothing, so that an editor sees it first.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from tqdm import tqdm

from providers import actions
from providers.imports.asked import checks_of
from providers.imports.matching import Matches, match
from providers.imports.merge import Conflict
from providers.imports.planning import Plan, plans
from providers.imports.report import Report
from providers.imports.rows import Reported, Row
from providers.imports.staging import KINDS, stage
from providers.imports.standing import Standing, all_within
from providers.models import Conflict as StoredConflict
from providers.models import ImportRun, Provider

__all__ = ["KINDS", "Outdated", "load", "preview", "stage"]


class Outdated(ValueError):
    """The directory changed since the preview: its outcome would be another one."""


def load(
    kind: str,
    path: Path,
    *,
    reported: Reported | None = None,
    keep_all: bool = False,
    dry_run: bool = False,
    strict: bool = False,
    mapping: dict | None = None,
    by: AbstractBaseUser | None = None,
    within: frozenset[str] | None = None,
    expected: str | None = None,
) -> Report:
    """Bring the listings of a file into the directory. All of it, or nothing.

    reported: when the file's statements were made, where it does not say so itself.
    keep_all: keep facilities that report no ketamine too, as unpublished drafts.
    dry_run: do everything, and keep nothing.
    strict: keep nothing if any row is rejected.
    mapping: how its columns are read, for layouts that anybody may have made.
    by: who starts it in the admin.
    within: the regions (codes) outside of which it may change nothing.
    expected: the fingerprint of the preview that was confirmed.
    Raises BadFile, before anything is written, for a file that cannot be read, and
    Outdated, with nothing kept, where the preview no longer holds.
    """
    staged = stage(kind, path, reported=reported, keep_all=keep_all, mapping=mapping)

    def kept_or_not() -> Report:
        report = copy.deepcopy(staged.report)
        with transaction.atomic():
            run = _write_all(kind, path, staged.rows, report, by, within)
            if expected is not None and report.fingerprint != expected:
                raise Outdated("The directory has changed since this preview was made.")
            if report.new or report.published:
                report.samples_removed = actions.remove_samples()
            report.run = run.pk
            report_text = "\n".join(report.lines())
            actions.finish_run(run, report=report_text, **report.counts)
            if dry_run or (strict and report.rejected):
                report.is_kept = False
                transaction.set_rollback(True)
        return report

    try:
        return kept_or_not()
    except IntegrityError:
        # An editor added a listing meanwhile, at an address that was still free.
        return kept_or_not()


def preview(
    kind: str,
    path: Path,
    *,
    reported: Reported | None = None,
    keep_all: bool = False,
    mapping: dict | None = None,
    within: frozenset[str] | None = None,
) -> Report:
    """What `load` would report of the file now, without writing or locking anything.

    Raises BadFile.
    """
    staged = stage(kind, path, reported=reported, keep_all=keep_all, mapping=mapping)
    rows, report = staged.rows, staged.report
    standing = Standing()
    matches = match(rows, standing, all_within(within))
    for _batch in plans(matches, standing, report):
        pass
    if report.new or report.published:
        report.samples_removed = Provider.objects.samples().count()
    report.is_kept = False
    return report


# --- Writing --------------------------------------------------------------------------


def _write_all(
    kind: str,
    path: Path,
    rows: list[Row],
    report: Report,
    by: AbstractBaseUser | None,
    within: frozenset[str] | None,
) -> ImportRun:
    actions.wait_for_imports()
    run = _start_run(kind, path, rows, by)
    for batch in _locked_plans(rows, within, report):
        _write(batch, run)
    return run


def _start_run(
    kind: str, path: Path, rows: list[Row], by: AbstractBaseUser | None
) -> ImportRun:
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
        by=by,
    )


def _source_words(code: str, rows: list[Row]) -> dict[str, str]:
    """What all rows of a source say about it alike."""
    words = {}
    for name, column in (("url", "source_url"), ("licence", "licence")):
        said = {getattr(row, column) for row in rows if row.source == code}
        words[name] = said.pop() if len(said) == 1 else ""
    return words


def _locked_plans(
    rows: list[Row], within: frozenset[str] | None, report: Report
) -> Iterator[list[Plan]]:
    """The plans of listings that nobody else can write until the transaction ends."""
    standing, matches = _locked_matches(rows, all_within(within))
    with _bar(len(rows)) as bar:
        for batch in plans(matches, standing, report):
            yield batch
            bar.update(sum(len(plan.found.rows) for plan in batch))


def _locked_matches(
    rows: list[Row], within: frozenset[str] | None
) -> tuple[Standing, Matches]:
    """Match anew until every listing still stands once it is locked."""
    while True:
        standing = Standing()
        matches = match(rows, standing, within)
        keys = {m.provider for m in matches.found if m.provider is not None}
        actions.lock(keys)
        if Provider.objects.filter(pk__in=keys).count() == len(keys):
            return standing, matches


@contextmanager
def _bar(total: int) -> Iterator[tqdm]:
    with tqdm(total=total, disable=None, unit=" rows", leave=False) as bar:
        yield bar


def _write(batch: list[Plan], run: ImportRun) -> None:
    changed = [plan for plan in batch if plan.changes]
    edits = [actions.Edit(_provider(plan), plan.after) for plan in changed]
    written = dict(zip(map(id, changed), actions.apply(edits, run=run), strict=True))
    conflicts = [
        (written.get(id(plan)) or _provider(plan), conflict)
        for plan in batch
        for conflict in plan.conflicts
    ]
    _record(conflicts, run)
    asked = [(written[id(plan)], plan) for plan in changed if not plan.stays_closed]
    actions.record_checks(checks_of(asked, run))


def _provider(plan: Plan) -> Provider | None:
    key = plan.found.provider
    return None if key is None else Provider(pk=key)


def _record(found: list[tuple[Provider, Conflict]], run: ImportRun) -> None:
    """Keep the conflicts that no earlier run left already."""
    if not found:
        return
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
