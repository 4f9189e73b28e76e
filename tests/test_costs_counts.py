"""A clinic's own counts take the place of the typical ones."""

from dataclasses import replace

import pytest

from providers import costs
from tests.price_lists import INFUSIONS, KAP, TODAY, counted, line, price_list, total


def test_a_clinics_own_count_takes_the_typical_ones_place():
    # 200 + 250 + 175 + 6 × 400 + 3 × 175
    own = [counted("dose_visit", 6, 6), *(p for p in price_list()[:3])]
    own.append(line("integration", 17_500))
    assert total(own, KAP) == (355_000, 355_000, ())


def test_own_counts_make_a_course_where_none_is_typical():
    own = [counted("dose_visit", 4, 6, 30_000), counted("prep", 1, 1, 15_000)]
    assert total(own, {}) == (135_000, 195_000, ())


def test_own_counts_of_other_visits_alone_make_no_course():
    assert costs.course([counted("prep", 2, 2), line()], {}) is None


def test_so_many_or_more_leaves_the_high_end_open():
    assert total([counted("dose_visit", 3, None)], {}) == (120_000, None, ())


def test_of_two_payees_counts_the_widest_range_counts():
    own = [
        counted("dose_visit", 3, 4, 10_000, payee="therapist"),
        counted("dose_visit", 5, 6, 20_000, payee="prescriber"),
    ]
    assert costs.own_counts(own) == {"dose_visit": (3, 6)}
    assert total(own, {}) == (90_000, 180_000, ())


@pytest.mark.parametrize(
    "values",
    [
        {"disputed": True},
        {"superseded_on": TODAY},
        {"applies_to": "sliding_scale"},
        {"count_min": None},
    ],
)
def test_a_count_that_does_not_stand_counts_nothing(values):
    own = replace(counted("dose_visit", 9, 9), **values)
    assert costs.own_counts([own]) == {}
    assert costs.schedule([own], INFUSIONS) == INFUSIONS
