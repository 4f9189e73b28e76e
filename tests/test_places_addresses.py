"""Listings' addresses get points from our own table; online only where it is set."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from geopy.adapters import BaseSyncAdapter
from geopy.distance import geodesic
from geopy.exc import GeocoderTimedOut, GeopyError

from providers import places
from providers.models import Place
from providers.places import geocoders
from providers.places.addresses import (
    Address,
    address_point,
    address_points,
    postcode_place,
)
from providers.places.geocoders import TableGeocoder
from tests.gazetteers import load_small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _gazetteer(db):
    load_small()


@pytest.mark.parametrize(
    ("postcode", "country", "stored"),
    [
        ("80202", "US", "80202"),
        ("80202-1234", "US", "80202"),
        ("k1a 0b6", "CA", "K1A"),
        ("SW1A 1AA", "GB", "SW1A"),
    ],
)
def test_a_postcode_is_found_in_its_country(postcode, country, stored):
    assert postcode_place(postcode, country).postcode == stored


@pytest.mark.parametrize(
    ("postcode", "country"), [("80202", "CA"), ("99999", "US"), ("", "US"), ("x", "US")]
)
def test_a_postcode_elsewhere_or_unknown_is_none(postcode, country):
    assert postcode_place(postcode, country) is None


@pytest.mark.parametrize(
    ("address", "point", "precision"),
    [
        ({"postcode": "80202", "region": "CO"}, (39.7515, -104.9977), "postal"),
        ({"postcode": "80202-9"}, None, None),
        ({"postcode": "2138", "region": "MA"}, (42.3770, -71.1256), "postal"),
        ({"city": "Denver", "region": "US-PA"}, (40.2331, -76.1372), "town"),
        (
            {"city": "ST LOUIS", "region": "MO", "postcode": "63101"},
            (38.6270, -90.1994),
            "town",
        ),
        (
            {"city": "Calgary", "region": "AB", "country": "CA", "postcode": "T2P 1J9"},
            (51.0477, -114.0696),
            "postal",
        ),
        ({"city": "Paris", "country": "FR"}, (48.8566, 2.3522), "town"),
        (
            {"city": "Paris", "region": "FR-75C", "country": "FR"},
            (48.8566, 2.3522),
            "town",
        ),
    ],
)
def test_an_address_gets_its_postcodes_point_else_its_towns(address, point, precision):
    found = address_point(street="1 Main St", **address)
    assert found == ((point, precision) if point else None)


def test_a_postcode_of_another_region_gives_way_to_the_town():
    found = address_point(city="Denver", region="CO", postcode="02138")
    assert found.precision == "town"
    assert geodesic(found.point, (39.74, -104.99)).km < 1


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"city": "Xyzzyville", "region": "CO"},
        {"city": "Springfield", "region": "PA"},
        {"city": "Denver", "region": "MT"},
        {"city": "Denver", "country": "CA"},
    ],
)
def test_no_point_is_guessed(address):
    assert address_point(**address) is None


def test_thousands_of_addresses_take_one_query(django_assert_num_queries):
    cities = [Address(city=f"Town {i}", postcode=f"{i:05}") for i in range(4_000)]
    with django_assert_num_queries(1):
        points = address_points([*cities, Address(postcode="80202")])
    assert len(points) == 4_001
    assert points[0] is None
    assert points[-1].precision == "postal"


# --- geopy's interface to our own table -----------------------------------------------


def test_the_table_answers_as_a_geopy_geocoder():
    location = TableGeocoder().geocode("80202-1234")
    assert location.address == "Denver, CO 80202"
    assert (location.latitude, location.longitude) == (39.7515, -104.9977)
    assert location.raw["region"] == "US-CO"


@pytest.mark.parametrize("text", ["Portland", "Colorado", "Xyzzyville", ""])
def test_the_table_guesses_nothing(text):
    assert TableGeocoder().geocode(text) is None


def test_the_table_lists_what_a_text_may_mean():
    found = TableGeocoder().geocode("Portland", exactly_one=False)
    assert [place.address for place in found[:2]] == ["Portland, OR", "Portland, ME"]
    assert TableGeocoder().geocode("Xyzzyville", exactly_one=False) is None


def test_the_table_answers_for_another_country():
    assert TableGeocoder(country="GB").geocode("Birmingham").raw["country"] == "GB"


def test_the_table_names_a_point():
    assert TableGeocoder().reverse((40, -105)).address == "a point near Boulder, CO"
    found = TableGeocoder().reverse("40, -105", exactly_one=False)
    assert [place.raw["region"] for place in found] == ["US-CO"]


def test_the_table_names_no_point_while_it_is_empty():
    Place.objects.all().delete()
    assert TableGeocoder().reverse((40, -105)) is None


def test_the_table_refuses_every_request():
    adapter = TableGeocoder().adapter
    for ask in (adapter.get_json, adapter.get_text):
        with pytest.raises(GeopyError):
            ask("http://localhost", timeout=1, headers={})


# --- The operator's online geocoder ---------------------------------------------------


class FakeService(BaseSyncAdapter):
    """Answers with what stands in `reply`, as Photon does; keeps what it saw."""

    reply: object = None
    seen: list = []

    def __init__(self, *, proxies, ssl_context) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)

    def get_json(self, url, *, timeout, headers):
        self.seen.append((url, timeout))
        if isinstance(self.reply, Exception):
            raise self.reply
        return json.loads(json.dumps(self.reply))

    get_text = get_json


def photon(latitude: float, longitude: float) -> dict:
    point = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"features": [{"geometry": point, "properties": {"name": "Clinic"}}]}


@pytest.fixture
def service(settings, monkeypatch):
    settings.ONLINE_GEOCODER = "photon"
    settings.ONLINE_GEOCODER_OPTIONS = {
        "user_agent": "kap.example.org",
        "timeout": "3",
        "adapter_factory": FakeService,
    }
    monkeypatch.setattr(FakeService, "reply", photon(39.7420, -104.9915))
    monkeypatch.setattr(FakeService, "seen", [])
    monkeypatch.setattr(geocoders, "PAUSE_S", 0)
    geocoders.online_geocoder.cache_clear()
    yield FakeService
    geocoders.online_geocoder.cache_clear()


BANNOCK = Address("1437 Bannock St", "Denver", "CO", "80202", "US")


def test_an_online_answer_is_as_fine_as_an_address(service):
    found = geocoders.online_point(BANNOCK)
    assert found == ((39.7420, -104.9915), "address")
    url, timeout_s = service.seen[0]
    assert "1437+Bannock+St" in url
    assert timeout_s == 3


def test_the_online_geocoder_is_slowed_down(service, monkeypatch):
    monkeypatch.setattr(geocoders, "PAUSE_S", 1)
    assert geocoders.online_geocoder().min_delay_seconds == 1
    assert geocoders.online_geocoder() is geocoders.online_geocoder()


def test_no_online_geocoder_is_asked_unless_one_is_set(service, settings):
    settings.ONLINE_GEOCODER = ""
    assert geocoders.online_geocoder() is None
    assert geocoders.online_point(BANNOCK) is None
    assert service.seen == []


def test_an_address_without_a_street_is_not_sent(service):
    assert geocoders.online_point(BANNOCK._replace(street="")) is None
    assert service.seen == []


def test_an_answer_in_another_region_is_none(service, monkeypatch):
    monkeypatch.setattr(service, "reply", photon(40.2331, -76.1372))
    assert geocoders.online_point(BANNOCK) is None


def test_no_answer_is_none(service, monkeypatch):
    monkeypatch.setattr(service, "reply", {"features": []})
    assert geocoders.online_point(BANNOCK) is None


def test_a_service_that_is_down_says_so_without_the_address(service, monkeypatch):
    monkeypatch.setattr(service, "reply", GeocoderTimedOut("1437 Bannock St"))
    with pytest.raises(geocoders.LookupUnavailable) as refused:
        geocoders.online_point(BANNOCK)
    assert str(refused.value) == "GeocoderTimedOut"


@pytest.mark.parametrize(
    "options", [{"colour": "red"}, {"timeout": "soon"}, {"scheme": "gopher"}]
)
def test_options_that_do_not_fit_are_refused(service, settings, options):
    settings.ONLINE_GEOCODER_OPTIONS = options
    with pytest.raises(ImproperlyConfigured):
        geocoders.online_geocoder()


@pytest.mark.parametrize("text", ["80202", "Portland", "Xyzzyville", "39.74,-104.99"])
def test_a_visitors_words_never_reach_the_online_geocoder(service, text):
    for look_up in (places.find, TableGeocoder().geocode):
        try:
            look_up(text)
        except places.PlaceError:
            continue
    assert service.seen == []
