"""A card says what is known of a listing, how it is known, and nothing more."""

import pytest
from django.utils.formats import date_format

from providers import actions
from tests import factories as f
from tests.pages import put, search

pytestmark = [pytest.mark.usefixtures("scratch"), pytest.mark.any_database]


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
