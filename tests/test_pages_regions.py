"""Browsing by place: counts of what a search would show, and nothing else."""

import pytest

from tests import factories as f
from tests.pages import put_many, visit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def listings():
    f.provider(name="Denver One")
    f.provider(name="Boulder One", at=f.BOULDER)
    f.provider(name="Utah One", region="US-UT", at=f.SALT_LAKE_CITY)
    f.provider(name="Calgary One", region="CA-AB", at=f.CALGARY)
    f.provider(name="Hidden One", published=False)
    f.provider(name="Closed One", status="closed")


@pytest.mark.usefixtures("listings")
def test_countries_and_their_parts_are_counted():
    page = visit("/regions/")
    assert page.in_tag("h2") == ["Canada", "1", "United States", "3"]
    assert "Canada 1 Alberta 1 United States 3 Colorado 2 Utah 1" in page.words
    assert "New York" not in page.words


@pytest.mark.usefixtures("listings")
def test_a_listing_of_a_whole_country_counts_in_it():
    f.provider(name="Nationwide", region="US", at=None)
    assert "United States 4 Colorado 2 Utah 1" in visit("/regions/").words


def test_without_listings_the_page_says_so():
    f.regions()
    assert "No listings yet." in visit("/regions/").words


@pytest.mark.usefixtures("listings")
def test_a_country_shows_its_parts_and_its_listings_by_name():
    page = visit("/regions/US/")
    assert page.heading() == "United States"
    assert "3 listings, by name." in page.words
    assert "Colorado 2 Utah 1" in page.words
    assert page.in_tag("h3") == ["Boulder One", "Denver One", "Utah One"]
    assert page.link("Search and filter them") == "/search/?region=US"


@pytest.mark.usefixtures("listings")
def test_a_part_shows_its_own_listings_only():
    page = visit("/regions/us-co/")
    assert page.in_tag("h3") == ["Boulder One", "Denver One"]
    assert page.link("United States") == "/regions/US/"
    assert page.link("Boulder One").startswith("/providers/")


def test_a_region_without_listings_offers_the_search():
    f.regions()
    page = visit("/regions/US-NY/")
    assert "No listings here yet." in page.words
    assert page.link("Search elsewhere") == "/search/"


@pytest.mark.parametrize("code", ["XX", "US-XX", "EU", "001"])
def test_what_is_no_country_or_part_of_one_is_a_404_with_search(code):
    f.regions()
    page = visit(f"/regions/{code}/", status=404)
    assert page.control("near")


def test_long_lists_come_in_numbered_pages():
    put_many(45)
    page = visit("/regions/US-CO/")
    assert len(page.in_tag("h3")) == 20
    assert page.link("Page 3") == "?page=3"
    last = visit("/regions/US-CO/", page="3")
    assert last.in_tag("h3") == [f"Clinic {number}" for number in range(40, 45)]


@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "1.5", "\x00", "9" * 400])
def test_a_page_that_is_not_there_is_a_404_with_search(page):
    f.provider()
    assert visit("/regions/US-CO/", status=404, page=page).control("near")


def test_an_unconfirmed_listing_says_call_first():
    f.provider(contact_days=200)
    assert "not confirmed since, call first" in visit("/regions/US-CO/").words


def test_samples_are_announced():
    f.provider(is_sample=True)
    assert "Sample listings." in visit("/regions/US-CO/").words


@pytest.mark.usefixtures("listings")
def test_a_region_shows_its_countrys_crisis_lines():
    f.provider(region="GB-SCT", at=(55.86, -4.25))
    addresses = [address for _words, address in visit("/regions/GB-SCT/").links]
    assert addresses[1] == "tel:116123"


@pytest.mark.parametrize("count", [5, 40])
@pytest.mark.parametrize(("path", "queries"), [("/regions/", 4), ("/regions/US/", 7)])
def test_browsing_costs_the_same_queries_for_five_and_for_forty(
    count, path, queries, django_assert_num_queries
):
    put_many(count)
    f.provider(region="US-UT")
    # One more than with crisis lines in the table, which is asked twice when empty.
    with django_assert_num_queries(queries):
        visit(path)
