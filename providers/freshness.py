"""How much of the directory was confirmed lately, counted in SQL.

A group of a listing (contact, services, prices, access, licences) is *confirmed* when
its newest row by a confirming method (the clinic's own form, a phone call, an official
register; never a website alone) was checked within the last 90 days. Rows are the
listing's own contact columns, its offerings, its current prices and its facts (but
whether it takes new patients says nothing of its number). Only listings that a search
shows count; a group in which nothing is stated is not confirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from providers import vocabulary
from providers.models import Change, Fact, Offering, PriceLine, Provider

CONFIRMED_DAYS = 90
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Share:
    """How many of the listings of one region have each group confirmed."""

    region: str  # its code; "" for all of them
    listings: int
    confirmed: dict[str, int]  # by group

    @property
    def percents(self) -> list[int]:
        """Whole percents by group, rounded down: 100 is all of them."""
        return [
            100 * self.confirmed[group] // self.listings
            for group in vocabulary.CHECK_GROUPS
        ]


@dataclass(frozen=True)
class Freshness:
    """The shares of one moment: of everything, and by region, by code."""

    computed_at: datetime
    whole: Share
    by_region: list[Share]


def known_freshness(listings: QuerySet[Provider], *, of: str = "") -> Freshness:
    """As counted since the latest change of any listing, at most an hour ago.

    `of` tells whose listings these are, where they are not everybody's.
    """
    latest = Change.objects.values_list("pk", flat=True).first()
    today = timezone.localdate()
    key = f"freshness:{today}:{latest}:{of}"
    return cache.get_or_set(key, lambda: freshness(listings, today), KEPT_SECONDS)


def freshness(listings: QuerySet[Provider], on: date) -> Freshness:
    """Count the listings that a search shows, in six queries."""
    listed = listings.listed().order_by()
    counts = _by_region(listed)
    confirmed = {
        group: _by_region(listed.filter(_confirmed(group, on)))
        for group in vocabulary.CHECK_GROUPS
    }
    return Freshness(
        computed_at=timezone.now(),
        whole=_share("", counts, confirmed, counts),
        by_region=[_share(r, counts, confirmed, [r]) for r in sorted(counts)],
    )


def _by_region(listed: QuerySet[Provider]) -> Counter[str]:
    counted = listed.values_list("region").annotate(n=Count("pk"))
    return Counter(dict(counted))


def _share(
    code: str,
    counts: Counter[str],
    confirmed: dict[str, Counter[str]],
    regions: Iterable[str],
) -> Share:
    regions = list(regions)
    own = {
        group: sum(found[region] for region in regions)
        for group, found in confirmed.items()
    }
    return Share(code, sum(counts[region] for region in regions), own)


def _confirmed(group: str, on: date) -> Q:
    since = on - timedelta(days=CONFIRMED_DAYS)
    lately = {"checked_on__gte": since, "method__in": vocabulary.CONFIRMING_METHODS}
    if group == "contact":
        return Q(**{f"contact_{name}": value for name, value in lately.items()})
    topics = [t for t, of in vocabulary.GROUP_OF_TOPIC.items() if of == group]
    own = {"provider": OuterRef("pk")}
    facts = Q(Exists(Fact.objects.filter(topic__in=topics, **own, **lately)))
    if group == "services":
        return Q(Exists(Offering.objects.filter(**own, **lately))) | facts
    if group == "prices":
        prices = PriceLine.objects.current().filter(**lately)
        return Q(Exists(prices.filter(offering__provider=OuterRef("pk")))) | facts
    return facts
