"""How much of what patients ask a listing states, in SQL."""

from __future__ import annotations

from django.db.models import (
    Case,
    Count,
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
from providers.vocabulary import ASKED, NOT_STATED, Asked


def stated_percent(listing: str = "pk"):
    """An expression: the percent of ASKED that a listing states, rounded down.

    `listing` names its key in the query. One look at each of its facts and offerings.
    """
    known = _counted(Fact, _facts_known(), listing)
    known = known + _counted(Offering, _offerings_known(), listing)
    return known * Value(100) / Value(len(ASKED))


def _facts_known():
    """A fact answers one question at most, so each row is looked at once."""
    questions = [
        When(_of_facts(asked), then=Value(number))
        for number, asked in enumerate(ASKED)
        if asked.topic
    ]
    question = Case(*questions, default=None, output_field=IntegerField())
    return Count(question, distinct=True)


def _offerings_known():
    """An offering may answer all of its questions, each by a column of its own."""
    total = Value(0)
    for asked in ASKED:
        if asked.offering:
            stated = ~Q(**{f"{asked.offering}__in": ["", NOT_STATED]})
            yes = When(stated, then=Value(1))
            total += Max(Case(yes, default=Value(0), output_field=IntegerField()))
    return total


def _of_facts(asked: Asked) -> Q:
    of_topic = Q(topic=asked.topic)
    return of_topic & Q(code__in=asked.codes) if asked.codes else of_topic


def _counted(model, known, listing: str):
    """What the aggregate `known` makes of the listing's rows, 0 where it has none."""
    rows = model.objects.filter(provider=OuterRef(listing)).order_by()
    counted = rows.values("provider").annotate(known=known).values("known")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
