"""The admin's first page: how true the directory is, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from providers import queue, rights, vocabulary
from providers.admin.desk.pages import CHANGE
from providers.freshness import CONFIRMED_DAYS, Share, known_freshness
from providers.models import (
    Conflict,
    CrisisLine,
    PriceLine,
    ProblemReport,
    Region,
    RegulatoryNote,
)


@dataclass(frozen=True)
class Waiting:
    """A number of things that wait, with the list of them."""

    count: int
    words: str
    address: str


@dataclass(frozen=True)
class Dashboard:
    """What the first page shows of the listings that an account may keep."""

    whole: Share
    regions: list[tuple[str, Share]]
    waiting: list[Waiting]
    groups = vocabulary.CHECK_GROUPS.values()
    days = CONFIRMED_DAYS


def dashboard(user: AbstractBaseUser) -> Dashboard | None:
    """Counted in a fixed number of queries; None for whoever keeps no listings."""
    if not user.has_perm(CHANGE):
        return None
    limits = rights.regions_of(user)
    of = "" if limits is None else f"{','.join(sorted(limits))}!"
    found = known_freshness(rights.listings_of(user), of=of)
    names = dict(Region.objects.values_list("code", "name_en"))
    named = [
        (names.get(share.region, share.region), share) for share in found.by_region
    ]
    waiting = [*_listings(user), *_records(user, timezone.localdate())]
    return Dashboard(found.whole, sorted(named, key=lambda row: row[0]), waiting)


def _listings(user: AbstractBaseUser) -> list[Waiting]:
    kept, today = rights.listings_of(user), timezone.localdate()
    conflicts = rights.only_theirs(Conflict.objects.open(), user)
    reports = rights.only_theirs(ProblemReport.objects.open(), user)
    prices = rights.only_theirs(_old_prices(today), user, listing="offering__provider")
    return [
        Waiting(
            queue.queue(kept, today).count(),
            _("listings to check"),
            reverse("admin:queue"),
        ),
        Waiting(reports.count(), _("open reports"), reverse("admin:reports")),
        Waiting(
            conflicts.values("run").distinct().count(),
            _("import runs with open conflicts"),
            reverse("admin:providers_conflict_changelist"),
        ),
        Waiting(
            prices.count(),
            _("prices not checked for 90 days"),
            reverse("admin:providers_priceline_changelist")
            + "?checked=not90&superseded_on__isnull=True",
        ),
        Waiting(
            kept.filter(published=False).exclude(status="do_not_list").count(),
            _("drafts that could be published"),
            reverse("admin:providers_provider_changelist") + "?published__exact=0",
        ),
    ]


def _old_prices(on: date) -> QuerySet[PriceLine]:
    since = on - timedelta(days=vocabulary.FRESH_DAYS["prices"])
    return PriceLine.objects.current().filter(checked_on__lt=since)


def _records(user: AbstractBaseUser, on: date) -> list[Waiting]:
    """Our own dated records, for those who may keep them."""
    shown = [
        (RegulatoryNote, _("regulation notes past their review")),
        (CrisisLine, _("crisis lines past their review")),
    ]
    return [
        Waiting(
            model.objects.filter(review_by__lte=on).count(),
            words,
            reverse(f"admin:providers_{model._meta.model_name}_changelist")
            + "?review=due",
        )
        for model, words in shown
        if user.has_perm(f"providers.view_{model._meta.model_name}")
    ]
