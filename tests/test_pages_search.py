"""The search page: what it says about an answer, and where its links lead."""

import pytest
from django.db import connection
from django.test import Client
from django.utils.formats import date_format

from providers import actions
from providers.question import PAGE_SIZE
from tests import factories as f
from tests import pages
from tests.pages import put_many, query_of, search

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]


def put(name: str, **columns):
    return f.provider(name=name, city="Denver", **columns)


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


# Cards


def card_words(**columns) -> str:
    put("The Clinic", **columns)
    return search(near="80202", within="25").words


def test_a_card_says_name_distance_town_and_treatment():
    words = card_words()
    assert "The Clinic 0.9 miles away · Denver, Colorado" in words
    treatment = "IV drip · Full ketamine-assisted psychotherapy (KAP) · At the clinic"
    assert treatment in words


def test_a_point_of_a_postcode_is_only_about_there():
    f.source()
    document = f.document(name="The Clinic", city="Denver")
    document["point"]["precision"] = "postal"
    f.regions()
    actions.apply_one(document)
    assert "about 0.9 miles away" in search(near="80202").words


def test_a_price_has_its_date_method_and_source():
    words = card_words(offerings=f.offering(prices=f.price(40_000, 50_000)))
    day = date_format(f.days_ago(10), "DATE_FORMAT")
    known = f"$400–$500 a session Checked on {day} · Phone call · The clinic"
    assert known in words


def test_an_unpublished_price_is_never_a_number():
    words = card_words(offerings=f.offering())
    assert "Price not published, ask" in words
    assert "$0" not in words


def test_a_part_of_a_price_is_at_least():
    prices = f.price(None, None) | f.price(20_000, kind="monitoring_fee")
    assert "at least $200 a session" in card_words(offerings=f.offering(prices=prices))


def test_a_free_session_is_free():
    words = card_words(offerings=f.offering(prices=f.price(0)))
    assert "free a session" in words
    assert "$0" not in words


def test_a_stale_price_is_grey_and_says_since_when():
    put("The Clinic", offerings=f.offering(prices=f.price(40_000, days=120)))
    page = search(near="80202")
    assert page.has("p", **{"class": "price stale"})
    assert "$400 a session Last checked on" in page.words
    assert ", not since · Phone call" in page.words


def test_a_price_in_other_money_is_shown_in_its_own():
    f.provider(
        name="Calgary Clinic",
        region="CA-AB",
        at=f.CALGARY,
        offerings=f.offering(prices=f.price(45_000, currency="CAD")),
    )
    words = search(near="80202", within="2000", country="any").words
    assert "CA$450 a session" in words
    assert "in another country" in words


def test_insurance_is_what_the_clinic_says_and_help_stands_apart():
    stated = f.facts(
        f.fact("medicare"),
        f.fact("private_insurance", scope="facility"),
        f.fact("medicaid", "no"),
        f.fact("sliding_scale"),
    )
    words = card_words(facts=stated)
    assert "The clinic says it takes Medicare. Ask your plan before you book." in words
    partly = "takes Private insurance for some of its services, ask about ketamine."
    assert partly in words
    assert "Help with the cost: Sliding scale." in words
    assert "Medicaid" not in words.split("The Clinic")[1].split("Not shown")[0]
    assert "covered" not in words


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ([f.fact("accepting")], "Taking new patients Checked on"),
        ([f.fact("accepting", "no")], "Not taking new patients Checked on"),
        ([f.fact("waitlist")], "Waitlist Checked on"),
        ([f.fact("accepting", days=100)], "Taking new patients Last checked on"),
    ],
)
def test_new_patients_are_said_with_the_day_they_were_asked_about(stated, words):
    assert words in card_words(facts=f.facts(*stated))


def test_a_fresh_contact_says_when_it_was_checked():
    assert "Last checked on" in card_words()


def test_an_old_registry_row_is_last_reported_and_not_confirmed():
    year = f.days_ago(400).year
    contact = f.checked(
        checked_on=f"{year}-01-01", precision="year", method="official_registry"
    )
    words = card_words(contact=contact)
    assert f"Last reported in {year}, not confirmed since, call first" in words


def surveyed(**values) -> dict:
    f.source("samhsa_mh_directory")
    known = {"checked_on": "2024-01-01", "precision": "year"}
    known |= {"method": "official_registry", "source": "samhsa_mh_directory"}
    return f.offering(
        "iv_infusion", "not_stated", "not_stated", "not_stated", **known | values
    )


def test_a_survey_row_is_never_called_a_kap_clinic():
    put("The Clinic", offerings=surveyed())
    page = search(near="80202", within="25")
    [said] = [words for words in page.in_tag("li") if words.startswith("Reported")]
    assert said == "Reported ketamine infusion to SAMHSA in 2024"
    [card] = page.html.split("<article")[1:]
    assert "psychotherapy" not in card.split("</article>")[0]
    assert "No results" in search(near="80202", therapy="full_kap").heading(2)


def test_compounded_medicine_at_home_carries_its_notices_in_every_order():
    put("The Clinic", offerings=f.offering("oral", "home_unwatched", "none"))
    for sort in ("distance", "price", "name", "checked"):
        words = search(near="80202", sort=sort).words
        assert "Not approved by the FDA in any form." in words
        assert "The FDA warned in 2023 about use at home" in words


def test_a_temporary_closure_is_marked():
    assert "Closed for now" in card_words(status="temporarily_closed")


def test_another_state_is_marked_and_not_left_out():
    f.provider(name="Utah Clinic", region="US-UT", at=f.SALT_LAKE_CITY)
    assert "in another state or province" in search(near="80202", within="500").words


def test_other_routes_of_a_match_are_named_beside_it():
    offered = f.offering() | f.offering("nasal_esketamine", therapy="none")
    put("The Clinic", offerings=offered)
    words = search(near="80202", route="nasal_esketamine").words
    assert "Esketamine nasal spray · Medicine only · At the clinic" in words
    assert "Also: IV drip" in words


def test_what_was_asked_for_is_answered_and_partial_marked():
    stated = f.facts(
        f.fact("step_free_entry"),
        f.fact("wheelchair_inside", "partial"),
        f.fact("driver_must_stay", "no"),
        f.fact("medicare", scope="facility"),
    )
    put("The Clinic", facts=stated)
    asked = ["step_free_entry", "wheelchair_inside", "driver_must_stay"]
    page = search(near="80202", need=asked, pay="medicare")
    assert "Step-free way in Yes" in page.words
    assert "Room for a wheelchair inside Partly" in page.words
    assert "A driver who stays the whole visit Not required" in page.words
    assert "Medicare For some of its services, ask about ketamine" in page.words
    assert [a.get("class") for t, a in page.tags if t == "div"].count("partial") == 2


def test_a_need_that_is_not_stated_says_so_where_it_was_taken_in():
    put("The Clinic")
    page = search(near="80202", need="step_free_entry", include_not_stated="yes")
    assert "Step-free way in Not stated, ask" in page.words


def test_samples_are_announced_and_real_listings_are_not():
    put("Real Clinic")
    assert "Sample listings." not in search(near="80202").words
    put("Sample Clinic", is_sample=True)
    assert "Sample listings." in search(near="80202").words


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


# What is left out


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


def test_an_answer_that_is_empty_at_any_distance_says_what_to_do(client):
    response = client.get("/search/", {"q": "nobody has this name"})
    page = response.content.decode()
    assert "No clinic that we list matches all of this." in page
    assert 'href="/regions/">browse by country, state or province</a>' in page
