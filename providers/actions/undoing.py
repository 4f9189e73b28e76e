"""Taking back: one change of a listing, or all that a run did."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from providers.actions.applying import BATCH, Edit, apply, lock
from providers.actions.derived import change_of
from providers.actions.provenance import finish_run, start_run
from providers.actions.recording import locked_document
from providers.documents import Document, document, with_everything
from providers.models import Change, Check, Conflict, ImportRun, Provider
from providers.revisions import undone


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
        apply([Edit(None, listing | {"published": False})], by=by)
    else:
        apply([Edit(provider, listing)], by=by)
    return kept


@transaction.atomic
def undo_run(run: ImportRun, *, by: AbstractBaseUser | None = None) -> ImportRun:
    """Take back what a run did to each listing; what was edited since stays.

    Returns the run that the undoing is: `changed` counts the listings restored,
    `rejected` those of which something stays, and its report names them. Raises
    ValueError for a run that was undone before, or is itself an undoing.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not ImportRun.objects.undoable().filter(pk=run.pk).exists():
        raise ValueError("This run was undone already, or is itself an undoing.")
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
    restored, stays = 0, []
    changes = run.changes.order_by("-pk").select_related("provider")
    for start in range(0, changes.count(), BATCH):
        done, left = _undo_batch(changes[start : start + BATCH], undo)
        restored += done
        stays += left
    finish_run(undo, changed=restored, rejected=len(stays), report="\n".join(stays))
    return undo


def _undo_batch(changes: Sequence[Change], undo: ImportRun) -> tuple[int, list[str]]:
    keys = [change.provider_id for change in changes if change.provider_id]
    lock(keys)
    found = with_everything(Provider.objects.filter(pk__in=keys))
    standing = {provider.pk: document(provider) for provider in found}
    edits, going, stays = [], [], []
    for change in changes:
        now = standing.get(change.provider_id)
        if now is None or change.slug != now["slug"]:
            stays.append(f"{change.slug}: deleted or merged since")
            continue
        listing, kept = undone(now, change.before, change.after)
        if kept:
            stays.append(f"{change.slug}: edited since: {', '.join(kept)}")
        if _stays_closed(now, change.before):
            stays.append(f"{change.slug}: closed since, so it is not published")
        if listing is None:
            going.append((change.provider, now))
        elif listing != now:
            edits.append(Edit(change.provider, listing))
    _delete(going, by=None, run=undo)
    apply(edits, run=undo)
    return len(edits) + len(going), stays


def _stays_closed(now: Document, before: Document | None) -> bool:
    """Whether a person closed a listing that was public before the run."""
    closed = now["status"] in ("closed", "moved", "do_not_list")
    return bool(before) and before["published"] and closed and not now["published"]


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
