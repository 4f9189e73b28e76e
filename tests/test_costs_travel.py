"""The way there: by hand, and by rules.

The price list is that of domain.md 2.4 (see tests/price_lists.py). Driving costs
20.5 cents a mile, and a road is 1.4 times the straight line: there and back for 25
miles are 2 × 25 × 1.4 × 20.5 = 1,435 cents.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import costs
from providers.costs import AT_HOME, Ride, Trips
from tests.price_lists import (
    CENTS,
    INFUSIONS,
    KAP,
    SPANS,
    TODAY,
    counted,
    line,
    price_list,
    unknown,
)

KM = 1.609344
MILE_25 = 25 * KM
DRIVEN = Ride(per_km_cents=20.5 / KM, road_factor=1.4, driver="someone")
ALONE = replace(DRIVEN, driver="nobody")
NOT_SAID = replace(DRIVEN, driver="")
FULL = Trips((3, 3), (5, 5))  # of the price list's course


def travelled(ride, trips=FULL, km=MILE_25, parts=None, counts=KAP) -> tuple:
    course = costs.course(price_list() if parts is None else parts, counts)
    found = costs.with_travel(course, trips, km, ride)
    return found.low_cents, found.high_cents, found.missing


# --- By hand --------------------------------------------------------------------------


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
