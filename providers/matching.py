"""The answer to a question as a QuerySet: obvious and complete, on either database."""

from __future__ import annotations

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Collate

from providers import priced, vocabulary
from providers.models import Fact, Offering, Provider
from providers.question import FACT_GROUPS, OFFERING_PARTS, SORT_AMOUNTS, Search


def matching(search: Search) -> QuerySet[Provider]:
    """The listings that answer the question, wherever they are: no reach, no order."""
    found = Provider.objects.listed()
    if search.origin and not search.any_country:
        found = found.in_country(search.origin.country)
    if search.region:
        found = found.in_regions(search.region)
    if search.words:
        found = found.named(search.words)
    if search.unconfirmed == "hide":
        found = found.confirmed(search.on)
    elif search.unconfirmed == "only":
        found = found.unconfirmed(search.on)
    if search.checked_within_days:
        found = found.checked_within(search.checked_within_days, search.on)
    return _stating(_offering(found, search), search)


def _offering(found: QuerySet[Provider], search: Search) -> QuerySet[Provider]:
    """Everything asked of an offering must hold for one and the same offering."""
    if not search.asks_of_an_offering and not search.limits:
        return found
    if not search.asks_of_an_offering and "unpriced" in search.include:
        return found.with_offering(offerings_asked(search), or_none=True)
    return found.with_offering(offerings_asked(search))


def offerings_asked(search: Search) -> QuerySet[Offering]:
    """The offerings of any listing that are all of what the question asks."""
    offerings = Offering.objects.by(**{p: getattr(search, p) for p in OFFERING_PARTS})
    if search.serves:
        offerings = offerings.serving(search.serves)
    return priced.within_limits(offerings, search)


def _stating(found: QuerySet[Provider], search: Search) -> QuerySet[Provider]:
    silent_too = "not_stated" in search.include
    for name, topic in FACT_GROUPS.items():
        if codes := getattr(search, name):
            found = found.filter(_states_any(topic, codes, silent_too))
    if search.accepting:
        found = found.filter(_takes_patients(search.accepting, silent_too))
    for need in search.need:
        found = found.filter(_meets(need, silent_too))
    return found


def _states_any(topic: str, codes: tuple[str, ...], silent_too: bool) -> Q:
    about = Fact.objects.filter(provider=OuterRef("pk"), topic=topic)
    wanted = Q(Exists(about.filter(code__in=codes).helping()))
    if silent_too:
        for code in codes:
            wanted |= ~Q(Exists(about.filter(code=code)))
    return wanted


def _takes_patients(accepting: str, silent_too: bool) -> Q:
    """Its codes answer one question: who states any of them is not silent."""
    about = Fact.objects.filter(provider=OuterRef("pk"), topic="new_patients")
    codes = ("accepting", "waitlist")[: 1 + (accepting == "waitlist")]
    met = Q(Exists(about.filter(code__in=codes).helping()))
    return met | ~Q(Exists(about)) if silent_too else met


def _meets(need: str, silent_too: bool) -> Q:
    """A help is met by yes or partial; a requirement only by a plain no."""
    about = Fact.objects.filter(
        provider=OuterRef("pk"), topic=vocabulary.topic_of(need), code=need
    )
    requirement = vocabulary.NEEDS[need].requirement
    met = Q(Exists(about.not_requiring() if requirement else about.helping()))
    return met | ~Q(Exists(about)) if silent_too else met


def in_order(found: QuerySet[Provider], search: Search) -> QuerySet[Provider]:
    """The total order that the question asks for; unknown last, then by id.

    By prices published, the nearest (or by name) come first of those with as many.
    """
    if search.sort in SORT_AMOUNTS:
        amount = SORT_AMOUNTS[search.sort]
        return priced.cheapest_first(found, offerings_asked(search), search, amount)
    if search.sort == "checked":
        return found.order_by(F("contact_checked_on").desc(nulls_last=True), "pk")
    usual = _by_code_points("plain_name")
    if search.origin and search.sort != "name":
        usual = F("chord_squared").asc(nulls_last=True)
    if search.sort == "posted":
        found = found.alias(posted=priced.posted_number(search.on))
        return found.order_by("-posted", usual, "pk")
    return found.order_by(usual, "pk")


def _by_code_points(column: str) -> Collate:
    """One order of words on every database, whatever language it sorts in."""
    return Collate(column, "C" if connection.vendor == "postgresql" else "BINARY")
