"""A first year is a course and its boosters: by hand, and by rules."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import costs
from tests.price_lists import (
    COUNTS,
    INFUSIONS,
    KAP,
    TODAY,
    WEEKS,
    line,
    lines,
    package,
    price_list,
    unknown,
)


def year(parts, counts, weeks=None) -> tuple:
    found = costs.first_year(parts, counts, weeks)
    return found.low_cents, found.high_cents, found.missing


def test_counted_boosters_come_on_top_of_the_course():
    # 6 × 400 + 2 × 500
    asked = INFUSIONS | {"booster": (2, 2)}
    assert year([line(), line("booster", 50_000)], asked) == (340_000, 340_000, ())


def test_weekly_or_every_two_weeks_is_a_range():
    # 12 × 450, then 22 or 44 × 450
    asked = {"dose_visit": (12, 12), "booster": (22, 44)}
    parts = [line(low=45_000), line("booster", 45_000)]
    assert year(parts, asked) == (1_530_000, 2_520_000, ())


def test_boosters_as_needed_leave_the_high_end_open():
    parts = [line(), line("booster", 50_000)]
    assert year(parts, INFUSIONS) == (240_000, None, ())
    assert year(parts, INFUSIONS | {"booster": (0, None)}) == (240_000, None, ())


def test_free_boosters_are_free_however_many():
    assert year([line(), line("booster", 0)], INFUSIONS) == (240_000, 240_000, ())


def test_boosters_without_a_price_make_the_year_at_least():
    asked = INFUSIONS | {"booster": (0, None)}
    assert year([line()], asked) == (240_000, None, ("booster",))
    unpriced = [line(), unknown("booster")]
    assert year(unpriced, INFUSIONS) == (240_000, None, ("booster",))


def test_boosters_of_which_nobody_speaks_are_unknown_and_not_none():
    assert year(price_list(), KAP) == (235_000, None, ("booster",))
    assert costs.first_year(price_list()) is None


def test_without_boosters_the_year_is_the_course():
    never = KAP | {"booster": (0, 0)}
    with_booster = [*price_list(), line("booster", 50_000)]
    assert year(with_booster, never) == (235_000, 235_000, ())


def test_a_package_of_the_course_covers_no_boosters():
    parts = [package(200_000), line("booster", 50_000)]
    assert year(parts, INFUSIONS | {"booster": (1, 1)}) == (250_000, 250_000, ())


def test_an_old_booster_ages_the_year_and_not_the_course():
    old = TODAY - timedelta(days=200)
    parts = [line(), line("booster", 50_000, checked_on=old)]
    assert costs.first_year(parts, INFUSIONS).checked_on == old
    assert costs.course(parts, INFUSIONS).checked_on == TODAY


# --- Rules ----------------------------------------------------------------------------


SUMS = pytest.mark.parametrize("of", [costs.course, costs.first_year])


@SUMS
@given(lines(), COUNTS, WEEKS)
def test_the_low_end_is_never_above_the_high_end(of, drawn, counts, weeks):
    found = of(drawn, counts, weeks)
    if found and None not in (found.low_cents, found.high_cents):
        assert 0 <= found.low_cents <= found.high_cents


@SUMS
@given(lines(), COUNTS, WEEKS, st.randoms())
def test_the_order_of_the_lines_never_matters(of, drawn, counts, weeks, random):
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert of(shuffled, counts, weeks) == of(drawn, counts, weeks)
    assert costs.trips(shuffled, counts) == costs.trips(drawn, counts)
    assert costs.posted(shuffled, TODAY) == costs.posted(drawn, TODAY)


@given(lines(), COUNTS, WEEKS)
def test_a_year_is_never_cheaper_than_its_course(drawn, counts, weeks):
    plain = [replace(p, includes=[]) for p in drawn if p.kind != "package"]
    course = costs.course(plain, counts, weeks)
    found = costs.first_year(plain, counts, weeks)
    if course and course.low_cents is not None and course.currency == found.currency:
        assert found.low_cents >= course.low_cents
