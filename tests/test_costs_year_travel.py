"""Own counts, a first year, who is paid, and the way there: by hand, and by rules.

The price list is that of domain.md 2.4 (see tests/price_lists.py). Driving costs
20.5 cents a mile, and a road is 1.4 times the straight line: there and back for 25
miles are 2 × 25 × 1.4 × 20.5 = 1,435 cents.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import costs
from providers.costs import AT_HOME, Ride, Trips
from tests.price_lists import (
    CENTS,
    COUNTS,
    INFUSIONS,
    KAP,
    SIX_DOSES,
    SPANS,
    TODAY,
    WEEKS,
    line,
    lines,
    package,
    price_list,
    total,
    unknown,
)

KM = 1.609344
MILE_25 = 25 * KM
DRIVEN = Ride(per_km_cents=20.5 / KM, road_factor=1.4, driver="someone")
ALONE = replace(DRIVEN, driver="nobody")
NOT_SAID = replace(DRIVEN, driver="")
FULL = Trips((3, 3), (5, 5))  # of the price list's course


def year(parts, counts, weeks=None) -> tuple:
    found = costs.first_year(parts, counts, weeks)
    return found.low_cents, found.high_cents, found.missing


def travelled(ride, trips=FULL, km=MILE_25, parts=None, counts=KAP) -> tuple:
    course = costs.course(price_list() if parts is None else parts, counts)
    found = costs.with_travel(course, trips, km, ride)
    return found.low_cents, found.high_cents, found.missing


def counted(kind: str, least: int, most: int | None, cents=40_000, **values):
    return line(kind, cents, count_min=least, count_max=most, **values)


# --- Own counts -----------------------------------------------------------------------


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


# --- A first year ---------------------------------------------------------------------


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


# --- Who is paid, and by which way ----------------------------------------------------


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


# --- The way there --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "counts", "doses", "others"),
    [
        (price_list(), KAP, (3, 3), (5, 5)),  # 1 medical + 1 prep + 3 integration
        ([line()], INFUSIONS, (6, 6), (0, 0)),
        ([line(), line("medical_eval", 100)], INFUSIONS, (6, 6), (1, 1)),
        ([line(), line("consult", 100)], INFUSIONS, (6, 6), (0, 0)),  # may be a call
        ([], {"dose_visit": (4, 6), "prep": (3, None)}, (4, 6), (3, None)),
        ([counted("dose_visit", 8, 8)], INFUSIONS, (8, 8), (0, 0)),
    ],
)
def test_every_visit_of_the_schedule_is_a_trip(parts, counts, doses, others):
    assert costs.trips(parts, counts) == Trips(doses, others)


def test_without_a_schedule_nobody_knows_the_trips():
    assert costs.trips(price_list(), {}) is None


@pytest.mark.parametrize(("miles", "cents"), [(10, 574), (25, 1_435), (0, 0)])
def test_there_and_back_costs_rate_times_road(miles, cents):
    assert DRIVEN.trip_cents(miles * KM) == cents


def test_a_driver_makes_every_trip_cost_the_same():
    # 2,350 + 8 × 14.35
    assert travelled(DRIVEN) == (246_480, 246_480, ())


def test_who_pays_a_fare_drives_to_the_other_visits():
    # 2,350 + 3 × 30 + 5 × 14.35
    assert travelled(replace(ALONE, fare_cents=3_000)) == (251_175, 251_175, ())


def test_nobody_to_drive_and_no_fare_is_at_least():
    # 2,350 + 5 × 14.35
    assert travelled(ALONE) == (242_175, None, ("ride",))


def test_nobody_is_assumed_to_drive_home():
    assert travelled(NOT_SAID) == (246_480, None, ("ride",))


@pytest.mark.parametrize(
    "unknown_way", [{"km": None}, {"ride": Ride(driver="someone")}]
)
def test_without_a_distance_or_a_rate_travel_is_missing(unknown_way):
    asked = {"ride": DRIVEN} | unknown_way
    assert travelled(**asked) == (235_000, None, ("travel",))


def test_by_fare_alone_no_rate_is_needed():
    by_taxi = Ride(driver="nobody", fare_cents=3_000)
    known = travelled(by_taxi, Trips((6, 6), (0, 0)), None, [line()], INFUSIONS)
    assert known == (258_000, 258_000, ())


def test_a_free_ride_is_free():
    free = replace(ALONE, fare_cents=0)
    assert travelled(free) == (242_175, 242_175, ())


def test_nights_are_paid_once_for_the_course():
    # 2,464.80 + 2 × 120
    stay = replace(DRIVEN, nights=2, night_cents=12_000)
    assert travelled(stay) == (270_480, 270_480, ())
    unknown_stay = replace(stay, night_cents=None)
    assert travelled(unknown_stay) == (246_480, None, ("travel",))


def test_care_at_home_costs_no_travel():
    stay = replace(ALONE, nights=2, night_cents=12_000)
    assert travelled(stay, AT_HOME) == (235_000, 235_000, ())
    assert travelled(Ride(), AT_HOME, None) == (235_000, 235_000, ())


def test_what_the_course_lacks_travel_does_not_fill():
    parts = [part for part in price_list() if part.kind != "prep"]
    # 2,175 + 8 × 14.35
    assert travelled(DRIVEN, parts=parts) == (228_980, None, ("prep",))
    assert travelled(NOT_SAID, parts=parts)[2] == ("prep", "ride")


def test_a_free_line_beside_an_unknown_one_leaves_the_way_alone_known():
    parts = [line("prep", 0), unknown()]
    counts = {"prep": (2, 2), "dose_visit": (3, 3)}
    found = travelled(DRIVEN, Trips((3, 3), (2, 2)), parts=parts, counts=counts)
    assert found == (7_175, None, ("dose_visit",))


def test_a_range_of_visits_is_a_range_of_trips():
    counts = {"dose_visit": (4, 6)}
    found = travelled(DRIVEN, Trips((4, 6), (0, 0)), parts=[line()], counts=counts)
    # 4 × (400 + 14.35) to 6 × (400 + 14.35)
    assert found == (165_740, 248_610, ())


def test_or_more_trips_leave_the_high_end_open():
    assert travelled(DRIVEN, Trips((3, 3), (5, None)))[1] is None


# --- Rules ----------------------------------------------------------------------------

RIDES = st.builds(
    Ride,
    per_km_cents=st.none() | st.floats(0, 500),
    road_factor=st.floats(1, 3),
    driver=st.sampled_from(costs.DRIVERS),
    fare_cents=st.none() | CENTS,
    nights=st.integers(0, 20),
    night_cents=st.none() | CENTS,
)
TRIPS = st.builds(Trips, SPANS, SPANS)
DISTANCES = st.none() | st.floats(0, 3_000)


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


@given(lines(), COUNTS, WEEKS)
def test_the_payees_sums_add_up_to_the_bill(drawn, counts, weeks):
    for bill in costs.bills(drawn, counts, weeks):
        ends = list(bill.by_payee.values())
        lows = [low for low, _high in ends if low is not None]
        assert (sum(lows) if lows else None) == bill.amount.low_cents
        if bill.amount.high_cents is not None:
            assert sum(high for _low, high in ends) == bill.amount.high_cents


@st.composite
def courses(draw) -> costs.Amount:
    low, extra = draw(st.none() | CENTS), draw(st.none() | CENTS)
    missing = draw(st.sampled_from([(), ("prep",)])) if low is not None else ("prep",)
    high = None if missing or extra is None else low + extra
    return costs.Amount(low, high, "USD", missing, TODAY)


@given(courses(), TRIPS, DISTANCES, RIDES)
def test_travel_never_lowers_a_total(course, trips, km, ride):
    found = costs.with_travel(course, trips, km, ride)
    assert (found.low_cents or 0) >= (course.low_cents or 0)
    if None not in (found.high_cents, course.high_cents):
        assert found.high_cents >= course.high_cents
    if None not in (found.low_cents, found.high_cents):
        assert found.low_cents <= found.high_cents
    assert set(course.missing) <= set(found.missing)


@given(courses(), TRIPS, DISTANCES, RIDES, st.integers(0, 20))
def test_more_nights_never_lower_a_total(course, trips, km, ride, more):
    longer = replace(ride, nights=ride.nights + more)
    before, after = (costs.with_travel(course, trips, km, r) for r in (ride, longer))
    assert (after.low_cents or 0) >= (before.low_cents or 0)


@given(courses(), TRIPS, RIDES)
def test_an_unknown_way_is_missing_and_never_free(course, trips, ride):
    found = costs.with_travel(course, trips, None, ride)
    drives = trips.others != (0, 0) or (
        trips.doses != (0, 0) and ride.driver != "nobody"
    )
    if drives:
        assert "travel" in found.missing
    if found.missing:
        assert found.high_cents is None


@given(courses(), TRIPS, st.floats(0, 3_000), RIDES)
def test_the_fewest_trips_alone_give_the_same_low_end(course, trips, km, ride):
    """Search keeps the fewest only, and orders as the page counts."""
    fewest = Trips(*((number, number) for number in trips.fewest))
    whole = costs.with_travel(course, trips, km, ride)
    kept = costs.with_travel(course, fewest, km, ride)
    assert (whole.low_cents or 0) == (kept.low_cents or 0)
