"""What care costs: dated price lines in, ranges out.

Pure: no Django. Integer minor units throughout ("cents", whatever the currency calls
them). Low and high are carried apart; None is unknown and 0 is free. The rules are
those of design.md 5 and domain.md 2.4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from providers.vocabulary import FRESH_DAYS, PAYEES

# How often a kind is paid: the least and the most. None is not known, and for the
# most also "or more".
Span = tuple[int | None, int | None]

# A session is what one dosing visit costs at its place, in this order.
SESSION_KINDS = ("dose_visit", "monitoring_fee", "drug")
_AT_EACH_DOSE = ("monitoring_fee", "drug", "facility_fee", "pharmacy_shipping")
_ONCE = ("consult", "medical_eval", "lab_test")
# What a course may hold, in this order. Boosters come after it; a late cancellation is
# no care.
COURSE_KINDS = (
    *("package", "dose_visit", *_AT_EACH_DOSE, *_ONCE),
    *("prep", "integration", "monthly_membership"),
)
# Of several prices of one kind and payee, that in the first of these units counts.
_SESSION_UNITS = ("visit", "dose", "hour")
_COURSE_UNITS = ("course", *_SESSION_UNITS, "month", "package_of_n")


class Line(Protocol):
    """What a price line must tell; models.PriceLine does."""

    kind: str
    payee: str
    unit: str
    package_size: int
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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is paid and how often: its kinds in the order in which they are told."""

    times: Mapping[str, Span]
    needed: frozenset[str]  # kinds without whose price the sum is not complete
    units: tuple[str, ...]
    months: int | None = None


_SESSION = _Plan(
    times=dict.fromkeys(SESSION_KINDS, (1, 1)),
    needed=frozenset(["dose_visit"]),
    units=_SESSION_UNITS,
)


def session(lines: Iterable[Line]) -> Amount | None:
    """Return what one dosing visit costs a person who pays it all, or None.

    Adds dosing visit, monitoring and drug, each payee's, less the kinds that a line
    already includes. Only current self-pay lines count; without a known dosing visit,
    or with a posted part whose amount is unknown or disputed, the amount is not
    complete. Currencies never mix: the dosing visit's decides.
    """
    return _total(_asked(lines, _SESSION), _SESSION)


def course(
    lines: Iterable[Line], counts: Mapping[str, Span], weeks: int | None = None
) -> Amount | None:
    """Return what a first course costs a person who pays it all, or None.

    `counts` tells how often the schedule asks for each kind (6, 8), or (3, None) for
    3 or more; `weeks` how long it takes. Each kind asked for is needed: without its
    price the amount is "at least". First visits and lab tests are added once where
    posted, monitoring, drug, room and shipping with each dose, a membership for each
    month begun; a posted one whose amount is unknown or disputed is missing. All else
    is as for a session; boosters are no part of it.

    Where parts of the sum are missing and a package that the clinic posts leaves
    fewer missing, it is that package with what it does not cover. No counts: None.
    """
    plan = _course_plan(counts, weeks)
    if not plan.needed:
        return None
    asked = _asked(lines, plan)
    parts = [line for line in asked if line.kind != "package"]
    packages = [line for line in asked if _is_whole(line, plan)]
    packages.sort(key=lambda line: _preference(line, plan))
    choices = [parts, *([package, *parts] for package in packages)]
    sums = [amount for choice in choices if (amount := _total(choice, plan))]
    return min(sums, key=lambda amount: len(amount.missing), default=None)


def _course_plan(counts: Mapping[str, Span], weeks: int | None) -> _Plan:
    asked = {kind: span for kind, span in counts.items() if kind != "package"}
    months = _months(weeks) if weeks else None
    doses = asked.get("dose_visit", (0, 0))
    times = (
        dict.fromkeys(_AT_EACH_DOSE, doses)
        | dict.fromkeys(_ONCE, (1, 1))
        | {"package": doses if doses[0] else (1, 1)}
        | {"monthly_membership": (months, months)}
        | asked
    )
    times = {kind: times[kind] for kind in COURSE_KINDS if kind in times}
    never = {kind for kind, (_least, most) in times.items() if most == 0}
    return _Plan(
        times={kind: span for kind, span in times.items() if kind not in never},
        needed=frozenset(asked.keys() & times.keys() - never),
        units=_COURSE_UNITS,
        months=months,
    )


def _months(weeks: int) -> int:
    """The months that so many weeks begin; 13 weeks are three."""
    return -(-weeks * 12 // 52)


def _asked(lines: Iterable[Line], plan: _Plan) -> list[Line]:
    """The current lines of what the plan holds, for a person who pays it all."""
    return [
        line
        for line in lines
        if line.superseded_on is None
        and line.unit in plan.units
        and line.applies_to == "self_pay"
        and line.kind in plan.times
    ]


def _is_whole(line: Line, plan: _Plan) -> bool:
    """Whether it is the known price of a course, or of a set of its dosing visits."""
    if line.kind != "package" or _cost(line, plan)[0] is None:
        return False
    by_set = line.unit == "package_of_n" and "dose_visit" in plan.times
    return by_set or line.unit == "course"


def _total(lines: Iterable[Line], plan: _Plan) -> Amount | None:
    """The sum of one line per kind and payee; None where nothing of it is known."""
    chosen = _one_each(lines, plan)
    covered = _covered(chosen, plan)
    parts = [line for line in chosen if line.kind not in covered]
    currency = next((line.currency for line in parts if _is_stated(line)), "")
    known = [line for line in parts if _is_stated(line) and line.currency == currency]
    if not known:
        return None
    costs = [_cost(line, plan) for line in known]
    lows, highs = zip(*costs, strict=True)
    missing = plan.needed - covered - {line.kind for line in parts}
    missing |= {line.kind for line in parts if line not in known}
    missing |= {line.kind for line, low in zip(known, lows, strict=True) if low is None}
    return Amount(
        low_cents=_sum_of_known(lows),
        high_cents=None if None in highs or missing else sum(highs),
        currency=currency,
        missing=tuple(kind for kind in plan.times if kind in missing),
        checked_on=min(line.checked_on for line in known),
    )


def _one_each(lines: Iterable[Line], plan: _Plan) -> list[Line]:
    """One line per kind and payee, the best stated, in the order of the plan."""
    first: dict[tuple[str, str], Line] = {}
    for line in sorted(lines, key=lambda line: _preference(line, plan)):
        first.setdefault((line.kind, line.payee), line)
    kinds, payees = list(plan.times), list(PAYEES)
    return sorted(
        first.values(),
        key=lambda line: (kinds.index(line.kind), payees.index(line.payee)),
    )


def _preference(line: Line, plan: _Plan) -> tuple:
    """What is undisputed and known comes first, then by unit."""
    return (
        line.disputed,
        _cost(line, plan)[0] is None,
        plan.units.index(line.unit),
        line.package_size,
    )


def _covered(chosen: Iterable[Line], plan: _Plan) -> set[str]:
    """The kinds that another, undisputed price covers, itself not covered before."""
    covered: set[str] = set()
    for line in chosen:
        if line.kind not in covered and not line.disputed:
            covered |= {kind for kind in _includes(line, plan) if kind != line.kind}
    return covered


def _includes(line: Line, plan: _Plan) -> Iterable[str]:
    """A package is of dosing visits; one that names nothing else, of a whole course."""
    if line.kind != "package":
        return line.includes
    if line.unit == "course" and not line.includes:
        return plan.needed
    return ["dose_visit", *line.includes]


def _is_stated(line: Line) -> bool:
    return bool(line.currency) and not line.disputed


def _cost(line: Line, plan: _Plan) -> Span:
    """The least and the most cents for all that is paid of a line's kind."""
    fewest, most = (_often(line, count, plan) for count in plan.times[line.kind])
    low = _for_one(line, line.amount_min_cents, up=False)
    high = _for_one(line, line.amount_max_cents, up=True)
    return _times(low, fewest), _times(high, most)


def _often(line: Line, count: int | None, plan: _Plan) -> int | None:
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
