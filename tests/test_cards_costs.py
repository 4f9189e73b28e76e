"""What a card tells of money: a session, a course, the way there, and what is told."""

import pytest

from providers.actions import Treatment
from providers.filters import SORTS
from tests import factories as f
from tests.courses import KAP, course
from tests.pages import Page, search
from tests.test_pages_listing import day

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]
NEAR_DENVER = {"near": "Denver, CO", "within": 100}


def card(**question) -> str:
    html = search(**NEAR_DENVER | question).html
    return Page(html.split('<article class="card')[1].split("</article>")[0]).words


def put(prices: dict, **columns) -> None:
    f.provider(offerings=f.offering(prices=prices), **columns)


def known(days: int = 10) -> str:
    return f"on {day(days)} · Phone call · The clinic"


def test_a_session_and_a_course_of_one_date_stand_together():
    course(KAP, dose_visit=(3, 3))
    put(f.price(40_000, 50_000))
    said = "$400–$500 a session · $1,200–$1,500 a course Estimate from prices posted"
    assert f"{said} {known()}" in card()


def test_of_two_dates_each_stands_with_its_own():
    course(KAP, dose_visit=(3, 3), prep=(1, 1))
    put(f.price(40_000) | f.price(10_000, kind="prep", days=60))
    words = card()
    assert f"$400 a session Checked {known()}" in words
    assert f"$1,300 a course Estimate from prices posted {known(60)}" in words


def test_a_course_that_lacks_a_price_is_at_least():
    course(KAP, dose_visit=(3, 3), prep=(1, 1))
    put(f.price(40_000))
    assert "at least $1,200 a course, some parts not posted" in card()


def test_a_stale_course_says_since_when():
    course(KAP, dose_visit=(3, 3))
    put(f.price(40_000, days=120))
    assert "$1,200 a course Estimate from prices posted" in card()
    assert "not checked since · Phone call" in card()


def test_prices_of_more_than_a_year_ago_are_no_prices():
    course(KAP, dose_visit=(3, 3))
    put(f.price(40_000, days=366))
    words = card()
    assert "Price not published, ask" in words
    assert "$" not in words


def test_a_package_alone_is_told_as_a_course():
    course(KAP, dose_visit=(3, 3))
    put(f.price(150_000, kind="package", unit="course"))
    words = card()
    assert "$1,500 a course" in words
    assert "not published" not in words


def test_the_price_says_of_which_route_it_is():
    offered = f.offering(prices=f.price(40_000)) | f.offering("im_injection")
    f.provider(offerings=offered)
    assert "$400 a session (IV drip) Checked" in card()
    assert "$400 a session Checked" in card(route="iv_infusion")


# --- With travel ----------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{"sort": "travel"}, {"max_total": 9_000}])
def test_the_way_there_is_told_where_the_question_asks_for_it(asked):
    course(KAP, dose_visit=(3, 3))
    put(f.price(40_000))
    words = card(driver="someone", **asked)
    assert "$1,200 a course · from $1,200 a course with travel" in words
    assert "with travel" not in card(driver="someone")


def test_the_way_there_is_added_up_anew_for_each_place():
    course(KAP, dose_visit=(3, 3))
    put(f.price(40_000))
    asked = {"sort": "travel", "driver": "nobody", "fare": 40, "nights": 1}
    # 1,200 + 3 × 40 + one night
    assert "from $1,400 a course with travel" in card(night=80, **asked)
    assert "from $1,350 a course with travel" in card(night=30, **asked)
    boulder = {"near": "Boulder, CO", "sort": "travel", "driver": "someone"}
    # About 24 miles: 3 × 2 × 24 × 1.4 × 20.5 cents
    assert "from $1,24" in card(**boulder)


def test_who_drives_home_is_not_assumed():
    course(KAP, dose_visit=(3, 3))
    put(f.price(40_000))
    assert "at least $1,200 a course with travel" in card(sort="travel")


# --- Posted ---------------------------------------------------------------------------


def test_how_much_is_posted_says_which_and_nothing_about_care():
    put(f.price() | f.price(100, kind="consult") | f.price(100, kind="prep"))
    told = "a session, the first visit and therapy"
    said = f"Prices posted: 3 of 5 ({told}). It says nothing about care."
    assert said in card()


def test_nothing_posted_is_not_counted():
    f.provider(offerings=f.offering())
    assert "Prices posted" not in card()


# --- Notices --------------------------------------------------------------------------

NOTICES = ("Not approved by the FDA in any form.", "The FDA warned in 2023 about use")


@pytest.mark.parametrize("sort", SORTS)
def test_care_at_home_and_compounded_medicine_carry_their_notice_in_every_sort(sort):
    course(Treatment("oral", "full_kap", "individual"), dose_visit=(3, 3))
    offered = f.offering("oral", "home_unwatched", prices=f.price(10_000))
    f.provider(offerings=offered)
    words = card(sort=sort)
    for notice in NOTICES:
        assert notice in words
