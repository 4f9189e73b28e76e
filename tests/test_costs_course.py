"""What a first course costs, held to sums done by hand and to rules that always hold.

The price list is that of domain.md 2.4: first talk 200, first medical visit 250,
preparation 175, dose 400 swallowed or 450 as a shot, integration 175.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import costs
from providers.vocabulary import PAYEES, PRICE_KINDS, PRICE_UNITS
from tests.test_costs import CENTS, TODAY, Line, line, unknown

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


# --- By hand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "counts", "cents"),
    [
        # 200 + 250 + 175 + 3 × 400 + 3 × 175
        (40_000, KAP, 235_000),
        (45_000, KAP, 250_000),
        # 200 + 250 + 175 + 6 × 400 + 6 × 175; the clinic's own page says 4,375
        (40_000, SIX_DOSES, 407_500),
        (45_000, SIX_DOSES, 437_500),
    ],
)
def test_a_posted_price_list_adds_up(dose, counts, cents):
    assert total(price_list(dose), counts) == (cents, cents, ())


def test_first_visits_come_on_top_of_a_group_course():
    # 2 × 125 + 3 × 225 + 3 × 100 = 1,225, and 450 for the first visits
    sessions = [
        line("prep", 12_500),
        line("dose_visit", 22_500),
        line("integration", 10_000),
    ]
    assert total(sessions, GROUP) == (122_500, 122_500, ())
    first_visits = [line("consult", 20_000), line("medical_eval", 25_000)]
    assert total([*sessions, *first_visits], GROUP) == (167_500, 167_500, ())


def test_a_range_of_counts_and_a_range_of_prices_stay_apart():
    counts = {"dose_visit": (4, 6)}
    assert total([line(low=30_000, high=45_000)], counts) == (120_000, 270_000, ())


def test_or_more_leaves_the_high_end_open():
    counts = {"dose_visit": (3, 6), "prep": (3, None)}
    lines = [line(low=40_000), line("prep", 15_000)]
    assert total(lines, counts) == (165_000, None, ())


def test_what_is_free_is_free_however_often():
    counts = {"dose_visit": (3, 6), "prep": (3, None)}
    assert total([line(low=40_000), line("prep", 0)], counts) == (120_000, 240_000, ())


def test_a_course_that_is_free_is_known():
    assert total([line(low=0)], INFUSIONS) == (0, 0, ())


def test_a_missing_line_is_named_and_makes_the_sum_at_least():
    without_prep = [part for part in price_list() if part.kind != "prep"]
    assert total(without_prep, KAP) == (217_500, None, ("prep",))


def test_a_free_line_beside_an_unknown_one_hides_nothing():
    lines = [line("prep", 0), unknown("dose_visit")]
    counts = {"prep": (2, 2), "dose_visit": (3, 3), "integration": (3, 3)}
    assert total(lines, counts) == (0, None, ("dose_visit", "integration"))


def test_each_payee_of_a_visit_is_paid_each_time():
    lines = [
        line(low=25_000, payee="prescriber"),
        line(low=20_000, high=22_500, payee="therapist"),
    ]
    assert total(lines, {"dose_visit": (3, 3)}) == (135_000, 142_500, ())


def test_one_payee_unknown_is_a_missing_part():
    lines = [line(low=25_000, payee="prescriber"), unknown(payee="therapist")]
    assert total(lines, {"dose_visit": (3, 3)}) == (75_000, None, ("dose_visit",))


def test_a_part_in_pounds_is_missing_among_dollars():
    counts = {"dose_visit": (3, 3), "prep": (1, 1)}
    found = costs.course([line(), line("prep", 15_000, currency="GBP")], counts)
    assert (found.low_cents, found.currency) == (120_000, "USD")
    assert found.missing == ("prep",)


def test_all_in_pounds_is_in_pounds():
    pounds = [replace(part, currency="GBP") for part in price_list()]
    found = costs.course(pounds, KAP)
    assert (found.low_cents, found.currency, found.complete) == (235_000, "GBP", True)


def test_the_dosing_visit_decides_the_currency_as_in_a_session():
    lines = [line("prep", 100, currency="USD"), line(currency="CAD")]
    counts = {"prep": (1, 1), "dose_visit": (2, 2)}
    assert costs.course(lines, counts).currency == costs.session(lines).currency


# --- What is asked for, and what is added where it is posted --------------------------


def test_watching_medicine_room_and_shipping_are_paid_with_each_dose():
    each_dose = ("monitoring_fee", "drug", "facility_fee", "pharmacy_shipping")
    lines = [line(), *(line(kind, 1_000) for kind in each_dose)]
    assert total(lines, INFUSIONS) == (264_000, 264_000, ())


def test_first_visits_and_lab_tests_are_paid_once():
    once = ("consult", "medical_eval", "lab_test")
    lines = [line(), *(line(kind, 10_000) for kind in once)]
    assert total(lines, INFUSIONS) == (270_000, 270_000, ())


def test_a_posted_part_that_nobody_knows_is_missing():
    assert total([line(), unknown("drug")], INFUSIONS) == (240_000, None, ("drug",))


def test_a_part_that_is_not_posted_is_needed_only_if_the_schedule_says_so():
    watched = INFUSIONS | {"monitoring_fee": (6, 6)}
    assert total([line()], INFUSIONS) == (240_000, 240_000, ())
    assert total([line()], watched) == (240_000, None, ("monitoring_fee",))


def test_therapy_that_the_schedule_does_not_ask_for_is_not_added():
    lines = [line(), line("integration", 17_500), line("prep", 17_500)]
    assert total(lines, INFUSIONS) == (240_000, 240_000, ())


def test_boosters_stay_apart_and_a_late_cancellation_is_no_care():
    lines = [line(), line("booster", 50_000), line("cancellation_fee", 10_000)]
    asked = INFUSIONS | {"booster": (2, 2), "cancellation_fee": (1, 1)}
    assert total(lines, asked) == (240_000, 240_000, ())


def test_what_a_price_includes_is_neither_added_nor_missing():
    lines = [line(includes=["drug", "prep"]), line("drug", 60_000)]
    counts = {"dose_visit": (3, 3), "prep": (1, 1)}
    assert total(lines, counts) == (120_000, 120_000, ())


def test_two_prices_that_include_each_other_are_paid_once():
    lines = [
        line(includes=["drug"]),
        line("drug", 60_000, includes=["dose_visit"]),
        line("prep", 10_000),
    ]
    assert total(lines, INFUSIONS | {"prep": (1, 1)}) == (250_000, 250_000, ())


def test_a_price_that_is_not_paid_covers_nothing():
    """The course takes one of two prices; what the other includes still costs."""
    lines = [
        line(),
        line(low=70_000, unit="package_of_n", package_size=2, includes=["drug"]),
        line("drug", 1_000),
        line("booster", 1_000, includes=["drug"]),
    ]
    assert total(lines, INFUSIONS) == (246_000, 246_000, ())


def test_a_kind_that_the_schedule_excludes_is_not_added():
    lines = [line(), line("drug", 60_000)]
    assert total(lines, INFUSIONS | {"drug": (0, 0)}) == (240_000, 240_000, ())


def test_what_may_or_may_not_be_needed_costs_only_at_the_high_end():
    lines = [line(), line("prep", 10_000)]
    counts = INFUSIONS | {"prep": (0, 2)}
    assert total(lines, counts) == (240_000, 260_000, ())
    assert total(lines[:1], counts) == (240_000, None, ("prep",))


@pytest.mark.parametrize("counts", [{}, {"dose_visit": (0, 0)}, {"booster": (2, 2)}])
def test_a_schedule_that_asks_for_nothing_is_no_course(counts):
    assert costs.course(price_list(), counts) is None


# --- Units ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ({"unit": "visit"}, 160_000, 240_000),
        ({"unit": "dose"}, 160_000, 240_000),
        ({"unit": "hour", "minutes": 90}, 240_000, 360_000),
        ({"unit": "package_of_n", "package_size": 2}, 80_000, 120_000),
        ({"unit": "package_of_n", "package_size": 4}, 40_000, 80_000),
        ({"unit": "package_of_n", "package_size": 5}, 40_000, 80_000),
        ({"unit": "month"}, 80_000, 80_000),
        ({"unit": "course"}, 40_000, 40_000),
    ],
)
def test_a_unit_says_how_often_its_price_is_paid(values, low, high):
    counts = {"dose_visit": (4, 6)}
    assert total([line(**values)], counts, weeks=8) == (low, high, ())


def test_hours_without_minutes_are_not_known():
    assert total([line(unit="hour")], INFUSIONS) == (None, None, ("dose_visit",))


@pytest.mark.parametrize(
    ("weeks", "months"), [(1, 1), (4, 1), (5, 2), (8, 2), (13, 3), (14, 4), (52, 12)]
)
def test_a_membership_is_paid_for_each_month_begun(weeks, months):
    lines = [line(), line("monthly_membership", 12_900, unit="month")]
    cents = 240_000 + months * 12_900
    assert total(lines, INFUSIONS, weeks) == (cents, cents, ())


@pytest.mark.parametrize("weeks", [None, 0])
def test_months_of_a_course_that_takes_nobody_knows_how_long_are_not_known(weeks):
    lines = [line(), line("monthly_membership", 12_900, unit="month")]
    missing = ("monthly_membership",)
    assert total(lines, INFUSIONS, weeks) == (240_000, None, missing)


def test_a_schedule_may_count_the_months_of_a_membership():
    lines = [line("monthly_membership", 12_900, unit="month")]
    assert total(lines, {"monthly_membership": (2, 3)}) == (25_800, 38_700, ())


def test_a_price_by_the_course_comes_before_one_by_the_visit():
    lines = [line(low=40_000), line(low=210_000, unit="course")]
    assert total(lines, INFUSIONS) == (210_000, 210_000, ())


def test_a_known_price_comes_before_one_that_nobody_knows():
    lines = [unknown(), line(low=90_000, unit="package_of_n", package_size=3)]
    assert total(lines, INFUSIONS) == (180_000, 180_000, ())


# --- A posted package -----------------------------------------------------------------


def package(cents: int, **values) -> Line:
    return line("package", cents, **{"unit": "course"} | values)


def test_the_sum_of_parts_is_taken_before_a_posted_package():
    assert total([*price_list(), package(200_000)], KAP) == (235_000, 235_000, ())


def test_a_posted_package_stands_in_where_a_part_is_missing():
    assert total([line(), package(200_000)], KAP) == (200_000, 200_000, ())


def test_a_package_alone_is_the_course_and_first_visits_come_on_top():
    lines = [package(200_000, amount_max_cents=250_000), line("consult", 5_000)]
    assert total(lines, GROUP) == (205_000, 255_000, ())


def test_a_package_covers_only_what_it_names():
    lines = [package(200_000, includes=["integration"]), line("prep", 10_000)]
    assert total(lines, GROUP) == (220_000, 220_000, ())
    assert total(lines[:1], GROUP) == (200_000, None, ("prep",))


def test_a_set_of_visits_is_paid_as_often_as_the_doses_need():
    lines = [package(90_000, unit="package_of_n", package_size=4)]
    assert total(lines, INFUSIONS) == (180_000, 180_000, ())
    assert total(lines, GROUP) == (90_000, None, ("prep", "integration"))


def test_where_no_dose_is_asked_for_only_a_package_by_the_course_counts():
    therapy = {"prep": (1, 1), "integration": (2, 2)}
    assert total([package(50_000)], therapy) == (50_000, 50_000, ())
    sessions = ["prep", "integration"]
    by_set = package(20_000, unit="package_of_n", package_size=2, includes=sessions)
    assert costs.course([by_set], therapy) is None


@pytest.mark.parametrize(
    "values",
    [
        {"disputed": True},
        {"superseded_on": TODAY},
        {"applies_to": "sliding_scale"},
        {"unit": "visit"},
        {"unit": "month"},
        {"amount_min_cents": None},
    ],
)
def test_a_package_that_is_not_certain_stands_in_for_nothing(values):
    lines = [line(), package(200_000, **values)]
    assert total(lines, GROUP) == (120_000, None, ("prep", "integration"))
    assert costs.course(lines[1:], GROUP) is None


# --- What does not count --------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"superseded_on": TODAY},
        {"applies_to": "sliding_scale"},
        {"applies_to": "insured_example"},
        {"applies_to": "public_copay"},
        {"disputed": True},
    ],
)
def test_a_price_that_is_not_current_self_pay_and_undisputed_never_counts(values):
    lines = [line(), replace(line("prep", 10_000), **values)]
    counts = {"dose_visit": (3, 3), "prep": (1, 1)}
    assert total(lines, counts) == (120_000, None, ("prep",))


def test_nothing_known_is_no_amount():
    assert costs.course([], KAP) is None
    assert costs.course([unknown()], KAP) is None
    assert costs.course([line("booster", 100)], KAP) is None


def test_it_is_as_old_as_the_earliest_line_in_it():
    old, older = TODAY - timedelta(days=30), TODAY - timedelta(days=300)
    lines = [
        line(includes=["drug"]),
        line("prep", 100, checked_on=old),
        line("drug", 100, checked_on=older),
        line("booster", 100, checked_on=older),
    ]
    assert costs.course(lines, {"dose_visit": (3, 3), "prep": (1, 1)}).checked_on == old


# --- Rules ----------------------------------------------------------------------------

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


NEW = ("prep", "drug", "lab_test", "monthly_membership")


@given(
    lines(currencies=("USD",), packages=False),
    COUNTS,
    WEEKS,
    st.sampled_from(NEW),
    CENTS | st.none(),
    st.sampled_from(["visit", "month", "course"]),
)
def test_a_line_of_a_kind_not_yet_there_never_lowers_a_total(
    drawn, counts, weeks, kind, cents, unit
):
    others = [part for part in drawn if part.kind != kind]
    before = costs.course(others, counts, weeks)
    after = costs.course([*others, line(kind, cents, unit=unit)], counts, weeks)
    if before is not None:
        assert (after.low_cents or 0) >= (before.low_cents or 0)
    if before is not None and None not in (before.high_cents, after.high_cents):
        assert after.high_cents >= before.high_cents


@given(lines(), COUNTS, WEEKS)
def test_unknown_never_counts_as_nothing(drawn, counts, weeks):
    """Each kind asked for is paid for, covered, or named as missing."""
    found = costs.course(drawn, counts, weeks)
    if found is None:
        return
    if found.missing:
        assert found.high_cents is None
    usable = [
        part
        for part in drawn
        if part.amount_min_cents is not None and not part.disputed
    ]
    spoken_of = {part.kind for part in usable}
    spoken_of |= {kind for part in drawn for kind in part.includes}
    if not any(part.kind == "package" for part in usable):
        asked = {kind for kind, (_, most) in counts.items() if most != 0}
        assert asked - {"package"} - spoken_of <= set(found.missing)


@given(lines(), COUNTS, WEEKS)
def test_a_course_is_no_fresher_than_any_line_in_it(drawn, counts, weeks):
    found = costs.course(drawn, counts, weeks)
    if found:
        assert found.checked_on in {part.checked_on for part in drawn}
        assert set(found.missing) <= set(costs.COURSE_KINDS)


@given(lines())
def test_one_dosing_visit_and_no_more_is_the_session(drawn):
    in_session = [
        replace(part, unit=part.unit if part.unit in ("visit", "dose") else "visit")
        for part in drawn
        if part.kind in costs.SESSION_KINDS and part.unit in ("visit", "hour")
    ]
    single = {(part.kind, part.payee): part for part in in_session}.values()
    assert costs.course(single, {"dose_visit": (1, 1)}) == costs.session(single)
