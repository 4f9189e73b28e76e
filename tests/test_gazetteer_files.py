"""The packaged places are all there, are where they are, and load again unchanged.

The real files are loaded once for this module, in a transaction that it rolls back.
"""

import re
import time
from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models import Count
from geopy.distance import geodesic

from providers import places
from providers.imports import gazetteer
from providers.imports.gazetteer import DATA
from providers.models import Place, PlaceKind, Region, RegionKind
from providers.places.found import of_place

STATES = re.findall(
    "..",
    "ALAKAZARCACOCTDEFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISC"
    "SDTNTXUTVTVAWAWVWIWYDCPRVIGUASMP",
)
PROVINCES = re.findall("..", "ABBCMBNBNLNSNTNUONPEQCSKYT")
TOWN_COUNTRIES = {"US": 15_000, "CA": 2_000, "GB": 3_500, "IE": 250, "AU": 3_000}
TOWN_COUNTRIES |= {"NZ": 400, "DE": 6_500}


@pytest.fixture(scope="module")
def _real(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        gazetteer.load()
        connection.check_constraints()  # once here, not after each test
        yield
        transaction.set_rollback(True)


@pytest.fixture
def real(_real, db):
    """The real gazetteer, for one test."""


def test_the_files_are_small_enough_to_commit():
    sizes = [path.stat().st_size for path in DATA.iterdir() if path.is_file()]
    assert sum(sizes) < 5_000_000


def test_every_zip_and_canadian_area_has_a_point(real):
    codes = Place.objects.filter(kind=PlaceKind.POSTCODE)
    assert codes.filter(country="US").count() >= 41_000
    assert codes.filter(country="CA").count() >= 1_600
    assert not codes.filter(latitude=0, longitude=0).exists()


def test_towns_of_a_thousand_people_are_there(real):
    towns = Place.objects.filter(kind=PlaceKind.TOWN, population__gte=1_000)
    counts = Counter(towns.values_list("country", flat=True))
    for country, least in TOWN_COUNTRIES.items():
        assert counts[country] >= least, country


def test_elsewhere_towns_have_fifteen_thousand_people(real):
    elsewhere = Place.objects.filter(kind=PlaceKind.TOWN)
    elsewhere = elsewhere.exclude(country__in=[*TOWN_COUNTRIES, "FM", "MH", "PW"])
    assert elsewhere.count() > 25_000
    assert not elsewhere.filter(population__lt=15_000).exists()


def test_every_state_and_province_has_towns_and_postcodes(real):
    counts = Counter(Place.objects.values_list("region", "kind"))
    for code in [f"US-{s}" for s in STATES] + [f"CA-{p}" for p in PROVINCES]:
        assert counts[code, PlaceKind.POSTCODE], code
        assert counts[code, PlaceKind.TOWN] or code == "US-MP", code


def test_regions_form_one_tree_with_the_unions_members(real):
    assert Region.objects.get(parent=None).code == "001"
    members = Region.objects.filter(parent="EU").values_list("code", flat=True)
    assert len(members) == 27
    assert {"DE", "IE"} <= set(members)
    stray = Region.objects.filter(kind=RegionKind.SUBDIVISION)
    assert not [r.code for r in stray if r.parent_id != r.code[:2]]
    assert Region.objects.get(pk="US-NC").name_es == "Carolina del Norte"
    assert Region.objects.get(pk="DE").name_es == "Alemania"
    assert set(Region.objects.filter(parent="GB").values_list("pk", flat=True)) == {
        *("GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR")
    }


def test_a_place_lies_in_its_regions_country(real):
    pairs = Place.objects.values_list("country", "region").distinct()
    assert not [pair for pair in pairs if pair[0] != pair[1][:2]]


def test_towns_of_one_region_are_told_apart_by_name(real):
    towns = Place.objects.filter(kind=PlaceKind.TOWN).values("region", "name")
    assert not towns.annotate(rows=Count("pk")).filter(rows__gt=1).exists()


KNOWN = [
    # what to type, latitude, longitude: published coordinates of the place
    ("Denver, CO", 39.7392, -104.9903),
    ("New York City, NY", 40.7128, -74.0060),
    ("Portland, OR", 45.5152, -122.6784),
    ("Portland, ME", 43.6591, -70.2568),
    ("Anchorage, AK", 61.2181, -149.9003),
    ("Honolulu, HI", 21.3069, -157.8583),
    ("San Juan, PR", 18.4655, -66.1057),
    ("Hagåtña, GU", 13.4745, 144.7504),
    ("Nederland, CO", 39.9614, -105.5108),
    ("Ottawa, ON", 45.4215, -75.6972),
    ("Calgary, AB", 51.0447, -114.0719),
    ("Iqaluit, NU", 63.7467, -68.5170),
    ("London, England", 51.5074, -0.1278),
    ("Edinburgh, Scotland", 55.9533, -3.1883),
    ("Dublin, Ireland", 53.3498, -6.2603),
    ("Sydney, NSW", -33.8688, 151.2093),
    ("Auckland, Auckland", -36.8509, 174.7645),
    ("Munich", 48.1374, 11.5755),
    ("São Paulo", -23.5505, -46.6333),
    ("80202", 39.7527, -104.9992),
    ("10001", 40.7506, -73.9972),
    ("02138", 42.3770, -71.1256),
    ("90210", 34.0901, -118.4065),
    ("99501", 61.2167, -149.8764),
    ("84101", 40.7559, -111.8967),
    ("K1A 0B6", 45.4215, -75.6972),
    ("T2P 1J9", 51.0478, -114.0700),
    ("M5V 2T6", 43.6426, -79.3871),
    ("V6B 1A1", 49.2793, -123.1156),
]


def test_a_known_place_is_where_it_is(real):
    for text, latitude, longitude in KNOWN:
        found = places.find(text)
        assert geodesic(found.point, (latitude, longitude)).km < 5, text


def test_a_usual_name_finds_its_place(real):
    for text, label in [
        ("Bronx", "The Bronx, NY"),
        ("Nueva York", "New York City, NY"),
        ("nyc", "New York City, NY"),
        ("Saint Louis", "St. Louis, MO"),
        ("st louis mo", "St. Louis, MO"),
        ("Colorado", "Colorado, United States"),
        ("Georgia", "Georgia, United States"),
        ("Washington DC", "Washington, DC"),
        ("Scarborough, ON", "Scarborough, ON"),
        ("sao paulo", "São Paulo, Brazil"),
        ("Muenchen", "Munich, Bavaria, Germany"),
        ("O'Fallon, MO", "O'Fallon, MO"),
    ]:
        assert places.find(text).label == label


def test_comparable_places_are_offered_most_people_first(real):
    for text, first in [
        ("Portland", ["Portland, OR", "Portland, ME"]),
        ("Birmingham", ["Birmingham, England, United Kingdom", "Birmingham, AL"]),
        ("Springfield", ["Springfield, MO", "Springfield, MA", "Springfield, IL"]),
        ("Paris", ["Paris, France", "Paris, TX"]),
        ("Saint Charles", ["Saint Charles, MO"]),
    ]:
        with pytest.raises(places.PlaceAmbiguous) as refused:
            places.find(text)
        assert [p.label for p in refused.value.places][: len(first)] == first
        for place in refused.value.places:
            assert places.find(place.query) == place


def test_a_slip_is_answered_with_the_right_spelling(real):
    for text, suggestion in [
        ("Denvr", "Denver, CO"),
        ("Albuqerqe", "Albuquerque, NM"),
        ("Pheonix", "Phoenix, AZ"),
        ("san fransisco", "San Francisco, CA"),
        ("2138", "Cambridge, MA 02138"),
        ("80200", "Denver, CO 80202"),
    ]:
        with pytest.raises(places.PlaceNotFound) as refused:
            places.find(text)
        assert suggestion in [found.label for found in refused.value.places]


def test_near_spellings_come_quickly(real):
    seconds = []
    for text in ("Xyzzyville", "Denvr", "san fransiscoo", "santa barbraa ca"):
        before = time.perf_counter()
        with pytest.raises(places.PlaceNotFound):
            places.find(text)
        seconds.append(time.perf_counter() - before)
    # 20 ms each on an idle machine; room for a busy one.
    assert sum(seconds) < 2


def test_a_row_is_found_again_by_its_own_query(real):
    pks = Place.objects.order_by("pk").values_list("pk", flat=True)[::1_999]
    for place in Place.objects.select_related("region__parent").filter(pk__in=pks):
        query = of_place(place, place.region).query
        found = places.find(query)
        assert (found.point, found.region) == (place.point, place.region_id), query


def test_a_second_load_changes_nothing(real):
    regions, rows = gazetteer.load()
    assert (regions.new, regions.changed) == (0, 0)
    assert (rows.new, rows.changed) == (0, 0)
    assert rows.unchanged == Place.objects.count()
    assert rows.unchanged > 120_000
