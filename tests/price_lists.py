"""Prices to add up, by hand and drawn, and schedules to ask them for.

The price list is that of domain.md 2.4: first talk 200, first medical visit 250,
preparation 175, dose 400 swallowed or 450 as a shot, integration 175.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from providers import costs
from providers.vocabulary import PAYEES, PRICE_KINDS, PRICE_UNITS

TODAY = date(2026, 3, 31)


@dataclass(frozen=True)
class Line:
    """$400 for a dosing visit, asked for today, unless told otherwise."""

    kind: str = "dose_visit"
    payee: str = "clinic"
    unit: str = "visit"
    package_size: int = 1
    minutes: int | None = None
    amount_min_cents: int | None = 40_000
    amount_max_cents: int | None = 40_000
    currency: str = "USD"
    applies_to: str = "self_pay"
    includes: list[str] = field(default_factory=list)
    disputed: bool = False
    superseded_on: date | None = None
    checked_on: date = TODAY
    count_min: int | None = None
    count_max: int | None = None


def line(kind="dose_visit", low=40_000, high=None, **values) -> Line:
    currency = "" if low is high is None else "USD"
    amounts = {
        "amount_min_cents": low,
        "amount_max_cents": low if high is None else high,
    }
    return Line(**{"kind": kind, "currency": currency} | amounts | values)


def unknown(kind="dose_visit", **values) -> Line:
    return line(kind, None, **values)


KAP = {
    "consult": (1, 1),
    "medical_eval": (1, 1),
    "prep": (1, 1),
    "dose_visit": (3, 3),
    "integration": (3, 3),
}
SIX_DOSES = KAP | {"dose_visit": (6, 6), "integration": (6, 6)}
GROUP = {"prep": (2, 2), "dose_visit": (3, 3), "integration": (3, 3)}
INFUSIONS = {"dose_visit": (6, 6)}


def price_list(dose: int = 40_000) -> list[Line]:
    return [
        line("consult", 20_000),
        line("medical_eval", 25_000),
        line("prep", 17_500),
        line("dose_visit", dose),
        line("integration", 17_500),
    ]


def total(lines, counts, weeks=None) -> tuple:
    found = costs.course(lines, counts, weeks)
    return found.low_cents, found.high_cents, found.missing


def counted(kind: str, least: int, most: int | None, cents=40_000, **values):
    return line(kind, cents, count_min=least, count_max=most, **values)


def package(cents: int, **values) -> Line:
    return line("package", cents, **{"unit": "course"} | values)


CENTS = st.integers(0, 200_000)
SPANS = st.tuples(st.integers(0, 8), st.none() | st.integers(0, 8)).map(
    lambda span: (span[0], None if span[1] is None else sum(span))
)
COUNTS = st.dictionaries(st.sampled_from(costs.COURSE_KINDS), SPANS, max_size=6)
WEEKS = st.none() | st.integers(0, 60)


@st.composite
def lines(draw, *, currencies=("USD", "GBP"), packages=True) -> list[Line]:
    """Self-pay lines as the database allows them: one current line a key."""
    kinds = [kind for kind in PRICE_KINDS if packages or kind != "package"]
    keys = st.tuples(
        st.sampled_from(kinds),
        st.sampled_from(list(PAYEES)[:2]),
        st.sampled_from(list(PRICE_UNITS)),
        st.integers(2, 5),
    )
    drawn = draw(st.lists(keys, max_size=8))
    sized = {(k, p, u, n if u == "package_of_n" else 1) for k, p, u, n in drawn}
    return [draw(_line_of(key, currencies)) for key in sorted(sized)]


@st.composite
def _line_of(draw, key, currencies) -> Line:
    kind, payee, unit, size = key
    low, extra = draw(st.none() | CENTS), draw(st.none() | CENTS)
    known = (low, extra) != (None, None)
    return Line(
        kind=kind,
        payee=payee,
        unit=unit,
        package_size=size,
        minutes=draw(st.none() | st.integers(1, 300)) if unit == "hour" else None,
        amount_min_cents=low,
        amount_max_cents=None if extra is None else (low or 0) + extra,
        currency=draw(st.sampled_from(currencies)) if known else "",
        includes=draw(st.lists(st.sampled_from(costs.COURSE_KINDS), max_size=1)),
        disputed=draw(st.booleans()),
        checked_on=TODAY - timedelta(days=draw(st.integers(0, 400))),
    )
