"""Every write to a listing. Each is one transaction and leaves a Change.

`apply` writes whole documents, one or ten thousand; `recording` wraps an editor's
forms; the rest are single verbs. Nothing else in the project writes these tables.
"""

from providers.actions.amounts import recompute_amounts
from providers.actions.applying import BATCH, Edit, apply, apply_one, lock
from providers.actions.derived import Treatment
from providers.actions.desk import (
    assign,
    drop_upload,
    keep_upload,
    read_upload_as,
    remember_mapping,
    report_problem,
    resolve_conflict,
    resolve_reports,
)
from providers.actions.merging import keep_apart, merge_listings
from providers.actions.provenance import (
    ensure_source,
    ensure_sources,
    finish_run,
    record_checks,
    record_conflicts,
    start_run,
    wait_for_imports,
)
from providers.actions.recording import listing_of, recording, remove, save
from providers.actions.undoing import revert, undo_run
from providers.actions.verbs import (
    confirm_prices,
    record_check,
    remove_samples,
    set_published,
)

__all__ = [
    "BATCH",
    "Edit",
    "Treatment",
    "apply",
    "apply_one",
    "assign",
    "confirm_prices",
    "drop_upload",
    "ensure_source",
    "ensure_sources",
    "finish_run",
    "keep_apart",
    "keep_upload",
    "listing_of",
    "lock",
    "merge_listings",
    "read_upload_as",
    "recompute_amounts",
    "record_check",
    "record_checks",
    "record_conflicts",
    "recording",
    "remember_mapping",
    "remove",
    "remove_samples",
    "report_problem",
    "resolve_conflict",
    "resolve_reports",
    "revert",
    "save",
    "set_published",
    "start_run",
    "undo_run",
    "wait_for_imports",
]
