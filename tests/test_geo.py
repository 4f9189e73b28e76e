"""Distances and positions, held to geopy's geodesic (Karney, WGS 84)."""

from math import inf, nan

import pytest
from geopy.distance import geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from providers import geo
from providers.models import Provider
from tests import factories
from tests.factories import rolled_back

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
POINTS = st.builds(geo.Point, LATITUDES, LONGITUDES)
# PostgreSQL refuses to square 1e-200, so points are kept to what a surveyor could tell.
STORED_POINTS = POINTS.map(lambda at: geo.Point(*(round(part, 9) for part in at)))
BEARINGS = st.floats(0, 360)
TWO_CM, TWENTY_M = 0.00002, 0.02


def away(start: geo.Point, bearing: float, km: float) -> geo.Point:
    end = geodesic(kilometers=km).destination(tuple(start), bearing)
    return geo.Point(end.latitude, end.longitude)


@given(POINTS, BEARINGS, st.floats(0, 100))
@example(geo.Point(90, 0), 0, 100)
@example(geo.Point(-90, 0), 0, 100)
@example(geo.Point(-16.5, 179.99), 90, 100)
@example(geo.Point(89.99, 12), 0, 100)
def test_up_to_100_km_the_distance_is_within_2_cm_of_the_geodesic(start, bearing, km):
    end = away(start, bearing, km)
    expected = geodesic(tuple(start), tuple(end)).km
    assert geo.distance_km(start, end) == pytest.approx(expected, abs=TWO_CM, rel=0)


@given(POINTS, BEARINGS, st.floats(0, 1000))
@example(geo.Point(90, 0), 0, 1000)
@example(geo.Point(-16.5, 179.99), 90, 1000)
@example(geo.Point(0, 0), 0, 1000)
def test_up_to_1000_km_the_distance_is_within_20_m_of_the_geodesic(start, bearing, km):
    end = away(start, bearing, km)
    expected = geodesic(tuple(start), tuple(end)).km
    assert geo.distance_km(start, end) == pytest.approx(expected, abs=TWENTY_M, rel=0)


def test_denver_and_boulder_are_as_far_apart_as_published():
    distance = geo.distance_km(
        geo.Point(*factories.DENVER), geo.Point(*factories.BOULDER)
    )
    assert distance == pytest.approx(38.9, abs=0.1)


def test_latitude_comes_before_longitude():
    north_pole = geo.position(geo.Point(latitude=90, longitude=0))
    assert north_pole.z_km == pytest.approx(6356.752, abs=0.001)
    gulf_of_guinea = geo.position(geo.Point(latitude=0, longitude=0))
    assert gulf_of_guinea == pytest.approx((6378.137, 0, 0), abs=0.001)


@given(POINTS, POINTS)
def test_the_way_back_is_as_far_as_the_way_there(one, other):
    assert geo.distance_km(one, other) == geo.distance_km(other, one)


@given(POINTS)
def test_no_place_is_any_distance_from_itself(here):
    assert geo.distance_km(here, here) == 0


@given(LATITUDES)
def test_the_date_line_is_one_line(latitude):
    east, west = geo.Point(latitude, 180), geo.Point(latitude, -180)
    assert geo.distance_km(east, west) == pytest.approx(0, abs=TWO_CM)


@given(st.floats(0, 20_000))
def test_a_chord_bends_back_into_its_arc(arc):
    assert geo.arc_km(geo.chord_km(arc)) == pytest.approx(arc, rel=1e-7, abs=1e-9)


@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_a_longer_arc_never_has_a_shorter_chord(one, other):
    shorter, longer = sorted((one, other))
    assert geo.chord_km(shorter) <= geo.chord_km(longer)


@given(POINTS, POINTS)
def test_an_arc_of_more_than_half_way_round_reaches_everything(one, other):
    a, b = geo.position(one), geo.position(other)
    straight = sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5
    assert geo.arc_km(straight) <= 20_038.0  # half of the WGS 84 equator


def test_a_negative_distance_is_refused():
    with pytest.raises(ValueError, match="-1"):
        geo.chord_km(-1)


def test_a_point_on_the_edge_of_the_globe_is_a_point():
    assert geo.point(-90, 180) == geo.Point(-90, 180)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.001, 0), (-90.001, 0), (0, 180.001), (0, -180.001), (-104.99, 39.74)],
)
def test_a_point_off_the_globe_is_refused(latitude, longitude):
    with pytest.raises(ValueError, match="no point on the globe"):
        geo.point(latitude, longitude)


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_a_coordinate_that_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="finite"):
        geo.point(number, 0)
    with pytest.raises(ValueError, match="finite"):
        geo.point(0, number)


# --- The same in the database ---------------------------------------------------------


@pytest.mark.django_db
@settings(deadline=None, max_examples=60)
@given(at=STORED_POINTS)
@example(at=geo.Point(90, 0))
@example(at=geo.Point(-90, 180))
@example(at=geo.Point(0, -180))
def test_the_database_computes_the_position_that_geo_does(at):
    with rolled_back():
        made = factories.provider(at=tuple(at))
        row = Provider.objects.values_list("x_km", "y_km", "z_km").get(pk=made.pk)
    assert row == pytest.approx(tuple(geo.position(at)), abs=1e-8)


@pytest.mark.django_db
def test_a_listing_without_a_point_has_no_position():
    made = factories.provider(at=None)
    row = Provider.objects.values_list("x_km", "y_km", "z_km").get(pk=made.pk)
    assert row == (None, None, None)


@pytest.mark.django_db
def test_a_moved_point_moves_the_position():
    made = factories.provider(at=factories.DENVER)
    Provider.objects.filter(pk=made.pk).update(latitude=40.0, longitude=-105.0)
    row = Provider.objects.values_list("x_km", "y_km", "z_km").get(pk=made.pk)
    assert row == pytest.approx(tuple(geo.position(geo.Point(40, -105))), abs=1e-8)
