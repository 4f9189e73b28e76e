"""What an answer leaves out is counted, and one click away."""

import pytest

from tests import factories as f
from tests import pages
from tests.pages import put, put_many, query_of, search

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]


def test_each_reason_is_one_click_that_adds_that_many():
    prices = [
        f.offering(prices=f.price(40_000)),
        f.offering(),
        f.offering(prices=f.price(40_000, days=120)),
        f.offering(prices=f.price(None, None) | f.price(100, kind="drug")),
    ]
    for offered in prices:
        put("Clinic", offerings=offered)
    page = search(near="80202", within="25", max_price="500")
    assert page.heading(2).startswith("1 result ")
    for words, change in (
        ("1 clinic with no published price", "include_unpriced"),
        ("1 clinic whose price is older than 90 days", "include_stale_price"),
        ("1 clinic that publishes only part of the price", "include_incomplete"),
    ):
        address = page.link(words)
        assert query_of(address)[change] == ["yes"]
        assert pages.visit(address).heading(2).startswith("2 results ")


def test_needs_that_are_not_stated_are_one_click_away():
    put_many(3)
    page = search(near="80202", within="25", need="quiet_room")
    address = page.link("3 clinics that do not say whether they meet your needs")
    assert query_of(address)["include_not_stated"] == ["yes"]
    assert pages.visit(address).heading(2).startswith("3 results ")


def test_hidden_unconfirmed_listings_are_one_click_away():
    put_many(2, contact_days=200)
    page = search(near="80202", within="25", unconfirmed="hide")
    address = page.link("Also show 2 clinics not confirmed for 180 days")
    assert pages.visit(address).heading(2).startswith("2 results ")


def test_clinics_across_the_border_are_counted_with_their_money():
    f.provider(name="Calgary Clinic", region="CA-AB", at=f.CALGARY)
    page = search(near="Denver, CO", within="1000")
    address = page.link("Also show 1 clinic across the border, prices in CAD")
    assert query_of(address)["country"] == ["any"]
    assert pages.visit(address).heading(2).startswith("1 result ")


def test_care_at_home_is_a_group_of_its_own():
    video = f.offering("sublingual", "home_live_video", serves=("US-CO",))
    put("Video Clinic", at=None, offerings=video)
    page = search(near="80202", within="25", route="sublingual")
    address = page.link("1 clinic offers care at home in Colorado")
    assert query_of(address) == {"serves": ["US-CO"], "route": ["sublingual"]}
    assert pages.visit(address).heading(2) == "1 result, by name"


def test_an_empty_answer_offers_a_wider_radius_and_the_nearest_beyond():
    f.provider(name="Utah Clinic", region="US-UT", at=f.SALT_LAKE_CITY)
    page = search(near="80202", within="25")
    assert page.heading(2) == "No results within 25 miles of Denver, CO 80202"
    assert "The nearest beyond that distance" in page.heading(3)
    assert "Utah Clinic" in page.words
    found = pages.visit(page.link("Look within"))
    assert found.heading(2).startswith("1 result within")


def test_few_priced_matches_are_followed_by_the_nearest_unpriced():
    put("Priced", offerings=f.offering(prices=f.price(40_000)))
    put("Silent", offerings=f.offering())
    page = search(near="80202", within="25", max_price="500")
    assert "Nearest with no published price" in page.heading(3)
    assert "Silent" in page.words.split("Nearest with no published price")[1]


def test_an_answer_that_is_empty_at_any_distance_says_what_to_do(client):
    response = client.get("/search/", {"q": "nobody has this name"})
    page = response.content.decode()
    assert "No clinic that we list matches all of this." in page
    assert 'href="/regions/">browse by country, state or province</a>' in page
