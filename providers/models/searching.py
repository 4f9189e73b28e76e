"""What has changed for the search, so that every process takes it in at once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class SearchChange(models.Model):
    """One write of one transaction: whose listing's search columns it touched.

    Append-only, so that no two writers wait for each other. A row that names no
    listing tells that something else shown has changed (a source's name, a crisis
    line, a region).
    """

    providers = models.JSONField(default=list, help_text="Listings' primary keys.")
    everything = models.BooleanField(
        default=False, help_text="Every copy is read anew (manage.py reindex)."
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.providers}"
