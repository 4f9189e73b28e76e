"""How long stored amounts take: all of them anew, and one price until search tells."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from time import perf_counter

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from providers import actions
from providers.models import Offering, PriceLine, Provider
from providers.question import Search
from providers.search import live

LINES = 4  # current prices of each listing, at least
MORE_KINDS = ("consult", "medical_eval", "prep", "integration", "lab_test")
EDITS = 20
NOTHING = {
    f"{amount}_{part}": value
    for amount in ("session", "course")
    for part, value in (
        ("min_cents", None),
        ("max_cents", None),
        ("currency", ""),
        ("complete", False),
        ("known_until", None),
    )
}


def prepare() -> None:
    """Give each listing four prices at least, and each treatment its typical course."""
    call_command("load_courses", stdout=StringIO())
    for provider in Provider.objects.prefetch_related("offerings__prices"):
        PriceLine.objects.bulk_create(_lacking(provider))


def _lacking(provider: Provider) -> Iterator[PriceLine]:
    offerings = list(provider.offerings.all())
    stand = [line for offering in offerings for line in offering.prices.all()]
    first = offerings[0]
    free = [k for k in MORE_KINDS if k not in {x.kind for x in first.prices.all()}]
    for kind in free[: max(0, LINES - len(stand))]:
        yield PriceLine(
            offering=first,
            kind=kind,
            amount_min_cents=15_000,
            amount_max_cents=20_000,
            currency="USD",
            checked_on=timezone.localdate(),
            precision="day",
            method="website",
            source_id=first.source_id,
        )


def recompute_ms() -> float:
    """Store every amount of a directory in which none is stored."""
    Offering.objects.update(**NOTHING)
    start = perf_counter()
    actions.recompute_amounts()
    return (perf_counter() - start) * 1_000


def edits_ms(by: User) -> list[float]:
    """From the save of one price until the next search finds it: of some listings."""
    search = Search(on=timezone.localdate(), sort="name", max_cents=1)
    if live.current().index.total(search):
        raise RuntimeError("a session for a cent was there before the edit")
    return [_edit_ms(line, search, by) for line in _lines()[:EDITS]]


def _lines() -> QuerySet[PriceLine]:
    """Current prices in dollars that are the whole price of a session."""
    return PriceLine.objects.filter(
        kind="dose_visit",
        superseded_on=None,
        currency="USD",
        offering__session_complete=True,
        offering__session_min_cents=F("amount_min_cents"),
        offering__session_known_until__gte=timezone.localdate(),
        offering__provider__in=Provider.objects.listed().filter(country="US"),
    ).order_by("pk")


def _edit_ms(line: PriceLine, search: Search, by: User) -> float:
    stood = line.amount_min_cents
    line.amount_min_cents = 1
    start = perf_counter()
    with transaction.atomic():
        actions.save(line, by=by)
    found = live.current().index.total(search)
    taken = (perf_counter() - start) * 1_000
    if found != 1:
        raise RuntimeError(f"after an edit the search finds {found} listings, not 1")
    line.amount_min_cents = stood
    actions.save(line, by=by)
    return taken
