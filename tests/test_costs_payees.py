"""What each payee asks adds up to the bill, and a posted package is a bill apart."""

from dataclasses import replace

from hypothesis import given

from providers import costs
from providers.costs import Ride
from tests.price_lists import (
    COUNTS,
    INFUSIONS,
    SIX_DOSES,
    WEEKS,
    line,
    lines,
    package,
    price_list,
    unknown,
)


def test_each_payee_is_told_and_all_are_summed_once():
    # 3 × 250, 3 × 200–225, 3 × 75: together 1,575–1,650
    parts = [
        line(low=25_000, payee="prescriber"),
        line(low=20_000, high=22_500, payee="therapist"),
        line("drug", 7_500, payee="pharmacy"),
    ]
    [bill] = costs.bills(parts, {"dose_visit": (3, 3)})
    assert bill.by_payee == {
        "prescriber": (75_000, 75_000),
        "therapist": (60_000, 67_500),
        "pharmacy": (22_500, 22_500),
    }
    assert (bill.amount.low_cents, bill.amount.high_cents) == (157_500, 165_000)


def test_what_a_payee_asks_may_be_unknown():
    parts = [line(payee="prescriber"), unknown(payee="therapist")]
    [bill] = costs.bills(parts, {"dose_visit": (3, 3)})
    assert bill.by_payee == {
        "prescriber": (120_000, 120_000),
        "therapist": (None, None),
    }


def test_a_package_that_disagrees_with_its_parts_stands_beside_them():
    # The clinic's page says 4,375 for six doses; its own prices add up to 4,075.
    posted = package(437_500)
    parts, whole = costs.bills([*price_list(), posted], SIX_DOSES)
    assert (parts.amount.low_cents, parts.package) == (407_500, None)
    assert (whole.amount.low_cents, whole.package) == (437_500, posted)
    assert costs.course([*price_list(), posted], SIX_DOSES) == parts.amount


def test_a_course_in_pounds_stays_in_pounds():
    # The self-pay service of domain.md 2.5: 225 to begin with, 225 a visit
    pounds = [
        replace(part, currency="GBP")
        for part in (line("medical_eval", 22_500), line(low=22_500))
    ]
    ride = Ride(per_km_cents=28, driver="someone")  # 45 pence a mile
    found = costs.course(pounds, INFUSIONS)
    assert (found.low_cents, found.currency) == (157_500, "GBP")
    there = costs.with_travel(found, costs.trips(pounds, INFUSIONS), 10.0, ride)
    # 7 × 2 × 10 × 28 pence on top: 39.20
    assert (there.low_cents, there.high_cents) == (161_420, 161_420)
    assert there.currency == "GBP"


@given(lines(), COUNTS, WEEKS)
def test_the_payees_sums_add_up_to_the_bill(drawn, counts, weeks):
    for bill in costs.bills(drawn, counts, weeks):
        ends = list(bill.by_payee.values())
        lows = [low for low, _high in ends if low is not None]
        assert (sum(lows) if lows else None) == bill.amount.low_cents
        if bill.amount.high_cents is not None:
            assert sum(high for _low, high in ends) == bill.amount.high_cents
