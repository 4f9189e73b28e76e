"""Editors' forms: what a block of code does to a listing, recorded as one Change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model

from providers.actions.applying import lock
from providers.actions.derived import (
    Schedules,
    change_of,
    is_recorded,
    recorded,
    store_amounts,
)
from providers.documents import Document, document, with_everything
from providers.models import Offering, PriceLine, Provider
from providers.models.searching import one_change


@contextmanager
def recording(provider: Provider, *, by: AbstractBaseUser) -> Iterator[None]:
    """Record what the block does to a listing (saved or not yet) as one Change.

    One transaction: if the block raises, nothing of it is kept. Inside another
    recording of the same listing it only joins it.
    """
    if is_recorded(provider):
        yield
        return
    with transaction.atomic(), one_change():
        before = locked_document(provider.pk)
        token = recorded.set((*recorded.get(), provider))
        try:
            yield
        finally:
            recorded.reset(token)
        _store_amounts(provider)
        after = document_of(provider.pk)
        if before != after:
            kept = provider if after else None
            change_of(kept, before, after, by=by, run=None).save()


def locked_document(key: int | None) -> Document | None:
    """The listing as it stands and will stand until this transaction ends."""
    lock([key])
    return document_of(key)


def document_of(key: int | None) -> Document | None:
    if key is None:
        return None
    provider = with_everything(Provider.objects.filter(pk=key)).first()
    return document(provider) if provider else None


def _store_amounts(provider: Provider) -> None:
    """Offerings too, not prices alone: the course follows from the treatment."""
    if provider.pk is not None:
        offerings = Offering.objects.filter(provider=provider.pk)
        store_amounts(offerings.prefetch_related("prices"), Schedules())


def save(row: Model, *, by: AbstractBaseUser) -> None:
    """Save one row of a listing (itself, an offering, a price, a fact …)."""
    provider = listing_of(row)
    with recording(provider, by=by):
        row.save()


def remove(row: Model, *, by: AbstractBaseUser) -> None:
    """Delete one row of a listing, or the whole listing; its story stays."""
    with recording(listing_of(row), by=by):
        row.delete()


def listing_of(row: Model) -> Provider:
    """The provider to whose document the row belongs."""
    match row:
        case Provider():
            return row
        case PriceLine():
            return row.offering.provider
    return row.provider
