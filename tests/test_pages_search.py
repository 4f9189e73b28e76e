"""The search page: what it says about an answer, its place and its cost."""

import pytest
from django.db import connection

from providers.question import PAGE_SIZE
from tests import factories as f
from tests import pages
from tests.pages import put_many, query_of, search

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]


# The heading


def test_the_heading_says_count_radius_origin_and_order():
    put_many(2)
    page = search(near="80202", within="25")
    expected = "2 results within 25 miles of Denver, CO 80202, nearest first"
    assert page.heading(2) == expected


def test_one_result_is_said_in_the_singular():
    put_many(1)
    page = search(near="80202", within="25", sort="price")
    expected = (
        "1 result within 25 miles of Denver, CO 80202, lowest session price first"
    )
    assert page.heading(2) == expected


def test_an_open_radius_says_how_far_it_looked_and_why():
    put_many(10)
    page = search(near="80202")
    assert "within 10 miles of" in page.heading(2)
    why = "We looked within 10 miles, the smallest distance with at least ten."
    assert why in page.words


def test_an_open_radius_that_finds_few_says_where_it_stopped():
    put_many(1)
    words = search(near="80202").words
    assert "We looked within 250 miles, the farthest we look unless you say." in words


def test_a_chosen_radius_needs_no_reason():
    put_many(1)
    assert "We looked within" not in search(near="80202", within="10").words


def test_a_region_is_searched_whole_and_by_name():
    put_many(3)
    page = search(near="Colorado")
    assert page.heading(2) == "3 results in Colorado, by name"
    assert "away" not in page.words


def test_nothing_typed_lists_everything_by_name():
    put_many(2)
    assert search().heading(2) == "2 results, by name"


def test_kilometers_are_said_where_they_are_used():
    f.provider(name="Calgary Clinic", region="CA-AB", at=f.CALGARY)
    page = search(near="Calgary", within="16")
    expected = "1 result within 16 kilometers of Calgary, AB, nearest first"
    assert page.heading(2) == expected
    assert page.control("unit")["chosen"] == ["km"]


# Places


def test_a_name_of_several_places_offers_each_as_a_link():
    put_many(1)
    page = search(near="Portland", route="iv")
    assert "Several places have that name." in page.words
    addresses = [a for words, a in page.links if words.startswith("Portland, ")]
    assert len(addresses) == 3
    for address in addresses:
        assert query_of(address)["route"] == ["iv"]
        assert "id_near" not in pages.visit(address).heading(2)
        assert pages.visit(address).heading(2).startswith(("1 result", "No results"))


def test_an_unknown_place_is_refused_at_its_field_and_kept():
    put_many(1)
    page = search(near="Denvr")
    assert "We know no place of that name." in page.words
    assert page.control("near")["value"] == "Denvr"
    assert page.control("near")["aria-invalid"] == "true"
    assert "Denver, CO" in [words for words, _address in page.links]
    assert "result" not in page.heading(2)


def test_a_browsers_point_is_kept_in_the_form():
    put_many(1)
    page = search(lat="39.74", lng="-104.99")
    assert page.control("lat")["value"] == "39.74"
    assert page.control("lng")["value"] == "-104.99"
    assert page.heading(2).startswith("1 result within")


# The crisis lines of the place that is searched


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"near": "Calgary"}, "tel:988"),
        ({"near": "Glasgow"}, "tel:116123"),
        ({"region": "GB-SCT"}, "tel:116123"),
        ({"serves": "GB"}, "tel:116123"),
        ({"region": "EU"}, "tel:988"),
        ({"near": "Nowhereville"}, "tel:988"),
        ({"near": "Glasgow", "route": "nonsense"}, "tel:116123"),
    ],
)
def test_crisis_help_is_that_of_the_place(query, number):
    assert number in [address for _words, address in search(**query).links][1]


# Cost


# The version, the place and the cards; what the index answers asks no database.
HERE = ("US-CO",)
LONGEST = {
    "near": "80202",
    "within": "50",
    "max_price": "500",
    "need": "step_free_entry",
    "unconfirmed": "hide",
    "serves": "US-CO",
    "region": "US-CO",
}


@pytest.fixture
def warm(scratch):
    """What Django asks a new connection of SQLite, once."""
    return connection.features.supports_json_field


@pytest.mark.parametrize("count", [5, 40])
def test_a_page_costs_the_same_queries_for_five_and_for_forty(
    count, warm, django_assert_num_queries
):
    put_many(count, facts=f.fact("medicare"))
    search(near="Boulder", q="nobody")  # builds the index and reads the regions
    with django_assert_num_queries(3):
        search(near="80202", within="50")
    with django_assert_num_queries(2):  # its cards are drawn
        search(near="80202", within="40")


def test_the_longest_question_stays_within_its_queries(warm, django_assert_num_queries):
    at_home = f.offering("sublingual", "home_live_video", prices=f.price(), serves=HERE)
    put_many(30, facts=f.fact("step_free_entry"), offerings=at_home)
    search(near="Boulder", q="nobody")
    with django_assert_num_queries(3):
        assert search(**LONGEST).heading(2).startswith("30 results")
    with django_assert_num_queries(2):
        search(**LONGEST)


def test_a_page_of_results_is_the_engines_page():
    put_many(21)
    page = search(near="80202", within="25")
    cards = [attributes for tag, attributes in page.tags if tag == "article"]
    assert len(cards) == PAGE_SIZE
