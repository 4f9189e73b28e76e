"""A session, a course and a first year, as a person pays for them who pays it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from providers.costs import adding
from providers.costs.adding import Part
from providers.costs.amounts import Amount, Line, Span
from providers.costs.plans import SESSION, Plan, course_plan, schedule, year_plan

NOTHING: Mapping[str, Span] = {}


@dataclass(frozen=True, slots=True)
class Bill:
    """A sum with its parts, and the posted package that it takes, if any."""

    amount: Amount
    parts: Sequence[Part]
    package: Line | None = None

    @property
    def by_payee(self) -> dict[str, Span]:
        """Payee → the least and the most cents for all that is paid to them.

        None: not known. What nobody has a price for is in no payee's sum.
        """
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.line.payee, []).append(part)
        return {payee: (_low(some), _high(some)) for payee, some in found.items()}


def session(lines: Iterable[Line]) -> Amount | None:
    """Return what one dosing visit costs a person who pays it all, or None.

    Adds dosing visit, monitoring and drug, each payee's, less the kinds that a line
    already includes. Only current self-pay lines count; without a known dosing visit,
    or with a posted part whose amount is unknown or disputed, the amount is not
    complete. Currencies never mix: the dosing visit's decides.
    """
    return adding.total(SESSION.asked(lines), SESSION)


def course(
    lines: Iterable[Line],
    typical: Mapping[str, Span] = NOTHING,
    weeks: int | None = None,
) -> Amount | None:
    """Return what a first course costs a person who pays it all, or None.

    `typical` tells how often the schedule asks for each kind (6, 8), or (3, None) for
    3 or more, where the lines do not say it themselves; `weeks` how long it takes.
    Each kind asked for is needed: without its price the amount is "at least". First
    visits and lab tests are added once where posted, monitoring, drug, room and
    shipping with each dose, a membership for each month begun; a posted one whose
    amount is unknown or disputed is missing. All else is as for a session; boosters
    are no part of it.

    Where parts of the sum are missing and a package that the clinic posts leaves
    fewer missing, it is that package with what it does not cover. No schedule: None.
    """
    return _amount(best(bills(lines, typical, weeks)))


def first_year(
    lines: Iterable[Line],
    typical: Mapping[str, Span] = NOTHING,
    weeks: int | None = None,
) -> Amount | None:
    """Return what the course and the boosters of a first year cost, or None.

    Where nobody says how many, boosters are as needed: the high end is open, and
    without their price the amount is "at least".
    """
    lines = list(lines)
    counts = schedule(lines, typical)
    course = course_plan(counts, weeks)
    if not course.needed:
        return None
    return _amount(best(_bills(lines, year_plan(counts, course))))


def bills(
    lines: Iterable[Line],
    typical: Mapping[str, Span] = NOTHING,
    weeks: int | None = None,
) -> list[Bill]:
    """The ways to pay for a course: the sum of its parts, then each posted package.

    A package comes with the parts that it does not cover. Nothing known, or no
    schedule: none.
    """
    lines = list(lines)
    return _bills(lines, course_plan(schedule(lines, typical), weeks))


def best(found: Iterable[Bill]) -> Bill | None:
    """The bill that `course` takes: of those with fewest parts missing the first."""
    return min(found, key=lambda bill: len(bill.amount.missing), default=None)


def _bills(lines: Iterable[Line], plan: Plan) -> list[Bill]:
    if not plan.needed:
        return []
    asked = plan.asked(lines)
    parts = [line for line in asked if line.kind != "package"]
    packages = [line for line in asked if adding.is_whole(line, plan)]
    packages.sort(key=lambda line: adding.preference(line, plan))
    found = [_bill(parts, plan)]
    found += [_bill([package, *parts], plan, package) for package in packages]
    return [bill for bill in found if bill]


def _bill(lines: list[Line], plan: Plan, package: Line | None = None) -> Bill | None:
    amount = adding.total(lines, plan)
    return amount and Bill(amount, adding.parts(lines, plan), package)


def _amount(bill: Bill | None) -> Amount | None:
    return bill and bill.amount


def _low(parts: Iterable[Part]) -> int | None:
    known = [part.low_cents for part in parts if part.low_cents is not None]
    return sum(known) if known else None


def _high(parts: Sequence[Part]) -> int | None:
    highs = [part.high_cents for part in parts]
    return None if None in highs else sum(highs)
