"""What to check next: one score for each listing, and its reasons.

The score counts points, and says in `reasons` what each is for:

* contact not confirmed for 90 days 2, for 180 days 4, for a year 6
  (a website alone confirms nothing: 4);
* no current session price 2, unless somebody asked about prices in the last 90 days;
* each open report 10 (three at most): a good report is settled in two business days;
* each open conflict 1 (three at most).

Equal scores stand by the date of the contact, the oldest first. What was tried in the
last two days without success stands at the end. Nothing to check: not in the queue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import vocabulary
from providers.models import Check, Conflict, Offering, ProblemReport, Provider

PRICE_DAYS = vocabulary.FRESH_DAYS["prices"]
CONTACT_POINTS = (  # days without a confirmed contact: points, the longest first
    (365, 6),
    (vocabulary.UNCONFIRMED_DAYS, 4),
    (vocabulary.FRESH_DAYS["contact"], 2),
)
WEBSITE_POINTS = 4
PRICE_POINTS = 2
REPORT_POINTS = 10
CONFLICT_POINTS = 1
COUNTED = 3  # reports and conflicts that count

FAILED = ("no_answer", "wrong_number")
HEARD = ("confirmed", "changed")
ANSWERED = (*HEARD, "refused")  # somebody spoke, if only to say no
REST_DAYS = 2
HOPELESS_DAYS = 3  # different days without an answer


def queue(listings: QuerySet[Provider], on: date) -> QuerySet[Provider]:
    """Those of the listings that need a check on that day, the most urgent first.

    Each carries `score` and what it is made of: `contact_points`, `price_points`,
    `priced_until` (a date or None), `reports_open`, `conflicts_open`; and `resting`.
    """
    return (
        listings.listed()
        .annotate(
            contact_points=_contact_points(on),
            priced_until=_priced_until(),
            reports_open=_open(ProblemReport),
            conflicts_open=_open(Conflict),
            resting=_resting(on),
        )
        .annotate(price_points=_price_points(on))
        .annotate(
            score=F("contact_points")
            + F("price_points")
            + REPORT_POINTS * Least("reports_open", COUNTED)
            + CONFLICT_POINTS * Least("conflicts_open", COUNTED)
        )
        .filter(score__gt=0)
        .order_by("resting", "-score", "contact_checked_on", "pk")
    )


def _points(*cases: When) -> Case:
    return Case(*cases, default=0, output_field=IntegerField())


def _contact_points(on: date) -> Case:
    confirmed = Q(contact_method__in=vocabulary.CONFIRMING_METHODS)
    old = [
        When(contact_checked_on__lt=on - timedelta(days=days), then=points)
        for days, points in CONTACT_POINTS
    ]
    return _points(old[0], When(~confirmed, then=WEBSITE_POINTS), *old[1:])


def _priced_until() -> Subquery:
    """The last day on which a session price of the listing is current; or NULL."""
    own = Offering.objects.filter(provider=OuterRef("pk")).order_by()
    last = own.values("provider").annotate(day=Max("session_known_until"))
    return Subquery(last.values("day"))


def _price_points(on: date) -> Case:
    since = on - timedelta(days=PRICE_DAYS)
    asked = Check.objects.filter(
        group="prices", outcome__in=ANSWERED, checked_on__gte=since
    )
    lacking = Q(priced_until__lt=on) | Q(priced_until=None)
    lately = Q(pk__in=asked.values("provider"))
    return _points(When(lacking & ~lately, then=PRICE_POINTS))


def _open(model) -> Coalesce:
    own = model.objects.open().filter(provider=OuterRef("pk")).order_by()
    counted = own.values("provider").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _resting(on: date) -> Case:
    lately = Check.objects.filter(checked_on__gte=on - timedelta(days=REST_DAYS))
    failed = lately.filter(outcome__in=FAILED).values("provider")
    heard = lately.filter(outcome__in=HEARD).values("provider")
    return _points(When(Q(pk__in=failed) & ~Q(pk__in=heard), then=1))


def reasons(provider: Provider, on: date) -> list[str]:
    """Why a listing of the queue stands there, in words, the gravest first."""
    found = [
        _reports(provider.reports_open),
        _contact(provider, on),
        _price(provider, on),
        _conflicts(provider.conflicts_open),
    ]
    return [words for words in found if words]


def _reports(count: int) -> str:
    return count and ngettext("%d report", "%d reports", count) % count


def _conflicts(count: int) -> str:
    return count and ngettext("%d conflict", "%d conflicts", count) % count


def _contact(provider: Provider, on: date) -> str:
    days = (on - provider.contact_checked_on).days
    if provider.contact_points == 0:
        return ""
    if provider.contact_method not in vocabulary.CONFIRMING_METHODS:
        method = vocabulary.METHODS.label(provider.contact_method)
        known = {"method": str(method).lower(), "days": days}
        return _("contact never confirmed (%(method)s, %(days)d days ago)") % known
    return _("contact not checked for %d days") % days


def _price(provider: Provider, on: date) -> str:
    if provider.price_points == 0:
        return ""
    if provider.priced_until is None:
        return _("no price")
    days = (on - provider.priced_until).days + PRICE_DAYS
    return _("price not checked for %d days") % days


def silent_days(providers: Sequence[Provider]) -> dict[int, list[date]]:
    """The days on which nobody could be asked since the last success, by listing.

    Oldest first. One query for all of them.
    """
    keys = [provider.pk for provider in providers]
    tried = Check.objects.filter(provider__in=keys, outcome__in=(*FAILED, *ANSWERED))
    failed, heard = defaultdict(set), _confirmed_on(providers)
    for key, outcome, day in tried.values_list("provider", "outcome", "checked_on"):
        if outcome in FAILED:
            failed[key].add(day)
        else:
            heard[key] = max(heard[key], day)
    return {key: sorted(day for day in failed[key] if day > heard[key]) for key in keys}


def _confirmed_on(providers: Sequence[Provider]) -> dict[int, date]:
    return {
        p.pk: p.contact_checked_on
        if p.contact_method in vocabulary.CONFIRMING_METHODS
        else date.min
        for p in providers
    }


def is_silent(days: Sequence[date]) -> bool:
    """Nobody answered on so many days that somebody should decide what it is."""
    return len(days) >= HOPELESS_DAYS
