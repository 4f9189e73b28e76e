"""Stored amounts made anew, where not a listing but what they follow from changed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from providers.actions.applying import BATCH, lock
from providers.actions.derived import Schedules, Treatment, store_amounts
from providers.models import Offering


def recompute_amounts(
    treatments: Collection[Treatment] | None = None,
    *,
    on_batch: Callable[[int, int], object] = lambda done, total: None,
) -> int:
    """Store session and course of all offerings, or of some treatments, anew.

    Returns how many differed. Each batch is a transaction, so that no editor waits for
    all of them, unless the caller holds one around them. `on_batch` hears how many are
    done, and of how many. On PostgreSQL, a price that is saved at the very moment
    at which a schedule is may still follow the old one, until it is saved again.
    """
    found = Offering.objects.filter(_of(treatments))
    keys = list(found.order_by("provider", "pk").values_list("provider", "pk"))
    schedules, count = Schedules(), 0
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        with transaction.atomic():
            lock(provider for provider, _ in batch)
            offerings = Offering.objects.filter(pk__in=[key for _, key in batch])
            count += store_amounts(offerings.prefetch_related("prices"), schedules)
        on_batch(start + len(batch), len(keys))
    return count


def _of(treatments: Collection[Treatment] | None) -> Q:
    if treatments is None:
        return Q()
    nothing = Q(pk__in=[])
    return reduce(or_, (Q(**treatment._asdict()) for treatment in treatments), nothing)
