"""What follows from a write: the stored session amount and the Change."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar

from django.contrib.auth.models import AbstractBaseUser

from providers import costs
from providers.documents import Document
from providers.models import Change, ImportRun, PriceLine, Provider

# Listings whose edit is being recorded as one Change already.
recorded: ContextVar[tuple[Provider, ...]] = ContextVar("recorded", default=())


def is_recorded(provider: Provider) -> bool:
    return any(
        provider is other or (other.pk is not None and provider.pk == other.pk)
        for other in recorded.get()
    )


def change_of(
    provider: Provider | None,
    before: Document | None,
    after: Document | None,
    *,
    by: AbstractBaseUser | None,
    run: ImportRun | None,
) -> Change:
    """The (unsaved) record of what an edit made of a listing."""
    slug = (after or before)["slug"]
    return Change(
        provider=provider, slug=slug, before=before, after=after, by=by, run=run
    )


def session_columns(prices: Iterable[PriceLine]) -> dict:
    """The stored amount that search filters and orders by (see costs.session)."""
    amount = costs.session(prices)
    if amount is None or (amount.low_cents is None and amount.high_cents is None):
        return {
            "session_min_cents": None,
            "session_max_cents": None,
            "session_currency": "",
            "session_complete": False,
            "session_known_until": None,
        }
    return {
        "session_min_cents": amount.low_cents,
        "session_max_cents": amount.high_cents,
        "session_currency": amount.currency,
        "session_complete": amount.complete,
        "session_known_until": amount.known_until,
    }
