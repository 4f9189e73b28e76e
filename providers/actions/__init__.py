"""Every write to a listing. Each is one transaction and leaves a Change.

`apply` writes whole documents, one or ten thousand; `recording` wraps an editor's
forms; the rest are single verbs. Nothing else in the project writes these tables.
"""

from providers.actions.applying import BATCH, Edit, apply, apply_one
from providers.actions.provenance import (
    ensure_source,
    ensure_sources,
    finish_run,
    record_conflicts,
    start_run,
)
from providers.actions.recording import listing_of, recording, remove, save
from providers.actions.verbs import record_check, remove_samples, set_published

__all__ = [
    "BATCH",
    "Edit",
    "apply",
    "apply_one",
    "ensure_source",
    "ensure_sources",
    "finish_run",
    "listing_of",
    "record_check",
    "record_conflicts",
    "recording",
    "remove",
    "remove_samples",
    "save",
    "set_published",
    "start_run",
]
