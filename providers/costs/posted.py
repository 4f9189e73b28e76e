"""How much of its prices a clinic posts. It says nothing about care."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from providers.costs.amounts import Line
from providers.vocabulary import PRICE_HISTORY_DAYS

# What a patient would want to read before calling → the kinds of price that tell it.
POSTED = {
    "session": ("dose_visit",),
    "first_visit": ("consult", "medical_eval"),
    "therapy": ("prep", "integration"),
    "course": ("package",),
    "cancellation": ("cancellation_fee",),
}
POSTED_OF_KIND = {kind: what for what, kinds in POSTED.items() for kind in kinds}


def posted(lines: Iterable[Line], on: date) -> list[str]:
    """Which of POSTED are told by a price that stands on that day, in its order.

    A price counts that is known, undisputed, current and no history yet, for people
    who pay it all. One for the whole course tells "course" too.
    """
    found = set()
    for line in lines:
        if tells_price(line) and (on - line.checked_on).days <= PRICE_HISTORY_DAYS:
            found.add(POSTED_OF_KIND.get(line.kind))
            if line.unit == "course":
                found.add("course")
    return [what for what in POSTED if what in found]


def tells_price(line: Line) -> bool:
    is_known = line.amount_min_cents is not None or line.amount_max_cents is not None
    stands = line.superseded_on is None and not line.disputed
    return is_known and stands and line.applies_to == "self_pay"
