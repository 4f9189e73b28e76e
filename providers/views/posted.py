"""How much of its prices a clinic posts, in words. It says nothing about care."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from providers import costs, wording
from providers.models import Offering


@dataclass(frozen=True, slots=True)
class Posted:
    """How much of its prices a listing posts: which of what one would ask about."""

    count: int
    of: int
    told: str  # "a session and the first visit"; "" for none
    silent: str


def posted_of(offerings: Iterable[Offering], on: date) -> Posted:
    """What the (prefetched) current prices of a listing's offerings tell."""
    lines = [line for offering in offerings for line in offering.prices.all()]
    told = costs.posted(lines, on)
    silent = [what for what in costs.POSTED if what not in told]
    words = (
        wording.listed([wording.posted(n) for n in some]) for some in (told, silent)
    )
    return Posted(len(told), len(costs.POSTED), *words)
