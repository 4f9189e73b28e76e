"""A unit says how often its price is paid, and a posted package stands in."""

import pytest

from providers import costs
from tests.price_lists import (
    GROUP,
    INFUSIONS,
    KAP,
    TODAY,
    line,
    package,
    price_list,
    total,
    unknown,
)

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
