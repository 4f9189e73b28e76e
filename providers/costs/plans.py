"""What is paid and how often: the plan of a session, of a course, of a first year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from providers.costs.amounts import Line, Span

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
# Of what a clinic may say how often its own course or year has it.
COUNTED_KINDS = (*COURSE_KINDS[1:], "booster")
# Of several prices of one kind and payee, that in the first of these units counts.
_SESSION_UNITS = ("visit", "dose", "hour")
_COURSE_UNITS = ("course", *_SESSION_UNITS, "month", "package_of_n")
# Boosters as needed: perhaps none, and no limit.
_AS_NEEDED = (0, None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is paid and how often: its kinds in the order in which they are told."""

    times: Mapping[str, Span]
    needed: frozenset[str]  # kinds without whose price the sum is not complete
    units: tuple[str, ...]
    months: int | None = None

    def asked(self, lines: Iterable[Line]) -> list[Line]:
        """The current lines of what it holds, for a person who pays it all."""
        return [
            line
            for line in lines
            if _is_paid(line) and line.unit in self.units and line.kind in self.times
        ]


SESSION = Plan(
    times=dict.fromkeys(SESSION_KINDS, (1, 1)),
    needed=frozenset(["dose_visit"]),
    units=_SESSION_UNITS,
)


def schedule(lines: Iterable[Line], typical: Mapping[str, Span]) -> dict[str, Span]:
    """How often a course has each kind: as the clinic says, else as is typical.

    Of several lines of one kind the widest range counts. Empty where no schedule is
    known: then no dosing visits are.
    """
    own = own_counts(lines)
    return dict(typical) | own if typical or "dose_visit" in own else {}


def own_counts(lines: Iterable[Line]) -> dict[str, Span]:
    """How often a course has a kind, where the clinic itself says so."""
    said: dict[str, list[Line]] = {}
    for line in lines:
        if _is_paid(line) and line.count_min is not None and not line.disputed:
            said.setdefault(line.kind, []).append(line)
    counts = {}
    for kind, some in said.items():
        most = [line.count_max for line in some]
        least = min(line.count_min for line in some)
        counts[kind] = (least, None if None in most else max(most))
    return counts


def course_plan(counts: Mapping[str, Span], weeks: int | None) -> Plan:
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
    return Plan(
        times={kind: span for kind, span in times.items() if kind not in never},
        needed=frozenset(asked.keys() & times.keys() - never),
        units=_COURSE_UNITS,
        months=months,
    )


def year_plan(counts: Mapping[str, Span], course: Plan) -> Plan:
    """The course and the boosters of a first year: as needed, where nobody says."""
    boosters = counts.get("booster", _AS_NEEDED)
    if boosters[1] == 0:
        return course
    return Plan(
        times={**course.times, "booster": boosters},
        needed=course.needed | {"booster"},
        units=course.units,
        months=course.months,
    )


def _is_paid(line: Line) -> bool:
    """Whether it stands today, and for a person who pays it all."""
    return line.superseded_on is None and line.applies_to == "self_pay"


def _months(weeks: int) -> int:
    """The months that so many weeks begin; 13 weeks are three."""
    return -(-weeks * 12 // 52)
