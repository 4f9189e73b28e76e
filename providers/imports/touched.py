"""What people wrote last, which an import may not simply overwrite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from providers import documents
from providers.models import Change, FormerSlug

Touched = dict[str, date]  # path (see documents.differences) → the day it was written


def touched_by_people(keys: Iterable[int]) -> dict[int, Touched]:
    """The paths of each listing that a person wrote last, and when (site time)."""
    keys = list(keys)
    edited = Change.objects.filter(provider__in=keys, by__isnull=False)
    changes = Change.objects.filter(provider__in=edited.values("provider"))
    former = set(
        FormerSlug.objects.filter(provider__in=keys).values_list("provider", "slug")
    )
    found: dict[int, _Hands] = defaultdict(_Hands)
    for change in changes.order_by("pk").select_related("run").iterator(chunk_size=500):
        # What happened to a listing that was merged into this one says nothing of it.
        if (change.provider_id, change.slug) not in former and change.after is not None:
            found[change.provider_id].follow(change)
    return {key: hands.touched for key, hands in found.items()}


class _Hands:
    """One listing's story, read as: who wrote each path last?"""

    def __init__(self) -> None:
        self.touched: Touched = {}
        self.before_run: dict[int, Touched] = {}

    def follow(self, change: Change) -> None:
        differences = documents.differences(change.before, change.after)
        paths = {p for p, sides in differences.items() if any(map(_says, sides))}
        if change.by_id is not None:
            on = timezone.localdate(change.made_at)
            self.touched |= dict.fromkeys(paths, on)
            return
        # What an undoing brings back is a person's again if it was before the run.
        undone = self.before_run.get(change.run.undoes_id, {}) if change.run else {}
        if change.run:
            self.before_run[change.run_id] = dict(self.touched)
        for path in paths:
            self.touched.pop(path, None)
            if path in undone:
                self.touched[path] = undone[path]


def _says(value: object) -> bool:
    """Whether a value says anything: False and 0 do."""
    return value not in (None, "", [], {})
