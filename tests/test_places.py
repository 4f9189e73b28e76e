"""Text and points to places, on a small gazetteer typed by hand (see gazetteers.py)."""

import math
import re
import time
from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from geopy.distance import geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import geo, places, remembered
from providers.geo import Point
from providers.imports.gazetteer import load_places
from providers.models import Place
from providers.places.found import of_place
from providers.places.spelling import one_edit_from
from tests.gazetteers import load_small, town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _gazetteer(db):
    load_small()


def offered(text: str, **options) -> list[str]:
    with pytest.raises(places.PlaceError) as refused:
        places.find(text, **options)
    return [found.label for found in refused.value.places]


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("80202", "postcode", "Denver, CO 80202"),
        ("80202-1234", "postcode", "Denver, CO 80202"),
        ("80202 1234", "postcode", "Denver, CO 80202"),
        ("CO 80202", "postcode", "Denver, CO 80202"),
        ("Denver, CO 80202", "postcode", "Denver, CO 80202"),
        ("80202 USA", "postcode", "Denver, CO 80202"),
        ("Boulder 80302", "postcode", "Boulder, CO 80302"),
        ("K1A 0B6", "postcode", "Ottawa, ON K1A"),
        ("Ottawa ON k1a0b6", "postcode", "Ottawa, ON K1A"),
        ("T2P1J9", "postcode", "Calgary, AB T2P"),
        ("t2p", "postcode", "Calgary, AB T2P"),
        ("SW1A 1AA", "postcode", "London, England, United Kingdom SW1A"),
        ("1010, New Zealand", "postcode", "Auckland, Auckland, New Zealand 1010"),
        ("Denver, CO", "town", "Denver, CO"),
        ("denver colorado", "town", "Denver, CO"),
        ("Denver, Colorado, USA", "town", "Denver, CO"),
        ("  DENVER ;; colo.", "town", "Denver, CO"),
        ("Denver", "town", "Denver, CO"),
        ("Denver, PA", "town", "Denver, PA"),
        ("Bronx", "town", "The Bronx, NY"),
        ("the bronx, ny", "town", "The Bronx, NY"),
        ("New York, NY", "town", "New York City, NY"),
        ("Nueva York", "town", "New York City, NY"),
        ("St Louis, MO", "town", "St. Louis, MO"),
        ("saint louis", "town", "St. Louis, MO"),
        ("Billings, MT", "town", "Billings, MT"),
        ("Washington, D.C.", "town", "Washington, DC"),
        ("Washington DC", "town", "Washington, DC"),
        ("São Paulo", "town", "São Paulo, Brazil"),
        ("sao paulo", "town", "São Paulo, Brazil"),
        ("London, Ontario, Canada", "town", "London, ON"),
        ("Londres", "town", "London, England, United Kingdom"),
        ("Vancouver, CA", "town", "Vancouver, BC"),
        ("Ontario, CA", "town", "Ontario, CA"),
        ("Ontario, California", "town", "Ontario, CA"),
        ("Paris, TX", "town", "Paris, TX"),
        ("Paris, FR", "town", "Paris, France"),
        ("Springfield, PA", "town", None),
        ("Springfield (Bucks County), PA", "town", "Springfield (Bucks County), PA"),
        ("Colorado", "region", "Colorado, United States"),
        ("CO", "region", "Colorado, United States"),
        ("us-co", "region", "Colorado, United States"),
        ("Ontario, Canada", "region", "Ontario, Canada"),
        ("CA-ON", "region", "Ontario, Canada"),
        ("Washington state", "region", "Washington, United States"),
        ("Georgia", "region", "Georgia, United States"),
        ("Georgia (country)", "region", "Georgia"),
        ("Canada", "region", "Canada"),
        ("Brasil", "region", "Brazil"),
        ("39.74,-104.99", "point", "a point near Denver, CO"),
        ("39.74 -104.99", "point", "a point near Denver, CO"),
        ("39.74; −104.99", "point", "a point near Denver, CO"),
        ("40,-105", "point", "a point near Boulder, CO"),
    ],
)
def test_what_people_type_is_understood(text, kind, label):
    if label is None:
        assert len(offered(text)) == 2
        return
    found = places.find(text)
    assert (found.kind, found.label) == (kind, label)
    assert (found.point is None) == (kind == "region")


def test_a_place_says_where_it_lies_and_how_to_find_it_again():
    found = places.find("denver colorado")
    assert found.point == (39.7392, -104.9903)
    assert (found.region, found.country) == ("US-CO", "US")
    assert (found.name, found.query) == ("Denver", "Denver, CO")


def test_a_region_of_the_searchers_country_has_its_code_before_a_country():
    assert places.find("CO", country="US").region == "US-CO"
    assert places.find("CO", country="FR").region == "CO"


def test_a_point_has_the_region_of_its_nearest_place():
    assert places.find("45.5,-122.6").region == "US-OR"
    assert places.at(Point(50.6, -2.5)).country == "GB"


def test_comparable_places_are_asked_about_most_people_first():
    assert offered("Portland") == [
        "Portland, OR",
        "Portland, ME",
        "Portland, England, United Kingdom",
    ]
    assert offered("Birmingham")[0] == "Birmingham, England, United Kingdom"
    assert offered("Paris") == ["Paris, France", "Paris, TX"]
    assert set(offered("Washington")) == {
        "Washington, DC",
        "Washington, United States",
    }


def test_each_candidate_is_a_link_that_finds_it():
    for text in ("Portland", "Birmingham", "Springfield, PA", "Washington"):
        with pytest.raises(places.PlaceAmbiguous) as refused:
            places.find(text)
        for candidate in refused.value.places:
            assert places.find(candidate.query) == candidate


def test_a_clear_winner_comes_with_what_else_was_meant():
    city = places.find("New York")
    assert city.label == "New York City, NY"
    assert [other.label for other in city.also] == ["New York, United States"]
    assert [f.label for f in places.find("London").also] == ["London, ON"]
    assert places.find("Georgia").also[0].label == "Georgia"


@pytest.mark.parametrize(("people", "asked"), [(1_000, False), (11_000, True)])
def test_a_winner_has_ten_times_the_people_of_the_next(people, asked):
    rows = [town("Erie", "US-PA", 42.1, -80.1, 100_000)]
    load_places([*rows, town("Erie", "US-CO", 40.05, -105.05, people)])
    if asked:
        assert offered("Erie") == ["Erie, PA", "Erie, CO"]
    else:
        assert places.find("Erie").region == "US-PA"


def test_people_at_home_count_ten_times():
    assert offered("Birmingham", country="US")
    assert offered("Birmingham", country="FR")
    assert places.find("Birmingham", country="GB").country == "GB"
    assert offered("Ontario", country="US") == ["Ontario, Canada", "Ontario, CA"]
    assert places.find("Ontario", country="CA").region == "CA-ON"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("2138", "Cambridge, MA 02138"),
        ("501", "Holtsville, NY 00501"),
        ("Denvr", "Denver, CO"),
        ("Dnever", "Denver, CO"),
        ("Denvr, CO", "Denver, CO"),
        ("Denver, TX", "Denver, CO"),
        ("denver colarado", "Denver, CO"),
        ("downtown denver", "Denver, CO"),
        ("Billlingz", "Billings, MT"),
        ("Colarado", "Colorado, United States"),
        ("80201", "Denver, CO 80202"),
        ("Boulder, CO 80202", None),
        ("Portland, OR 80202", "Denver, CO 80202"),
        ("1437 Bannock St, Denver, CO 80202", "Denver, CO 80202"),
        ("-104.99,39.74", "a point near Denver, CO"),
    ],
)
def test_what_is_not_found_gets_near_spellings(text, suggestion):
    if suggestion is None:  # 30 km off: people do name the next town
        assert places.find(text).label == "Denver, CO 80202"
        return
    with pytest.raises(places.PlaceNotFound) as refused:
        places.find(text)
    assert suggestion in [found.label for found in refused.value.places]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\x00\x01", "🙂", ",;.", "Xyzzyville", "99999", "95,200", "1e5,7"],
)
def test_nothing_like_it_is_offered_nothing(text):
    assert offered(text) == []


@pytest.mark.parametrize("text", ["x" * 10_000, "us co " * 2_000, "80202 " * 2_000])
def test_an_endless_text_is_refused_at_once(text, django_assert_num_queries):
    before = time.perf_counter()
    with django_assert_num_queries(0):
        assert offered(text) == []
    assert time.perf_counter() - before < 0.5


@pytest.mark.parametrize("text", ["us co " * 8, "new york " * 8, "80202 co " * 8])
def test_a_text_of_many_readings_is_read_in_bounded_time(text):
    before = time.perf_counter()
    offered(text)
    assert time.perf_counter() - before < 2


def test_what_was_typed_stands_in_no_message():
    with pytest.raises(places.PlaceNotFound) as unknown:
        places.find("Marker")
    with pytest.raises(places.PlaceAmbiguous) as several:
        places.find("Portland")
    for error in (unknown.value, several.value):
        assert error.text not in f"{error} {error!r} {error.args}"
        assert str(error)


def test_labels_speak_the_visitors_language_and_links_do_not():
    with translation.override("es"):
        found = places.find("London")
    assert found.label == "London, Inglaterra, Reino Unido"
    assert found.query == "London, England, United Kingdom"
    assert places.find("Londres, Inglaterra") == places.find("London, England")


@pytest.mark.parametrize(
    ("text", "most"),
    [("80202", 2), ("Denver, CO", 2), ("Portland", 2), ("Denvr", 5), ("Xyzzyvil", 5)],
)
def test_a_lookup_makes_few_queries(text, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most), suppress(places.PlaceError):
        places.find(text)


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "denver co 80202 80202-1234 new york portland or st louis the usa , - country "
        "state ca ontario canada k1a 0b6 2138 39.74 -104.99 springfield pa auckland",
    )
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=7).map(" ".join),
    st.tuples(st.floats(), st.floats()).map("{0[0]},{0[1]}".format),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_any_text_is_a_place_or_a_plain_refusal(text):
    found, refused = None, None
    try:
        found = places.find(text)
    except places.PlaceError as error:
        refused = error
    for place in [found] if found else refused.places:
        assert places.find(place.query) == place
    assert found or str(refused)


def test_every_row_is_found_again_by_its_own_query():
    for place in Place.objects.select_related("region__parent"):
        found = places.find(of_place(place, place.region).query)
        assert (found.point, found.region) == (place.point, place.region_id)


# --- From a point to its nearest place ------------------------------------------------


def nearest(latitude: float, longitude: float) -> Place:
    return Place.objects.get(pk=places.nearest(Point(latitude, longitude)).key)


LATITUDES = st.one_of(st.floats(-90, 90), st.sampled_from([-90, 90, 0, 89.9, -16.6]))
LONGITUDES = st.one_of(st.floats(-180, 180), st.sampled_from([-180, 180, 0, 179.99]))


def every_place():
    return Place.objects.all()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LATITUDES, LONGITUDES)
def test_the_nearest_place_is_the_nearest_by_geopy_too(latitude, longitude):
    here = Point(latitude, longitude)
    nearest_km = min(geodesic(here, place.point).km for place in every_place())
    found_km = geodesic(here, nearest(*here).point).km
    # Far off, the chord's arc and the geodesic differ by up to 0.4 %.
    assert math.isclose(found_km, nearest_km, rel_tol=0.005, abs_tol=0.001)


def test_a_place_across_the_date_line_is_near():
    assert nearest(-16.79, 179.99).name == "Waiyevo"
    assert nearest(-16.43, -179.99).name == "Waiyevo"
    assert nearest(-16.43, 179.5).name == "Labasa"


def test_of_places_at_one_point_the_first_is_nearest():
    denver = Place.objects.get(name="Denver", postcode="80202")
    for postcode in ("80298", "80299"):
        Place.objects.create(
            kind="postcode",
            name="Denver",
            postcode=postcode,
            country="US",
            region=denver.region,
            latitude=denver.latitude,
            longitude=denver.longitude,
        )
    assert nearest(*denver.point) == denver


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LATITUDES, LONGITUDES, st.floats(0, 14_000))
def test_nothing_beyond_the_reach_is_near(latitude, longitude, within_km):
    here = geo.position(Point(latitude, longitude))
    apart_km = {p.pk: math.dist(here, geo.position(p.point)) for p in every_place()}
    in_reach = [key for key, km in apart_km.items() if km <= within_km]
    near = places.Nearest(every_place()).to(Point(latitude, longitude), within_km)
    if in_reach:
        assert apart_km[near.key] == min(apart_km.values())
    else:
        assert near is None


def test_what_is_nearest_is_told_as_the_gazetteer_has_it():
    for place in every_place():
        near = places.Nearest(every_place().filter(pk=place.pk)).to(place.point)
        told = (place.pk, place.name, place.postcode, place.region_id)
        assert near == told


def test_a_name_may_hold_what_parts_its_text():
    Place.objects.filter(postcode="80202").update(name="Den\tver")
    near = places.nearest(Point(39.7515, -104.9977))
    assert near[1:] == ("Den\tver", "80202", "US-CO")


def test_the_gazetteer_is_read_again_only_when_others_than_listings_change():
    here = Point(39.75, -104.99)
    for version, others, queries in ((1, 1, 1), (2, 1, 0), (3, 2, 1)):
        with remembered.at(version, others), CaptureQueriesContext(connection) as asked:
            assert places.nearest(here).postcode == "80202"
        assert len(asked) == queries


def test_a_region_is_told_of_any_point():
    assert places.region_of(Point(40.0, -105.3)) == "US-CO"


@pytest.mark.parametrize("point", [(91, 0), (0, 181), (math.nan, 0), (0, math.inf)])
def test_a_point_off_the_globe_is_refused(point):
    with pytest.raises(places.PlaceNotFound):
        places.at(Point(*point))


def test_an_empty_gazetteer_knows_no_place():
    Place.objects.all().delete()
    with pytest.raises(places.PlaceNotFound):
        places.nearest(Point(0, 0))
    assert offered("Denver") == []


def test_one_slip_of_the_finger_is_one_edit():
    slips = one_edit_from("denver")
    assert {"denvr", "dennver", "denber", "dnever", "den ver"} <= slips
    assert not {"denver", "denvres", "danvar"} & slips
    assert "80203" in one_edit_from("80202")
