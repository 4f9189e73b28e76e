"""What an offering costs, in words: its sums, their parts, and how old they are.

The listing, the comparison, the budget and `manage.py cost` all print these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from providers import costs, geo, vocabulary, wording
from providers.estimates import Estimate
from providers.models import PriceLine
from providers.places import Found
from providers.question import Search
from providers.views.known import asked_when, estimated_when

# What clinics often charge for beside the sessions; asked about where nothing says it.
_OFTEN_EXTRA = ("consult", "medical_eval", "monitoring_fee", "drug", "lab_test")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in words, and the amount that they tell."""

    amount: costs.Amount | None  # None: nothing known, or only prices too old
    words: str  # "$2,350–$2,500", or why there is none
    known: str = ""  # since when, how and from where its earliest price is known
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One price line in words; no amount where it is not known."""

    line: PriceLine
    amount: str
    includes: str
    counted: str  # "6 × $400 = $2,400": its part of the course, if it has one
    checked: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a course has each kind of visit, and who says so."""

    visits: list[str]
    whose: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay for the course: by its parts, or by a posted package."""

    name: str
    sum: Sum
    is_taken: bool  # whether the course's sum is this one


@dataclass(frozen=True, slots=True)
class Journey:
    """How a person gets to a listing: what a course with travel is added up from."""

    origin: Found
    distance_km: float | None  # one way, as the crow flies; None: no point
    ride: costs.Ride
    currency: str
    unit: str

    def to(self, estimate: Estimate) -> costs.Amount | None:
        """The course and the way there; its money only where it is one currency."""
        course, ride = estimate.course, self.ride
        if course and course.currency != self.currency:
            ride = costs.Ride(driver=ride.driver, nights=ride.nights)
        return estimate.with_travel(self.distance_km, ride)


@dataclass(frozen=True, slots=True)
class Costs:
    """What one offering costs a person who pays it all, in words."""

    estimate: Estimate
    session: Sum
    course: Sum
    first_year: Sum
    with_travel: Sum | None  # None: nobody asked from where
    schedule: Schedule | None
    trips: str  # how often one goes there; "" where it is not known
    ways: list[Way]  # none where there is but one
    payees: list[tuple[str, str]]  # none where one is paid all of it
    lines: list[ShownLine]
    apart: list[ShownLine]  # for other people, or in another currency: in no sum
    not_told: str  # what may come on top

    @property
    def known(self) -> str:
        """Since when all of its sums are known, where that is the same of each."""
        sums = (self.session, self.course, self.first_year, self.with_travel)
        known = {found.known for found in sums if found and found.known}
        return known.pop() if len(known) == 1 else ""


def journey(search: Search, to: geo.Point | None) -> Journey | None:
    """The way from the place that a question names; None where it names none."""
    if search.origin is None:
        return None
    far_km = geo.distance_km(search.origin.point, to) if to else None
    return Journey(search.origin, far_km, search.ride, search.currency, search.unit)


def costs_of(estimate: Estimate, on: date, by: Journey | None = None) -> Costs:
    """Everything that a page tells of what an offering costs on that day."""
    bill, lines = estimate.bill, estimate.lines
    with_travel = None
    if by:
        with_travel = _course(estimate, by.to(estimate), on)
    shown = [_line(line, estimate, on) for line in _shown(lines, on)]
    currency = _currency(estimate)
    return Costs(
        estimate=estimate,
        session=_session(estimate, on),
        course=_course(estimate, estimate.course, on),
        first_year=_first_year(estimate, on),
        with_travel=with_travel,
        schedule=_schedule(estimate),
        trips=_trips(estimate),
        ways=_ways(estimate, on) if len(estimate.bills) > 1 else [],
        payees=_payees(bill) if bill and not is_history(bill.amount, on) else [],
        lines=[line for line in shown if not _is_apart(line.line, currency)],
        apart=[line for line in shown if _is_apart(line.line, currency)],
        not_told=_not_told(estimate),
    )


def is_history(known: costs.Amount | PriceLine, on: date) -> bool:
    """Whether it is too old to be told as a price of today."""
    return (on - known.checked_on).days > vocabulary.PRICE_HISTORY_DAYS


def _session(estimate: Estimate, on: date) -> Sum:
    lines = [n for n in estimate.lines if n.kind in costs.SESSION_KINDS]
    nothing = _("Price not published, ask")
    return sum_in_words(estimate.session, lines, on, nothing)


def _course(estimate: Estimate, amount: costs.Amount | None, on: date) -> Sum:
    lines = [part.line for part in estimate.bill.parts] if estimate.bill else []
    return sum_in_words(amount, lines, on, _why_none(estimate))


def _first_year(estimate: Estimate, on: date) -> Sum:
    kinds = (*costs.COURSE_KINDS, "booster")
    lines = [line for line in estimate.lines if line.kind in kinds]
    return sum_in_words(estimate.first_year, lines, on, _why_none(estimate))


def _why_none(estimate: Estimate) -> str:
    if estimate.schedule is None:
        return _("No total: how ketamine is given is not stated, ask")
    if not estimate.counts:
        return _("No total: the schedule varies, ask")
    return _("Price not published, ask")


def sum_in_words(
    amount: costs.Amount | None, lines: Iterable[PriceLine], on: date, nothing: str
) -> Sum:
    """The sum and since when it is known; `nothing` is said where there is none.

    `lines`: those that it is of, among others.
    """
    if amount is None:
        return Sum(None, nothing)
    if is_history(amount, on):
        return Sum(None, _("No total: the prices are too old, ask"))
    known = _known(amount, lines, on)
    return Sum(amount, wording.total(amount), known, amount.known_until < on)


def _known(amount: costs.Amount, lines: Iterable[PriceLine], on: date) -> str:
    """When, how and from where the earliest price of a sum is known."""
    wanted = (amount.checked_on, amount.currency, "self_pay", False)
    earliest = next(
        line
        for line in lines
        if (line.checked_on, line.currency, line.applies_to, line.disputed) == wanted
    )
    return estimated_when(earliest, on)


def _schedule(estimate: Estimate) -> Schedule | None:
    counts = estimate.counts
    if not counts:
        return None
    own = costs.own_counts(estimate.lines)
    visits = []
    for kind in costs.COUNTED_KINDS:
        if kind in counts and counts[kind] != (0, 0):
            said = {"kind": vocabulary.PRICE_KINDS.label(kind)}
            said["times"] = wording.counted(counts[kind])
            if kind in own and own.keys() != counts.keys():
                visits.append(_("%(kind)s: %(times)s, as the clinic says") % said)
            else:
                visits.append(f"{said['kind']}: {said['times']}")
    if own.keys() == counts.keys():
        return Schedule(visits, _("Schedule as the clinic says"))
    return Schedule(visits, _("Typical schedule; the clinic sets yours"))


def _trips(estimate: Estimate) -> str:
    if estimate.offering.setting in vocabulary.REMOTE_SETTINGS:
        return _("Care at home: no travel")
    if estimate.trips is None:
        return ""
    spans = list(zip(*estimate.trips, strict=True))
    least = sum(count or 0 for count in spans[0])
    most = None if None in spans[1] else sum(spans[1])
    if most == 0:
        return ""
    return _("There and back: %(times)s") % {"times": wording.times(least, most)}


def _ways(estimate: Estimate, on: date) -> list[Way]:
    ways = []
    for bill in estimate.bills:
        lines = [part.line for part in bill.parts]
        whole = sum_in_words(bill.amount, lines, on, "")
        name = _("Visit by visit")
        if bill.package:
            price = wording.price_line(bill.package)
            name = _("With the posted package (%(price)s)") % {"price": price}
        ways.append(Way(name, whole, bill is estimate.bill))
    return ways


def _payees(bill: costs.Bill) -> list[tuple[str, str]]:
    """Who is paid how much of the course, each once."""
    currency, paid = bill.amount.currency, bill.by_payee
    if len(paid) < 2:
        return []
    return [
        (
            wording.lower_first(str(vocabulary.PAYEES.label(payee))),
            wording.amount_range(low, high, currency) or _("not known"),
        )
        for payee, (low, high) in paid.items()
    ]


def _shown(lines: Iterable[PriceLine], on: date) -> list[PriceLine]:
    """The lines that are no history yet, as a page orders them."""
    return sorted((line for line in lines if not is_history(line, on)), key=_rank)


def _rank(line: PriceLine) -> tuple[int, int]:
    kinds, people = list(vocabulary.PRICE_KINDS), list(vocabulary.APPLIES_TO)
    return kinds.index(line.kind), people.index(line.applies_to)


def _line(line: PriceLine, estimate: Estimate, on: date) -> ShownLine:
    covered = [wording.kind(kind) for kind in line.includes if kind != line.kind]
    parts = estimate.bill.parts if estimate.bill else []
    counted = (wording.counted_price(part) for part in parts if part.line is line)
    return ShownLine(
        line=line,
        amount=wording.price_line(line),
        includes=", ".join(covered),
        counted=next(counted, ""),
        checked=asked_when(line, on),
        stale=line.is_stale(on),
    )


def _currency(estimate: Estimate) -> str:
    """The one currency of its sums; "" where there are none."""
    known = estimate.course or estimate.session
    return known.currency if known else ""


def _is_apart(line: PriceLine, currency: str) -> bool:
    other = bool(currency and line.currency) and line.currency != currency
    return line.applies_to != "self_pay" or other


def _not_told(estimate: Estimate) -> str:
    """What often comes on top and is neither posted nor included, as a list."""
    told = {line.kind for line in estimate.lines} | set(estimate.counts)
    told |= {kind for line in estimate.lines for kind in line.includes}
    whole = any(n.kind == "package" and not n.includes for n in estimate.lines)
    silent = [kind for kind in _OFTEN_EXTRA if kind not in told]
    if not estimate.lines or whole or not silent:
        return ""
    return wording.listed([wording.kind(kind) for kind in silent])
