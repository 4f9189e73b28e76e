"""What a first course costs, held to sums done by hand.

The price list is that of domain.md 2.4 (see tests/price_lists.py).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from providers import costs
from tests.price_lists import (
    GROUP,
    INFUSIONS,
    KAP,
    SIX_DOSES,
    TODAY,
    line,
    price_list,
    total,
    unknown,
)

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
