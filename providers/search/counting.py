"""Counts beside every option, by plain SQL: a few queries for each group.

An option counts as if it alone were chosen in its group, all other groups, the radius
and what is included kept; a need counts as if it were added to the needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from django.db.models import Count, QuerySet

from providers import vocabulary
from providers.matching import offerings_asked
from providers.models import Fact, Provider
from providers.question import FACT_GROUPS, OFFERING_PARTS, Search

# The listings that answer a question, within the reach of the one that is answered.
Near = Callable[[Search], QuerySet[Provider]]
# The topic of each code, by group.
CODES = {
    group: dict.fromkeys(vocabulary.TOPICS[topic], topic)
    for group, topic in FACT_GROUPS.items()
}
NEEDS = {code: vocabulary.topic_of(code) for code in vocabulary.NEEDS}
CHOICES = {
    "accepting": ("yes", "waitlist"),
    "unconfirmed": ("include", "hide", "only"),
}


def counts(search: Search, near: Near) -> dict[str, dict[str, int]]:
    """Group of answer.COUNTED → option → count; an option of none may be absent."""
    silent_too = "not_stated" in search.include
    others = {group: near(replace(search, **{group: ()})) for group in CODES}
    return {
        **{part: _of_part(part, search, near) for part in OFFERING_PARTS},
        **{g: _of_facts(others[g], codes, silent_too) for g, codes in CODES.items()},
        "need": _of_facts(near(search), NEEDS, silent_too),
        "region": _of_regions(near(replace(search, region=()))),
        **{
            name: {
                code: near(replace(search, **{name: code})).count() for code in codes
            }
            for name, codes in CHOICES.items()
        },
    }


def _of_part(part: str, search: Search, near: Near) -> dict[str, int]:
    """Listings with an offering that has the option and is the rest that is asked."""
    others = replace(search, **{part: ()})
    of_a_listing = replace(
        search.unlimited(), **dict.fromkeys(OFFERING_PARTS, ()), serves=()
    )
    offered = offerings_asked(others).filter(provider__in=_keys(near(of_a_listing)))
    counted = offered.values_list(part).annotate(Count("provider", distinct=True))
    return dict(counted.order_by())


def _of_facts(
    found: QuerySet[Provider], topics: dict[str, str], silent_too: bool
) -> dict[str, int]:
    """By code, each with its topic: a help is met by yes or partial, a requirement
    only by a plain no; and by those that say nothing, where they are taken in."""
    facts = Fact.objects.filter(provider__in=_keys(found), topic__in=topics.values())
    said = facts.values_list("topic", "code", "answer").annotate(Count("pk"))
    met: Counter = Counter()
    denied: Counter = Counter()
    for topic, code, answer, number in said.order_by():
        if topics.get(code) == topic:
            requirement = vocabulary.TOPICS[topic][code].requirement
            (met if (answer == "no") == requirement else denied)[code] += number
    if not silent_too:
        return met
    total = found.count()
    return {code: total - denied[code] for code in topics}


def _of_regions(found: QuerySet[Provider]) -> dict[str, int]:
    """Every region that holds an address, and those that hold that region."""
    above = ("region__parent", "region__parent__parent")
    rows = found.order_by().values_list("region", *above, f"{above[1]}__parent")
    held: Counter = Counter()
    for *codes, number in rows.annotate(Count("pk")):
        for code in filter(None, codes):
            held[code] += number
    return held


def _keys(found: QuerySet[Provider]) -> QuerySet:
    return found.order_by().values("pk")
