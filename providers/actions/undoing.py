"""Taking back: one change of a listing, or all that a run did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from providers.actions.applying import BATCH, Edit, apply, lock
from providers.actions.derived import change_of
from providers.actions.provenance import finish_run, start_run, wait_for_imports
from providers.actions.recording import locked_document
from providers.documents import Document, differences, document, with_everything
from providers.models import (
    Change,
    Check,
    Conflict,
    FormerSlug,
    ImportRun,
    ProblemReport,
    Provider,
    Source,
)
from providers.models.provider import LISTED_STATUSES
from providers.revisions import undone

FIELDS_NAMED = 8  # of one listing in an undoing's report; the rest are counted


@transaction.atomic
def revert(change: Change, *, by: AbstractBaseUser) -> list[str]:
    """Take one change of a listing back. Returns the paths that stay as they are.

    Those were edited since. A deleted listing comes back, unpublished.
    """
    provider = change.provider
    if provider is None and change.after is not None:
        return ["the listing"]
    now = locked_document(provider.pk) if provider else None
    listing, kept = undone(now, change.before, change.after)
    if listing is None:
        _delete([(provider, now)], by=by, run=None)
    elif now is None:
        [again] = apply([Edit(None, listing | {"published": False})], by=by)
        # Its story is that of the listing it was.
        Change.objects.filter(slug=change.slug, provider=None).update(provider=again)
    else:
        apply([Edit(provider, listing)], by=by)
    return kept


@transaction.atomic
def undo_run(run: ImportRun, *, by: AbstractBaseUser | None = None) -> ImportRun:
    """Take back what a run did to each listing; what was edited since stays.

    Returns the run that the undoing is: `changed` counts the listings restored,
    `rejected` those of which something stays, and its report names both. Raises
    ValueError, in words for people, for a run that was undone before, or is itself an
    undoing, and where what it brings back cannot stand any more.
    """
    wait_for_imports()
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    _check_undoable(run)
    undo = start_run(
        importer=ImportRun.UNDO,
        source=run.source,
        file_name=run.file_name,
        file_sha256=run.file_sha256,
        by=by,
        undoes=run,
    )
    Check.objects.filter(run=run).delete()
    Conflict.objects.open().filter(run=run).delete()
    found = _Undoing(undo)
    changes = run.changes.order_by("provider")
    lock(changes.values_list("provider", flat=True))
    keys = list(changes.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = Change.objects.filter(pk__in=keys[start : start + BATCH])
        found.take_back(batch.order_by("pk").select_related("provider"))
    finish_run(
        undo,
        changed=len(found.restored),
        rejected=len(found.stays),
        report="\n".join([*found.restored, *found.stays]),
    )
    return undo


def _check_undoable(run: ImportRun) -> None:
    if run.undoes_id:
        raise ValueError(f"Run {run.pk} is itself an undoing.")
    undo = ImportRun.objects.filter(undoes=run).first()
    if undo is not None:
        raise ValueError(f"Run {run.pk} was undone already, by run {undo.pk}.")


@dataclass
class _Undoing:
    """An undoing under way: a line for each listing restored, and for what stays."""

    undo: ImportRun
    restored: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)

    def take_back(self, changes: Sequence[Change]) -> None:
        """Take some changes back, of one listing each."""
        keys = {change.provider_id for change in changes} - {None}
        found = with_everything(Provider.objects.filter(pk__in=keys))
        standing = {provider.pk: document(provider) for provider in found}
        merged = FormerSlug.objects.filter(provider__in=keys)
        gone = set(merged.values_list("provider", "slug"))
        wanted_by_others = _with_more_than_documents(keys, self.undo.undoes)
        edits, going = [], []
        for change in changes:
            now = standing.get(change.provider_id)
            if now is None or (change.provider_id, change.slug) in gone:
                self.stays.append(f"{change.slug}: deleted or merged since")
                continue
            listing, kept = undone(now, change.before, change.after)
            if listing is None and change.provider_id in wanted_by_others:
                listing, kept = now, ["the listing"]
            self._tell(now, listing, kept, change.before)
            if listing is None:
                going.append((change.provider, now))
            elif listing != now:
                edits.append(Edit(change.provider, listing))
        self._write(edits, going)

    def _tell(
        self,
        now: Document,
        listing: Document | None,
        kept: list[str],
        before: Document | None,
    ) -> None:
        slug = now["slug"]
        if listing is None:
            self.restored.append(f"{slug}: deleted, as it was before the run")
        elif listing != now:
            paths = differences(now, listing)
            self.restored.append(f"{slug}: restored: {_named(list(paths))}")
        reasons = [f"edited since: {_named(kept)}"] if kept else []
        if _stays_closed(now, before):
            reasons.append("closed since, so it is not published")
        if reasons:
            self.stays.append(f"{slug}: {'; '.join(reasons)}")

    def _write(self, edits: list[Edit], going: list[tuple[Provider, Document]]) -> None:
        _delete(going, by=None, run=self.undo)
        known = Source.objects.values_list("code", flat=True)
        if gone := _sources_of(edits).difference(known):
            raise ValueError(f"A source is gone: {', '.join(sorted(gone))}.")
        apply(edits, run=self.undo)


def _named(paths: list[str]) -> str:
    more = len(paths) - FIELDS_NAMED
    named = ", ".join(paths[:FIELDS_NAMED])
    return f"{named} and {more} more" if more > 0 else named


def _with_more_than_documents(keys: set[int], run: ImportRun) -> set[int]:
    """Of listings, those about which people left what no document holds.

    Calls, reports of problems, addresses that lead to them: these would go along.
    """
    left = (
        Check.objects.filter(provider__in=keys).exclude(run=run),
        ProblemReport.objects.filter(provider__in=keys),
        FormerSlug.objects.filter(provider__in=keys),
    )
    return {key for rows in left for key in rows.values_list("provider", flat=True)}


def _sources_of(edits: list[Edit]) -> set[str]:
    """The codes of all sources that the documents name."""
    found: set[str] = set()
    for edit in edits:
        listing = edit.wanted
        found.update(listing["sources"])
        statements = [listing["contact"] or {}, *listing["offerings"].values()]
        for offering in listing["offerings"].values():
            statements += offering["prices"].values()
        for codes in listing["facts"].values():
            statements += codes.values()
        found.update(s["source"] for s in statements if s)
    return found


def _stays_closed(now: Document, before: Document | None) -> bool:
    """Whether a person closed a listing that was public before the run."""
    is_closed = now["status"] not in LISTED_STATUSES and not now["published"]
    return bool(before) and before["published"] and is_closed


def _delete(
    going: Sequence[tuple[Provider, Document]],
    *,
    by: AbstractBaseUser | None,
    run: ImportRun | None,
) -> None:
    """Delete listings. Their story stays."""
    Change.objects.bulk_create(
        change_of(None, now, None, by=by, run=run) for _provider, now in going
    )
    Provider.objects.filter(pk__in=[provider.pk for provider, _ in going]).delete()
