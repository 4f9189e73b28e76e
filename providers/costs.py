"""What care costs: dated price lines in, ranges out.

Pure: no Django. Integer minor units throughout ("cents", whatever the currency calls
them). Low and high are carried apart; None is unknown and 0 is free.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from providers.vocabulary import FRESH_DAYS, PAYEES

# A session is what one dosing visit costs at its place, in this order.
SESSION_KINDS = ("dose_visit", "monitoring_fee", "drug")
_PER_VISIT_UNITS = ("visit", "dose", "hour")


class Line(Protocol):
    """What a price line must tell; models.PriceLine does."""

    kind: str
    payee: str
    unit: str
    minutes: int | None
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
    missing: tuple[str, ...]  # kinds that are needed and not known
    checked_on: date  # of its earliest line

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def known_until(self) -> date:
        """The last day on which its earliest line is still fresh."""
        return self.checked_on + timedelta(days=FRESH_DAYS["prices"])


def session(lines: Iterable[Line]) -> Amount | None:
    """Return what one dosing visit costs a person who pays it all, or None.

    Adds dosing visit, monitoring and drug, each payee's, less the kinds that a line
    already includes. Only current self-pay lines count; without a known dosing visit,
    or with a posted part whose amount is unknown or disputed, the amount is not
    complete. Currencies never mix: the dosing visit's decides.
    """
    asked = [line for line in lines if _counts_for_session(line)]
    covered = _covered(asked)
    needed = [line for line in _one_unit_each(asked) if line.kind not in covered]
    currency = _currency_of(needed)
    known = [line for line in needed if _is_known(line) and line.currency == currency]
    if not known:
        return None
    missing = {line.kind for line in needed if line not in known}
    if not any(line.kind == "dose_visit" for line in known):
        missing.add("dose_visit")
    lows = [_per_visit(line, line.amount_min_cents, up=False) for line in known]
    highs = [_per_visit(line, line.amount_max_cents, up=True) for line in known]
    missing |= {line.kind for line, low in zip(known, lows, strict=True) if low is None}
    return Amount(
        low_cents=_sum_of_known(lows),
        high_cents=None if None in highs or missing else sum(highs),
        currency=currency,
        missing=tuple(kind for kind in SESSION_KINDS if kind in missing),
        checked_on=min(line.checked_on for line in known),
    )


def _counts_for_session(line: Line) -> bool:
    return (
        line.superseded_on is None
        and line.unit in _PER_VISIT_UNITS
        and line.applies_to == "self_pay"
        and line.kind in SESSION_KINDS
    )


def _covered(lines: list[Line]) -> set[str]:
    """The kinds that another, undisputed price already covers."""
    certain = [line for line in lines if not line.disputed]
    return {kind for line in certain for kind in line.includes if kind != line.kind}


def _is_known(line: Line) -> bool:
    return bool(line.currency) and not line.disputed


def _one_unit_each(lines: list[Line]) -> list[Line]:
    """One line per kind and payee: by the visit before by the dose or the hour."""
    by_unit = sorted(
        lines, key=lambda line: (line.disputed, _PER_VISIT_UNITS.index(line.unit))
    )
    first = {}
    for line in by_unit:
        first.setdefault((line.kind, line.payee), line)
    payees = list(PAYEES)
    return sorted(
        first.values(),
        key=lambda line: (SESSION_KINDS.index(line.kind), payees.index(line.payee)),
    )


def _currency_of(lines: list[Line]) -> str:
    return next((line.currency for line in lines if _is_known(line)), "")


def _per_visit(line: Line, cents: int | None, *, up: bool) -> int | None:
    """An hourly price needs the stated minutes; the rest are per visit already."""
    if cents is None or line.unit != "hour":
        return cents
    if line.minutes is None:
        return None
    return (cents * line.minutes + (59 if up else 0)) // 60


def _sum_of_known(amounts: list[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
