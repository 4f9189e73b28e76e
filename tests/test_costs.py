"""What a session costs, held to sums done by hand and to rules that always hold."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import costs
from providers.vocabulary import PAYEES
from tests.price_lists import CENTS, TODAY, Line, line, unknown


def amounts(*lines: Line) -> tuple:
    found = costs.session(lines)
    return found.low_cents, found.high_cents, found.missing


# --- By hand --------------------------------------------------------------------------


def test_one_price_is_the_session():
    assert amounts(line(low=45_000)) == (45_000, 45_000, ())


def test_a_range_stays_a_range():
    assert amounts(line(low=40_000, high=55_000)) == (40_000, 55_000, ())


def test_visit_watch_fee_and_medicine_add_up():
    parts = [line(), line("monitoring_fee", 5_000, 7_500), line("drug", 60_000)]
    assert amounts(*parts) == (105_000, 107_500, ())


def test_free_is_a_price():
    assert amounts(line(low=0)) == (0, 0, ())


def test_two_payees_of_one_visit_are_both_paid():
    parts = [
        line(low=25_000, payee="prescriber"),
        line(low=20_000, high=22_500, payee="therapist"),
    ]
    assert amounts(*parts) == (45_000, 47_500, ())


def test_what_a_price_includes_is_not_added_again():
    parts = [line(includes=["drug"]), line("drug", 60_000), line("monitoring_fee", 100)]
    assert amounts(*parts) == (40_100, 40_100, ())


def test_a_price_that_includes_its_own_kind_still_counts():
    assert amounts(line(includes=["dose_visit", "drug"])) == (40_000, 40_000, ())


def test_an_included_part_of_unknown_amount_is_not_missing():
    parts = [line(includes=["drug"]), unknown("drug")]
    assert amounts(*parts) == (40_000, 40_000, ())


def test_a_posted_part_of_unknown_amount_leaves_at_least():
    assert amounts(line(), unknown("drug")) == (40_000, None, ("drug",))


def test_a_watch_fee_without_a_dosing_visit_is_at_least():
    assert amounts(line("monitoring_fee", 5_000)) == (5_000, None, ("dose_visit",))


def test_only_a_low_end_leaves_the_high_end_open():
    assert amounts(line(amount_max_cents=None)) == (40_000, None, ())


def test_only_a_high_end_is_no_known_minimum():
    assert amounts(line(amount_min_cents=None)) == (None, None, ("dose_visit",))


@pytest.mark.parametrize(
    ("minutes", "cents", "low", "high"),
    [
        (90, 20_000, 30_000, 30_000),
        (60, 20_000, 20_000, 20_000),
        (50, 19_999, 16_665, 16_666),  # 16,665.83
        (1, 60, 1, 1),
    ],
)
def test_a_price_by_the_hour_is_for_the_stated_minutes(minutes, cents, low, high):
    assert amounts(line(low=cents, unit="hour", minutes=minutes)) == (low, high, ())


def test_a_price_by_the_hour_without_minutes_is_not_known():
    hourly = line("monitoring_fee", 20_000, unit="hour")
    assert amounts(line(), hourly) == (40_000, None, ("monitoring_fee",))


def test_a_visit_is_taken_before_a_dose_and_a_dose_before_an_hour():
    by_unit = {"visit": 1_000, "dose": 2_000, "hour": 3_000}
    parts = [line(low=low, unit=unit, minutes=None) for unit, low in by_unit.items()]
    assert amounts(*parts)[:2] == (1_000, 1_000)
    assert amounts(*parts[1:])[:2] == (2_000, 2_000)


def test_it_is_known_until_90_days_after_its_earliest_line():
    old = TODAY - timedelta(days=30)
    found = costs.session([line(), line("drug", 100, checked_on=old)])
    assert found.checked_on == old
    assert found.known_until == old + timedelta(days=90)


def test_an_old_line_that_does_not_count_does_not_age_the_session():
    old = TODAY - timedelta(days=300)
    lines = [line(includes=["drug"]), line("drug", 100, checked_on=old)]
    assert costs.session(lines).checked_on == TODAY


# --- What does not count --------------------------------------------------------------


def test_no_lines_are_no_amount():
    assert costs.session([]) is None


@pytest.mark.parametrize(
    "values",
    [
        {"superseded_on": TODAY},
        {"disputed": True},
        {"applies_to": "sliding_scale"},
        {"applies_to": "insured_example"},
        {"applies_to": "public_copay"},
        {"unit": "month"},
        {"unit": "course"},
        {"unit": "package_of_n"},
        {"kind": "booster"},
        {"kind": "integration"},
        {"kind": "cancellation_fee"},
    ],
)
def test_a_line_of_another_sort_is_no_session_price(values):
    left_out = replace(Line(), **values)
    assert costs.session([left_out]) is None
    assert amounts(line(low=50_000, payee="prescriber"), left_out)[0] == 50_000


def test_an_amount_that_nobody_knows_is_no_amount():
    assert costs.session([unknown()]) is None


def test_a_disputed_part_is_missing_and_never_makes_a_session_cheaper():
    parts = [line(), line("drug", 60_000, disputed=True)]
    assert amounts(*parts) == (40_000, None, ("drug",))


def test_a_disputed_part_that_a_price_includes_is_not_missing():
    parts = [line(includes=["drug"]), line("drug", 60_000, disputed=True)]
    assert amounts(*parts) == (40_000, 40_000, ())


def test_what_a_disputed_price_includes_still_costs():
    parts = [
        line(payee="prescriber", disputed=True, includes=["drug"]),
        line(),
        line("drug", 100),
    ]
    assert amounts(*parts) == (40_100, None, ("dose_visit",))


def test_a_superseded_part_is_gone():
    parts = [line(), line("drug", 60_000, superseded_on=TODAY)]
    assert amounts(*parts) == (40_000, 40_000, ())


def test_currencies_never_mix():
    found = costs.session([line(), line("drug", 100, currency="CAD")])
    assert (found.low_cents, found.currency) == (40_000, "USD")
    assert found.missing == ("drug",)


# --- Rules ----------------------------------------------------------------------------


@st.composite
def lines(draw, *, units=("visit", "dose", "hour"), currencies=("USD", "CAD")) -> list:
    """Self-pay lines as the database allows them: one current line a key."""
    keys = st.tuples(
        st.sampled_from(costs.SESSION_KINDS),
        st.sampled_from(list(PAYEES)),
        st.sampled_from(units),
    )
    return [
        draw(_line_of(key, currencies)) for key in draw(st.lists(keys, unique=True))
    ]


@st.composite
def _line_of(draw, key, currencies) -> Line:
    kind, payee, unit = key
    low, extra = draw(st.none() | CENTS), draw(st.none() | CENTS)
    high = None if extra is None else (low or 0) + extra
    known = (low, high) != (None, None)
    return Line(
        kind=kind,
        payee=payee,
        unit=unit,
        minutes=draw(st.none() | st.integers(1, 300)) if unit == "hour" else None,
        amount_min_cents=low,
        amount_max_cents=high,
        currency=draw(st.sampled_from(currencies)) if known else "",
        includes=draw(st.lists(st.sampled_from(costs.SESSION_KINDS), max_size=1)),
        disputed=draw(st.booleans()),
        checked_on=TODAY - timedelta(days=draw(st.integers(0, 400))),
    )


@given(lines())
def test_the_low_end_is_never_above_the_high_end(drawn):
    found = costs.session(drawn)
    if found and None not in (found.low_cents, found.high_cents):
        assert found.low_cents <= found.high_cents


@given(lines(), st.randoms())
def test_the_order_of_the_lines_never_matters(drawn, random):
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert costs.session(shuffled) == costs.session(drawn)


@given(lines(currencies=("USD",)))
def test_unknown_never_counts_as_nothing(drawn):
    """Where a part is missing there is no upper end, and the low end is "at least"."""
    found = costs.session(drawn)
    if found and not found.complete:
        assert found.high_cents is None
    known = [
        part
        for part in drawn
        if part.amount_min_cents is not None
        and (part.unit != "hour" or part.minutes is not None)
    ]
    if not known:
        assert found is None or found.low_cents is None


@given(lines(currencies=("USD",)), st.sampled_from(["clinic", "pharmacy"]), CENTS)
def test_a_needed_line_of_a_new_kind_never_lowers_the_session(drawn, payee, cents):
    others = [replace(part, includes=[]) for part in drawn if part.kind != "drug"]
    parts = [line(), *(part for part in others if part.payee != "clinic")]
    before, after = (
        costs.session(parts),
        costs.session([*parts, new_line(cents, payee)]),
    )
    assert after.low_cents == before.low_cents + cents
    if before.high_cents is not None:
        assert after.high_cents == before.high_cents + cents


def new_line(cents: int, payee: str) -> Line:
    return line("drug", cents, payee=payee)


@given(lines(units=("visit",), currencies=("USD",)), st.integers(0, 10))
def test_disputing_a_line_never_makes_a_complete_session_cheaper(drawn, which):
    others = [part for part in drawn if part.payee != "clinic"]
    bare = [line(), *(replace(part, includes=[]) for part in others)]
    at = which % len(bare)
    before = costs.session(bare)
    bare[at] = replace(bare[at], disputed=True)
    after = costs.session(bare)
    if before and before.complete and after and after.complete:
        assert after.low_cents >= before.low_cents


@given(lines())
def test_the_currency_is_that_of_lines_in_it_and_of_no_other(drawn):
    found = costs.session(drawn)
    if found is None:
        return
    in_it = [part for part in drawn if part.currency == found.currency]
    alone = costs.session(in_it)
    assert alone is not None
    if alone.low_cents is not None and found.complete:
        assert alone.low_cents == found.low_cents


@given(lines())
def test_a_session_is_no_fresher_than_any_line_in_it(drawn):
    found = costs.session(drawn)
    if found:
        assert found.checked_on in {part.checked_on for part in drawn}
        assert found.known_until == found.checked_on + timedelta(days=90)
