"""Price lines added up as a plan asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from providers.costs.amounts import Amount, Line, Span
from providers.costs.plans import Plan
from providers.vocabulary import PAYEES


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a sum: how often it is paid, and what that comes to."""

    line: Line
    times: Span
    low_cents: int | None
    high_cents: int | None
    counts: bool  # False: disputed, unknown or in another currency


def parts(lines: Iterable[Line], plan: Plan) -> list[Part]:
    """One line per kind and payee, less what another already covers."""
    chosen = _one_each(lines, plan)
    covered = _covered(chosen, plan)
    paid = [line for line in chosen if line.kind not in covered]
    currency = next((line.currency for line in paid if _is_stated(line)), "")
    return [_part(line, plan, currency) for line in paid]


def total(lines: Iterable[Line], plan: Plan) -> Amount | None:
    """The sum of its parts; None where nothing of it is known."""
    lines = list(lines)
    paid = parts(lines, plan)
    known = [part for part in paid if part.counts]
    if not known:
        return None
    covered = _covered(_one_each(lines, plan), plan)
    missing = plan.needed - covered - {part.line.kind for part in paid}
    missing |= {
        part.line.kind for part in paid if not part.counts or part.low_cents is None
    }
    highs = [part.high_cents for part in known]
    return Amount(
        low_cents=_sum_of_known(part.low_cents for part in known),
        high_cents=None if None in highs or missing else sum(highs),
        currency=known[0].line.currency,
        missing=tuple(kind for kind in plan.times if kind in missing),
        checked_on=min(part.line.checked_on for part in known),
    )


def is_whole(line: Line, plan: Plan) -> bool:
    """Whether it is the known price of a course, or of a set of its dosing visits."""
    if line.kind != "package" or _cost(line, plan)[0] is None:
        return False
    by_set = line.unit == "package_of_n" and "dose_visit" in plan.times
    return by_set or line.unit == "course"


def preference(line: Line, plan: Plan) -> tuple:
    """What is undisputed and known comes first, then by unit."""
    return (
        line.disputed,
        _cost(line, plan)[0] is None,
        plan.units.index(line.unit),
        line.package_size,
    )


def _part(line: Line, plan: Plan, currency: str) -> Part:
    counts = _is_stated(line) and line.currency == currency
    ends = _cost(line, plan) if counts else (None, None)
    return Part(line, _times_paid(line, plan), *ends, counts)


def _one_each(lines: Iterable[Line], plan: Plan) -> list[Line]:
    """One line per kind and payee, the best stated, in the order of the plan."""
    first: dict[tuple[str, str], Line] = {}
    for line in sorted(lines, key=lambda line: preference(line, plan)):
        first.setdefault((line.kind, line.payee), line)
    kinds, payees = list(plan.times), list(PAYEES)
    return sorted(
        first.values(),
        key=lambda line: (kinds.index(line.kind), payees.index(line.payee)),
    )


def _covered(chosen: Iterable[Line], plan: Plan) -> set[str]:
    """The kinds that another, undisputed price covers, itself not covered before."""
    covered: set[str] = set()
    for line in chosen:
        if line.kind not in covered and not line.disputed:
            covered |= {kind for kind in _includes(line, plan) if kind != line.kind}
    return covered


def _includes(line: Line, plan: Plan) -> Iterable[str]:
    """A package is of dosing visits; one that names nothing else, of a whole course."""
    if line.kind != "package":
        return line.includes
    if line.unit == "course" and not line.includes:
        return plan.needed - {"booster"}
    return ["dose_visit", *line.includes]


def _is_stated(line: Line) -> bool:
    return bool(line.currency) and not line.disputed


def _cost(line: Line, plan: Plan) -> Span:
    """The least and the most cents for all that is paid of a line's kind."""
    fewest, most = _times_paid(line, plan)
    low = _for_one(line, line.amount_min_cents, up=False)
    high = _for_one(line, line.amount_max_cents, up=True)
    return _times(low, fewest), _times(high, most)


def _times_paid(line: Line, plan: Plan) -> Span:
    fewest, most = plan.times[line.kind]
    return _often(line, fewest, plan), _often(line, most, plan)


def _often(line: Line, count: int | None, plan: Plan) -> int | None:
    """How often a line's amount is paid where its kind is needed `count` times."""
    if line.unit == "course":
        return 1 if count is None else min(count, 1)
    if line.unit == "month" and line.kind != "monthly_membership":
        return plan.months
    if line.unit == "package_of_n" and count is not None:
        return -(-count // line.package_size)
    return count


def _for_one(line: Line, cents: int | None, *, up: bool) -> int | None:
    """An hourly price needs the stated minutes; the rest are for one already."""
    if cents is None or line.unit != "hour":
        return cents
    if line.minutes is None:
        return None
    return (cents * line.minutes + (59 if up else 0)) // 60


def _times(cents: int | None, count: int | None) -> int | None:
    """What is free is free however often."""
    if cents is None or (count is None and cents):
        return None
    return cents * (count or 0)


def _sum_of_known(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
