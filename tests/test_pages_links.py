"""The links of an answer change one thing of the question and keep the rest."""

import pytest
from django.http import QueryDict
from django.test import Client

from providers.views.links import Links
from tests import pages
from tests.pages import put_many, query_of, search

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]


# The address of a question


def test_another_question_starts_at_its_first_page():
    links = Links(QueryDict("page=3&near=80202"))
    assert links.query() == "?near=80202"
    assert links.query(page=2) == "?near=80202&page=2"


def test_what_is_added_stands_where_the_form_has_it():
    links = Links(QueryDict("q=mesa&route=oral"))
    changed = links.query(near="80202", need=["lift", " "], unit="")
    assert changed == "?near=80202&route=oral&need=lift&q=mesa"


# Filters that are on


def test_each_filter_has_a_link_that_removes_only_it():
    put_many(1)
    page = search(
        near="80202",
        within="25",
        route=["iv", "sublingual"],
        need="driver_must_stay",
        max_price="500",
        q="clinic",
        unconfirmed="hide",
        checked_within="90",
        include_unpriced="yes",
        accepting="waitlist",
    )
    left = query_of(page.link("Remove: IV drip"))
    assert left["route"] == ["sublingual"]
    assert left["near"] == ["80202"]
    for words, name in (
        ("Within 25 miles", "within"),
        ("Does not require: a driver who stays", "need"),
        ("At most $500 a session", "max_price"),
        ("Name: clinic", "q"),
        ("Confirmed within 180 days only", "unconfirmed"),
        ("Checked within 90 days", "checked_within"),
        ("Also clinics with no published price", "include_unpriced"),
        ("Takes new patients, or has", "accepting"),
    ):
        left = query_of(page.link(f"Remove: {words}"))
        assert name not in left, words
        assert {"near", "route"} <= left.keys()


def test_removing_the_place_removes_its_radius_too():
    page = search(near="80202", within="25", route="iv")
    assert query_of(page.link("Near Denver, CO 80202")) == {"route": ["iv"]}


def test_clear_all_keeps_the_place_the_radius_and_the_order():
    page = search(near="80202", within="25", sort="price", route="iv", q="x")
    kept = query_of(page.link("Clear all filters"))
    assert kept == {"near": ["80202"], "within": ["25"], "sort": ["price"]}


def test_regions_and_care_at_home_can_be_removed():
    page = search(region=["US-CO", "US-UT"], serves="US-CO", country="any")
    assert query_of(page.link("Remove: In Utah"))["region"] == ["US-CO"]
    assert "serves" not in query_of(page.link("Care at home in Colorado"))
    assert "country" not in query_of(page.link("Remove: Also across the border"))


def test_links_carry_known_parameters_only():
    put_many(25)
    response = Client().get("/search/", {"near": "80202", "utm": "x", "route": "iv"})
    page = pages.Page(response.content.decode())
    for _words, address in page.links:
        assert "utm" not in query_of(address)


# Pages


def test_pages_are_numbered_and_keep_the_question():
    put_many(45)
    page = search(near="80202", within="25", route="iv")
    third = page.link("Page 3")
    assert query_of(third) == {
        "near": ["80202"],
        "within": ["25"],
        "route": ["iv"],
        "page": ["3"],
    }
    last = pages.visit(third)
    assert last.has("strong", **{"aria-current": "page"})
    assert "Clinic 44" in last.words
    assert "Clinic 39" not in last.words


def test_each_question_has_pages_of_its_own():
    put_many(45)
    assert query_of(search(near="80202", within="25").link("Page 2"))["within"] == [
        "25"
    ]
    assert query_of(search().link("Page 2")) == {"page": ["2"]}
    spanish = pages.visit("/es/search/?q=clinic").link("Página 2")
    assert spanish == "/es/search/?q=clinic&page=2"


def test_a_page_too_far_is_an_error_at_its_field_with_no_results():
    put_many(3)
    page = search(near="80202", page="7")
    assert "There is no page 7 of this answer." in page.words
    assert "#id_page" in [address for _words, address in page.links]
    assert "Clinic 00" not in page.words
