"""The search page asked by the cost of a course, with travel, or by prices posted."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests import factories as f
from tests import pages
from tests.pages import query_of, search

pytestmark = [pytest.mark.usefixtures("clinics"), pytest.mark.any_database]
NEAR = {"near": "80202", "within": "100"}


@pytest.fixture(scope="module")
def clinics(gazetteer):
    """Two with a course of six infusions, at $300 and at $400 each and the farther one
    cheaper; one that says nothing of its price; one that comes home."""
    call_command("load_courses", stdout=StringIO())
    infusion = {"route": "iv_infusion", "therapy": "none"}
    for name, at, cents in (("Near", f.DENVER, 400_00), ("Far", f.BOULDER, 300_00)):
        offered = f.offering(**infusion, prices=f.price(cents))
        f.provider(name=name, at=at, offerings=offered)
    f.provider(name="Silent", offerings=f.offering(**infusion))
    visited = f.offering(
        **infusion, setting="home_visit", prices=f.price(500_00), serves=("US-CO",)
    )
    f.provider(name="Visiting", at=None, offerings=visited)


def chips(**query) -> list[str]:
    links = search(**NEAR, **query).links
    on = [words for words, _url in links if words.startswith("Remove: ")]
    return [words.removeprefix("Remove: ").removesuffix(" ×") for words in on]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"max_course": "2400"}, "At most $2,400 a course"),
        ({"max_total": "3000"}, "At most $3,000 with travel"),
        ({"driver": "someone"}, "Someone drives me"),
        ({"driver": "nobody"}, "I have nobody to drive me"),
        ({"rate": "0.205"}, "0.205 USD a mile"),
        ({"rate": "0.5", "unit": "km"}, "0.5 USD a kilometer"),
        ({"fare": "45.5"}, "$45.50 a ride there and back"),
        ({"nights": "2"}, "2 nights there"),
        ({"night": "99"}, "$99 a night"),
    ],
)
def test_a_cost_that_is_asked_for_can_be_removed(query, words):
    name = next(iter(query))
    assert words in chips(**query)
    left = query_of(search(**NEAR, **query).link(f"Remove: {words}"))
    assert name not in left
    assert left["near"] == ["80202"]


def test_without_the_place_nothing_is_asked_of_travel():
    asked = {**NEAR, "sort": "travel", "max_total": "9000", "max_course": "5000"}
    address = search(**asked).link("Near Denver, CO 80202")
    assert query_of(address) == {"max_course": ["5000"]}
    assert "Please look at this again" not in pages.visit(address).words


@pytest.mark.parametrize(
    ("sort", "words"),
    [
        ("course", "lowest course cost first"),
        ("travel", "lowest cost of a course with travel first"),
        ("posted", "most prices published first"),
    ],
)
def test_the_heading_says_the_order(sort, words):
    assert search(**NEAR, sort=sort).heading(2).endswith(words)


def names(**query) -> list[str]:
    told = " ".join(search(**NEAR, **query).in_tag("h3"))
    return sorted(("Near", "Far", "Silent"), key=told.index)


def test_travel_may_make_the_cheaper_course_dearer():
    assert names(sort="course") == ["Far", "Near", "Silent"]
    assert names(sort="travel", driver="someone") == ["Far", "Near", "Silent"]
    dear = {"driver": "someone", "rate": "5"}  # 24 miles × 1.4, 12 times
    assert names(sort="travel", **dear) == ["Near", "Far", "Silent"]


@pytest.mark.parametrize("limit", ["max_course", "max_total"])
def test_those_that_do_not_tell_enough_are_one_click_away(limit):
    page = search(**NEAR, **{limit: "9000"})
    assert page.heading(2).startswith("2 results")
    address = page.link("Also show 1 clinic that publishes too little to tell this")
    assert query_of(address)["include_unpriced"] == ["yes"]
    assert pages.visit(address).heading(2).startswith("3 results")
    assert "Nearest that publish too little to tell this cost" in page.words


def test_a_limit_that_nobody_meets_says_how_much_more():
    address = search(**NEAR, max_course="1000").link("Pay up to $1,800 a course ($800")
    assert pages.visit(address).heading(2).startswith("1 result")
    page = search(**NEAR, max_total="1000", driver="someone")
    address = page.link("with travel ($881 more): 1 clinic")
    assert pages.visit(address).heading(2).startswith("1 result")


def test_care_at_home_has_no_way_to_pay_for():
    page = search(**NEAR, max_total="9000", max_course="9500")
    address = page.link("1 clinic offers care at home in Colorado")
    assert query_of(address) == {"max_course": ["9000"], "serves": ["US-CO"]}
    assert pages.visit(address).heading(2).startswith("1 result")
    page = search(**NEAR, max_total="9000", max_course="8000")
    address = page.link("1 clinic offers care at home in Colorado")
    assert query_of(address)["max_course"] == ["8000"]
