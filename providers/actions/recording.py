"""Editors' forms: what a block of code does to a listing, recorded as one Change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model

from providers.actions.derived import change_of, session_columns
from providers.documents import Document, document, with_everything
from providers.models import Offering, PriceLine, Provider

_recorded: ContextVar[tuple[Provider, ...]] = ContextVar("_recorded", default=())


@contextmanager
def recording(provider: Provider, *, by: AbstractBaseUser) -> Iterator[None]:
    """Record what the block does to a listing (saved or not yet) as one Change.

    One transaction: if the block raises, nothing of it is kept. Inside another
    recording of the same listing it only joins it.
    """
    if any(_same(provider, other) for other in _recorded.get()):
        yield
        return
    with transaction.atomic():
        before = _document_of(provider.pk)
        token = _recorded.set((*_recorded.get(), provider))
        try:
            yield
        finally:
            _recorded.reset(token)
        _store_sessions(provider)
        after = _document_of(provider.pk)
        if before != after:
            kept = provider if after else None
            change_of(kept, before, after, by=by, run=None).save()


def _same(one: Provider, other: Provider) -> bool:
    return one is other or (one.pk is not None and one.pk == other.pk)


def _document_of(key: int | None) -> Document | None:
    if key is None:
        return None
    provider = with_everything(Provider.objects.filter(pk=key)).first()
    return document(provider) if provider else None


def _store_sessions(provider: Provider) -> None:
    if provider.pk is None:
        return
    for offering in Offering.objects.filter(provider=provider.pk):
        session = session_columns(offering.prices.all())
        Offering.objects.filter(pk=offering.pk).update(**session)


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
