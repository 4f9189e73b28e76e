"""The words of money: a price line, an amount. Integer minor units throughout.

Low and high are carried apart; None is unknown and 0 is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from providers.vocabulary import FRESH_DAYS

# How often a kind is paid: the least and the most. None is not known, and for the
# most also "or more".
Span = tuple[int | None, int | None]


class Line(Protocol):
    """What a price line must tell; models.PriceLine does."""

    kind: str
    payee: str
    unit: str
    package_size: int
    minutes: int | None
    count_min: int | None  # so often in a course, as the clinic says
    count_max: int | None
    amount_min_cents: int | None
    amount_max_cents: int | None
    currency: str
    applies_to: str
    includes: list[str]
    disputed: bool
    superseded_on: date | None
    checked_on: date


@dataclass(frozen=True, slots=True)
class Amount:
    """A range of money. Where it is not complete, `low_cents` reads "at least"."""

    low_cents: int | None
    high_cents: int | None
    currency: str
    missing: tuple[str, ...]  # what is needed and not known, by its code
    checked_on: date  # of its earliest line

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def known_until(self) -> date:
        """The last day on which its earliest line is still fresh."""
        return self.checked_on + timedelta(days=FRESH_DAYS["prices"])
