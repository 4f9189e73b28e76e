"""The costs on a listing's page: sums and their parts, the way there, past prices."""

import pytest
from django.test import Client

from providers import actions
from providers.actions import Treatment
from providers.documents import document
from tests import factories as f
from tests.courses import course
from tests.pages import Page, visit
from tests.test_cost_command import clinic, price_list
from tests.test_pages_listing import day, section

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]


def page(**query) -> Page:
    return visit("/providers/clinic/", **query)


def offers(**query) -> str:
    return section(page(**query), "What it offers")


def travel(**query) -> str:
    return section(page(**query), "What with getting there?")


# --- Sums -----------------------------------------------------------------------------


def test_the_panel_tells_session_course_and_year_with_one_date():
    clinic()
    said = (
        "What it costs A session $400 A whole course $2,100–$2,175 The first year "
        "at least $2,100, without booster sessions "
        f"Estimate from prices posted on {day(10)} · Phone"
    )
    assert said in offers()


def test_what_is_missing_is_named():
    clinic(f.price(40_000))
    assert "at least $1,200, without preparation and integration" in offers()


def test_each_line_tells_its_part_of_the_course():
    clinic()
    words = offers()
    assert "In a course: 3 × $400 = $1,200" in words
    assert "In a course: 3 × $175–$200 = $525–$600" in words


def test_the_schedule_is_typical_unless_the_clinic_says():
    clinic()
    said = "Typical schedule; the clinic sets yours: Treatment session: 3 times"
    assert f"{said} Preparation session: 1 time" in offers()


def test_a_count_of_the_clinics_own_is_told_as_its_own():
    clinic(price_list() | f.price(40_000, count_min=6, count_max=6))
    assert "Treatment session: 6 times, as the clinic says" in offers()


def test_counts_all_of_the_clinics_own_are_its_schedule():
    own = f.price(40_000, count_min=3)
    f.provider(slug="clinic", offerings=f.offering(prices=own))
    words = offers()
    assert "Schedule as the clinic says: Treatment session: 3 times or more" in words
    assert "A whole course from $1,200" in words


def test_a_package_stands_beside_the_sum_of_its_parts():
    clinic(price_list() | f.price(190_000, kind="package", unit="course"))
    words = offers()
    assert "Visit by visit: $2,100–$2,175 used in the sum" in words
    posted = "With the posted package ($1,900 a course, paid to the clinic): $2,100"
    assert posted in words  # the first talk comes on top


def test_each_payee_is_told():
    clinic(f.price(20_000) | f.price(15_000, payee="therapist", kind="prep"))
    assert "For a course you pay: the clinic $600, the therapist $150." in offers()


def test_prices_for_other_people_or_money_stand_apart():
    clinic(
        price_list()
        | f.price(9_000, applies_to="sliding_scale")
        | f.price(5_000, kind="lab_test", currency="CAD")
    )
    words = offers().split("Not added up: for other people, or in another currency")[1]
    assert "Treatment session On the sliding scale $90 a visit" in words
    assert "Lab test CA$50 a visit" in words


def test_what_may_come_on_top_is_to_be_asked():
    clinic()
    asked = "No price is posted for first medical visit, watch fee, medicine and lab"
    assert asked in offers()


def test_a_stale_sum_is_grey_and_says_since_when():
    clinic(price_list(days=120))
    assert f"prices posted on {day(120)}, not checked since" in offers()
    assert page().html.count('class="price stale" data-sum=') == 3


def test_prices_of_more_than_a_year_ago_are_history():
    clinic(price_list(days=400))
    assert "A whole course No total: the prices are too old, ask" in offers()
    assert "$" not in offers().split("In the US")[0]
    past = section(page(), "What its prices were")
    assert "$400 a visit, paid to the clinic. Not confirmed since" in past


@pytest.mark.parametrize(
    ("offered", "why"),
    [
        (
            f.offering("not_stated", prices=f.price),
            "how ketamine is given is not stated",
        ),
        (f.offering("rectal", prices=f.price), "the schedule varies"),
    ],
)
def test_without_a_schedule_there_is_no_total(offered, why):
    for each in offered.values():
        each["prices"] = f.price()
    f.provider(slug="clinic", offerings=offered)
    assert f"A whole course No total: {why}, ask" in offers()


def test_how_much_is_posted_is_told_with_what_is_not():
    clinic()
    said = "Prices posted: 3 of 5 (a session, the first visit and therapy). It says"
    assert f"{said} nothing about care. Not posted: a whole course" in offers()


def test_other_costs_are_named_without_numbers():
    clinic()
    words = travel().split("Other costs to plan for")[1]
    assert "The ride home after each treatment" in words
    assert not any(letter.isdigit() for letter in words)


def test_without_any_price_there_is_one_thing_to_ask():
    clinic({})
    words = offers()
    assert words.count("Price not published, ask") == 1
    assert "A whole course" not in words
    assert "Typical schedule" in words


# --- The way there --------------------------------------------------------------------


def test_the_way_is_told_with_the_sources_of_its_rates():
    clinic(at=f.BOULDER)
    words = travel(near="80202", driver="someone")
    assert "From Denver, CO 80202 it is 23 miles each way in a straight line." in words
    assert "1.4 times that" in words
    assert "Boscoe, Henry and Zdeb 2012" in words
    assert "Driving costs $0.205 a mile (IRS, Notice 2026-10" in words
    assert "There and back: 7 times" in offers(near="80202")


def test_the_persons_own_rate_is_told_as_such():
    clinic()
    words = travel(near="80202", rate="0.5", unit="km")
    assert "Driving costs $0.50 a km, as you say." in words


def test_whom_nobody_drives_reads_what_the_clinic_says_of_rides():
    stated = f.facts(f.fact("ride_home_help"), f.fact("near_transit", "no"))
    clinic(facts=stated)
    words = travel(near="80202", driver="nobody")
    assert "without the ride home after treatment" in words
    assert f"Help finding a ride home Yes Checked on {day(10)}" in words
    assert f"Near public transit No Checked on {day(10)}" in words
    assert "Medical transport accepted Not stated, ask" in words
    assert "Who could take you" not in travel(near="80202", driver="someone")


def test_care_at_home_says_that_it_needs_no_travel():
    course(Treatment("oral", "full_kap", "individual"), dose_visit=(3, 3))
    at_home = f.offering("oral", "home_live_video", prices=f.price(10_000))
    clinic(offerings=at_home)
    words = offers(near="80202")
    assert "Care at home: no travel" in words
    assert "A course with travel $300" in words


def test_a_clinic_without_a_point_has_no_distance():
    clinic(at=None)
    words = travel(near="80202", driver="someone")
    assert "We do not know where this clinic is" in words
    assert "at least $2,100, without travel" in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"near": "zzyzzyx"}, "We know no place of that name."),
        ({"near": "Portland"}, "Several places have that name."),
        ({"near": "Colorado"}, "From a whole state or country we cannot measure."),
        ({"near": "80202", "fare": "much"}, "Enter a number."),
        ({"near": "80202", "rate": "-1"}, "greater than or equal to 0"),
        ({"near": "80202", "driver": "me"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(typed, said):
    clinic()
    shown = page(**typed)
    name, value = list(typed.items())[-1]
    assert said in shown.words
    control = shown.control(name)
    assert control["aria-invalid"] == "true"
    if control["tag"] == "input":
        assert control["value"] == value
    assert "A course with travel" not in shown.words


def test_a_name_of_several_places_offers_each():
    clinic()
    address = page(near="Portland", driver="nobody").link("Portland, ME")
    assert address == "?near=Portland%2C+ME&driver=nobody&currency=USD#travel"
    assert "A course with travel" in visit(f"/providers/clinic/{address}").words


def test_a_listing_asks_nothing_else_of_its_address():
    clinic()
    assert "A course with travel" in offers(near="80202", route="x", max_price="y")


def test_a_page_with_a_place_is_kept_by_nobody():
    clinic()
    response = Client().get("/providers/clinic/", {"near": "80202"})
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


# --- Past prices ----------------------------------------------------------------------


def edited(provider, **amounts):
    """The listing with another amount for its dosing visit, edited in its place."""
    wanted = document(provider)
    [offering] = wanted["offerings"].values()
    line = offering["prices"]["dose_visit|clinic|visit|self_pay|1|"]
    line |= amounts
    return actions.apply([actions.Edit(provider, wanted)])


def test_a_price_that_an_edit_wrote_over_is_told_with_its_own_date():
    provider = clinic(price_list(days=40))
    edited(
        provider,
        amount_min_cents=45_000,
        amount_max_cents=45_000,
        checked_on=f.days_ago(1).isoformat(),
    )
    words = section(page(), "What its prices were")
    told = f"Treatment session: $400 a visit, paid to the clinic. Until {day(0)}, then"
    assert f"{told} $450 a visit, paid to the clinic. Checked on {day(40)} ·" in words


def test_a_price_that_was_only_asked_anew_has_no_history():
    provider = clinic(price_list(days=40))
    edited(provider, checked_on=f.days_ago(1).isoformat())
    assert "What its prices were" not in page().words


# --- In Spanish -----------------------------------------------------------------------


def test_sums_stand_in_spanish_too():
    clinic()
    assert visit("/es/providers/clinic/", near="80202").has("div", **{"class": "costs"})
