"""How much of what patients ask a listing states, in SQL."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import (
    Case,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from providers.models import Fact, Offering
from providers.vocabulary import ASKED, NOT_STATED


def stated_percent(listing: str = "pk"):
    """An expression: the percent of ASKED that a listing states, rounded down.

    `listing` names its key in the query. One look at its facts and one at its
    offerings, both grouped by nothing but the listing.
    """
    facts = [_of_facts(a.topic, a.codes) for a in ASKED if a.topic]
    offers = [
        ~Q(**{f"{a.offering}__in": ["", NOT_STATED]}) for a in ASKED if a.offering
    ]
    known = _count(Fact, facts, listing) + _count(Offering, offers, listing)
    return known * Value(100) / Value(len(ASKED))


def _of_facts(topic: str, codes: tuple[str, ...]) -> Q:
    return Q(topic=topic, code__in=codes) if codes else Q(topic=topic)


def _count(model, questions: Iterable[Q], listing: str):
    """How many of the questions at least one of the listing's rows answers."""
    total = Value(0)
    for question in questions:
        yes = When(question, then=Value(1))
        total = total + Max(Case(yes, default=Value(0), output_field=IntegerField()))
    rows = model.objects.filter(provider=OuterRef(listing)).order_by()
    counted = rows.values("provider").annotate(known=total).values("known")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
