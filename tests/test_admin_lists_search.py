"""The admin finds listings and places by the words that people type."""

import pytest

from providers.models import Organization, Place, PlaceName, Region
from tests import factories
from tests.listing_page import LIST, names_in

pytestmark = pytest.mark.django_db
NPI = "1234567893"


@pytest.mark.parametrize("holder", ["listing", "organization"])
def test_search_finds_by_the_npi_of_the_listing_or_of_who_runs_it(admin, holder):
    factories.provider(name="Other")
    if holder == "listing":
        factories.provider(name="Lumen", npi=NPI)
    else:
        Organization.objects.create(code="org", name="Org", npi=NPI)
        factories.provider(name="Lumen", organization="org")
    assert names_in(admin.get(LIST, {"q": f" {NPI} "})) == {"Lumen"}


def test_a_number_that_looks_like_an_npi_and_is_none_says_so(admin):
    factories.provider(name="Lumen", phone="+12125550142")
    page = admin.get(LIST, {"q": "2125550142"})
    assert names_in(page) == {"Lumen"}
    assert "2125550142 is no NPI" in page.content.decode()
    for plain in (NPI, "3035550142", "Lumen"):
        assert "is no NPI" not in admin.get(LIST, {"q": plain}).content.decode()


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        *(("lumen", True), ("LUMEN clinic", True), ("sao", True), ("São Lumen", True)),
        *(("boulder", True), ("lumen boulder", True), ("80301", True)),
        *(("lumen-boulder", True), ("lumen denver", False), ("80302", False)),
        *(("(303) 555-0142", True), ("303.555.0142", True), ("3035550142", True)),
        *(("+1 303 555 0142", True), ("1-303-555-0142", True), ("555-0142", True)),
        *(("303-555-0142 x301", True), ("303 555 0142 ext. 7", True)),
        *(("303-555-0143", False), ("0303 5550142", True), ("()", True), ("%", True)),
    ],
)
def test_search_finds_by_name_town_postcode_phone_and_address(admin, typed, is_found):
    factories.provider(
        name="São Lumen Clinic",
        slug="lumen-boulder",
        city="Boulder",
        postcode="80301",
        phone="+13035550142",
    )
    factories.provider(name="Other")
    page = admin.get(LIST, {"q": typed})
    assert ("São Lumen Clinic" in names_in(page)) == is_found


def test_a_british_number_is_found_as_people_there_write_it(admin):
    factories.provider(name="Thistle", region="GB-SCT", phone="+442079460958")
    assert names_in(admin.get(LIST, {"q": "020 7946 0958"})) == {"Thistle"}


def test_a_search_with_a_nul_finds_nothing_and_breaks_nothing(admin):
    factories.provider()
    assert admin.get(LIST, {"q": "a\0b"}).status_code in (200, 302)


def test_listings_are_offered_by_name_to_other_forms(admin):
    factories.provider(name="Lumen")
    field = {"app_label": "providers", "model_name": "fact", "field_name": "provider"}
    answer = admin.get("/admin/autocomplete/", field | {"term": "lum"})
    assert [row["text"] for row in answer.json()["results"]] == ["Lumen"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("803", 1), ("K1A0", 1), ("k1a 0", 1), ("saint j", 1), ("St. Johns", 1), ("x", 0)],
)
def test_places_are_found_by_postcode_or_the_beginning_of_a_name(admin, typed, found):
    factories.regions()
    for kind, name, code, plain in (
        ("postcode", "Boulder", "80301", "80301"),
        ("postcode", "Ottawa", "K1A0", "k1a0"),
        ("town", "St. Johns", "", "saint johns"),
    ):
        place = Place.objects.create(
            kind=kind,
            name=name,
            postcode=code,
            country="US",
            region=Region.objects.get(code="US-CO"),
            latitude=1,
            longitude=1,
        )
        PlaceName.objects.create(place=place, plain=plain)
    page = admin.get("/admin/providers/place/", {"q": typed})
    assert page.context["cl"].result_count == found
