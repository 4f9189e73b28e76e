"""Listings as documents, in the order of their addresses, few at a time."""

from __future__ import annotations

from collections.abc import Iterator

from providers.documents import Document, document, with_everything
from providers.models.provider import ProviderQuerySet

BATCH = 500  # listings in memory at once


def documents_of(providers: ProviderQuerySet) -> Iterator[Document]:
    """The documents, by slug; a fixed number of queries for each batch."""
    keys = list(providers.order_by("slug").values_list("pk", flat=True).distinct())
    for start in range(0, len(keys), BATCH):
        batch = providers.model.objects.filter(pk__in=keys[start : start + BATCH])
        for provider in with_everything(batch).order_by("slug"):
            yield document(provider)


def day_words(statement: Document) -> str:
    """The date of a statement as exactly as it is known: 2024, 2024-05, 2024-05-31."""
    length = {"year": 4, "month": 7}.get(statement["precision"], 10)
    return statement["checked_on"][:length]
