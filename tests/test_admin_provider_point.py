"""The point comes from the address, unless somebody typed an exact one."""

import re
from math import hypot

import pytest

from providers import geo
from providers.admin.map import map_of
from providers.models import Place, PlaceName, Provider, Region
from tests import factories
from tests.forms_in_pages import filled, messages_of, post, submit
from tests.listing_page import ADD, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def boulder():
    """The gazetteer: one postcode and one town, hand-typed."""
    factories.regions()
    for kind, code, latitude, longitude in (
        ("postcode", "80301", 40.0497, -105.2143),
        ("town", "", 40.015, -105.2706),
    ):
        place = Place.objects.create(
            kind=kind,
            name="Boulder",
            postcode=code,
            country="US",
            region=Region.objects.get(code="US-CO"),
            latitude=latitude,
            longitude=longitude,
            population=0 if code else 105_000,
        )
        PlaceName.objects.create(place=place, plain=code or "boulder")


def test_the_point_comes_from_the_postcode_with_its_precision(admin, boulder):
    submit(admin, ADD, name="A", region="US-CO", city="Boulder", postcode="80301")
    provider = Provider.objects.get()
    assert provider.point == (40.0497, -105.2143)
    assert provider.point_precision == "postal"
    page = admin.get(page_of(provider))
    assert "middle of the postal code" in page.content.decode()


def test_without_a_postcode_the_point_is_the_towns(admin, boulder):
    submit(admin, ADD, name="A", region="US-CO", city="Boulder")
    provider = Provider.objects.get()
    assert provider.point == (40.015, -105.2706)
    assert provider.point_precision == "town"


def test_a_typed_point_is_exact(admin, boulder):
    values = {"postcode": "80301", "latitude": "40.02", "longitude": "-105.27"}
    submit(admin, ADD, name="A", region="US-CO", **values)
    provider = Provider.objects.get()
    assert (provider.point, provider.point_precision) == ((40.02, -105.27), "address")


def test_a_new_address_moves_a_point_that_was_found(admin, boulder):
    point = {"latitude": 39.7, "longitude": -105.0, "precision": "town"}
    provider = factories.provider(point=point, city="Denver")
    submit(admin, page_of(provider), city="Boulder", postcode="80301")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (
        (40.0497, -105.2143),
        "postal",
    )


def test_a_new_address_keeps_an_exact_point_and_says_so(admin, boulder):
    provider = factories.provider(city="Denver")
    answer = submit(admin, page_of(provider), city="Boulder", postcode="80301")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (factories.DENVER, "address")
    assert "exact point was kept" in messages_of(answer)


def test_clearing_both_numbers_finds_the_point_anew(admin, boulder):
    provider = factories.provider(city="Boulder", postcode="80301")
    submit(admin, page_of(provider), latitude="", longitude="")
    provider.refresh_from_db()
    assert provider.point_precision == "postal"


def test_an_unknown_address_leaves_no_point_rather_than_a_wrong_one(admin, boulder):
    point = {"latitude": 40.0, "longitude": -105.2, "precision": "town"}
    provider = factories.provider(point=point, city="Boulder")
    answer = submit(admin, page_of(provider), city="Nowhere", postcode="00001")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (None, "")
    assert "No point was found" in messages_of(answer)
    assert "leave it out" in admin.get(page_of(provider)).content.decode()


def test_no_address_at_all_needs_no_point_and_no_warning(admin):
    factories.regions()
    answer = submit(admin, ADD, name="Only by video", region="US-CO")
    assert Provider.objects.get().point is None
    assert "point" not in messages_of(answer)


def test_an_edit_elsewhere_on_the_page_leaves_the_point_alone(admin, boulder):
    point = {"latitude": 39.7, "longitude": -105.0, "precision": "town"}
    provider = factories.provider(point=point, city="Boulder", postcode="80301")
    submit(admin, page_of(provider), name="Other")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == ((39.7, -105.0), "town")


def test_a_geocoder_that_fails_warns_and_our_own_table_answers(
    admin, boulder, monkeypatch
):
    from providers.places import geocoders

    def fail(_address):
        raise geocoders.LookupUnavailable("GeocoderTimedOut")

    monkeypatch.setattr(geocoders, "online_point", fail)
    address = {"street": "1 Pearl St", "city": "Boulder", "postcode": "80301"}
    answer = submit(admin, ADD, name="A", region="US-CO", **address)
    assert Provider.objects.get().point_precision == "postal"
    assert "GeocoderTimedOut" in messages_of(answer)


def test_a_geocoder_that_answers_gives_the_street(admin, boulder, monkeypatch):
    from providers.geo import Point
    from providers.places import geocoders
    from providers.places.addresses import AddressPoint

    asked = []

    def answer(address):
        asked.append(address)
        return AddressPoint(Point(40.0176, -105.2797), "address")

    monkeypatch.setattr(geocoders, "online_point", answer)
    address = {"street": "1 Pearl St", "city": "Boulder", "postcode": "80301"}
    submit(admin, ADD, name="A", region="US-CO", **address)
    provider = Provider.objects.get()
    assert provider.point == (40.0176, -105.2797)
    assert provider.point_precision == "address"
    assert asked == [("1 Pearl St", "Boulder", "US-CO", "80301", "US")]


def test_the_addresss_place_replaces_a_typed_point_and_all_else_is_saved(
    admin, boulder
):
    provider = factories.provider(city="Boulder", postcode="80301")
    values = filled(admin.get(page_of(provider))) | {"name": "New name"}
    answer = post(admin, page_of(provider), values | {"_place": "1"})
    assert answer["Location"] == page_of(provider)
    provider.refresh_from_db()
    assert (provider.name, provider.point_precision) == ("New name", "postal")
    assert provider.point == (40.0497, -105.2143)


def test_an_address_without_a_place_keeps_the_point_and_says_so(admin, boulder):
    provider = factories.provider(city="Nowhere", postcode="00001")
    values = filled(admin.get(page_of(provider))) | {"_place": "1"}
    answer = post(admin, page_of(provider), values)
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (factories.DENVER, "address")
    assert "No point was found" in messages_of(answer)


def test_the_map_says_how_far_the_point_lies_from_its_postcode(admin, boulder):
    provider = factories.provider(postcode="80301", name="Lumen")
    page = " ".join(admin.get(page_of(provider)).content.decode().split())
    km = geo.distance_km(geo.Point(*factories.DENVER), geo.Point(40.0497, -105.2143))
    assert f"lies {km:.1f} km ({km / 1.609344:.1f} mi) from the middle of 80301" in page
    assert "That is far" in page
    assert "Boulder 39 km" in page
    assert re.search(r"\d+ km = [\d.]+ mi", page)


def test_the_map_draws_north_up_and_true_to_scale(boulder):
    provider = factories.provider(postcode="80301")
    drawn = map_of(provider)
    assert drawn.postcode.y < drawn.listing.y
    assert drawn.postcode.x < drawn.listing.x
    units = hypot(
        drawn.postcode.x - drawn.listing.x, drawn.postcode.y - drawn.listing.y
    )
    km_a_unit = drawn.bar_km / drawn.bar_width
    assert units * km_a_unit == pytest.approx(drawn.postcode.km, rel=0.01)


def test_a_listing_without_a_point_has_no_map_and_a_way_to_get_one(admin):
    page = admin.get(page_of(factories.provider(at=None))).content.decode()
    assert "<svg viewBox" not in page
    assert 'name="_place"' in page
