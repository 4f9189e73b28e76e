"""A listing's page: what is stated, when, how and by whom; and what to ask."""

import pytest
from django.utils.formats import date_format

from providers import actions
from providers.models import Provider
from tests import factories as f
from tests.pages import Page, put_many, query_of, visit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def page_of(**columns) -> Page:
    return visit(f.provider(slug="the-clinic", **columns).get_absolute_url())


def section(page: Page, title: str) -> str:
    """The words from one heading to the next section's."""
    after = page.html.split(f">{title}</h2>")[1].split("<section")[0]
    return Page(after).words


def day(days: int) -> str:
    return date_format(f.days_ago(days), "DATE_FORMAT")


# Who has a page


@pytest.mark.parametrize(
    "columns", [{"published": False}, {"published": False, "status": "do_not_list"}]
)
def test_a_listing_that_is_not_public_is_a_404_with_a_search_box(columns):
    provider = f.provider(**columns)
    page = visit(provider.get_absolute_url(), status=404)
    assert page.control("near")["type"] == "text"
    assert provider.name not in page.words


def test_an_unknown_listing_is_a_404_with_a_search_box():
    page = visit("/providers/no-such-clinic/", status=404)
    assert page.has("form", action="/search/", method="get")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("closed", "This clinic has closed."),
        ("moved", "This clinic left this address."),
        ("temporarily_closed", "Closed for now."),
    ],
)
def test_a_listing_that_does_not_work_as_usual_says_so(status, words):
    page = page_of(status=status, status_on=f.days_ago(40).isoformat())
    assert f"{words} {day(40)}." in page.words


# Contact


def test_the_phone_is_a_link_beside_a_warning():
    page = page_of(phone="+13035550123", phone_extension="42")
    assert page.link("(303) 555-0123 ext. 42") == "tel:+1-303-555-0123;ext=42"
    assert "Not an emergency line" in section(page, "Contact")


def test_a_phone_abroad_is_shown_with_its_country_code():
    page = page_of(region="GB-SCT", phone="+441415550123")
    assert page.link("+44 141 555 0123").startswith("tel:+44")


def test_links_to_other_sites_tell_them_nothing():
    page = page_of(website="https://clinic.example.org/", street="1 Main Street")
    outside = [a for t, a in page.tags if t == "a" and a["href"].startswith("https:")]
    assert len(outside) == 2
    for attributes in outside:
        assert attributes["rel"] == "noopener noreferrer nofollow"


def test_directions_carry_the_destination_only():
    address = page_of(street="1 Main Street").link("Directions on OpenStreetMap")
    assert query_of(address) == {"to": ["39.7392,-104.9903"]}


def test_directions_to_a_street_whose_point_is_coarse_carry_the_address():
    f.regions()
    f.source()
    document = f.document(street="1 Main Street", city="Denver", postcode="80202")
    document["point"]["precision"] = "postal"
    page = visit(actions.apply_one(document).get_absolute_url())
    wanted = query_of(page.link("Directions on OpenStreetMap"))["query"]
    assert wanted == ["1 Main Street, Denver 80202, Colorado, United States"]


def test_without_an_address_or_point_there_are_no_directions():
    page = page_of(at=None)
    assert "Directions" not in page.words
    assert "Nearest others" not in page.words


def test_hours_are_said_with_their_day_and_note():
    row = {"closes": "17:00:00", "by_appointment": True}
    notes = {"note_en": "Ring the bell", "note_es": ""}
    page = page_of(hours={"0|09:00:00": row | notes}, time_zone="America/Denver")
    said = "Monday 9 a.m.–5 p.m., by appointment (Ring the bell)"
    assert said in section(page, "Contact")
    assert "America/Denver" in page.words


def test_a_fresh_contact_check_has_day_method_and_source():
    words = section(page_of(), "Contact")
    assert f"Last checked on {day(10)} · Phone call · The clinic itself" in words


def test_an_old_contact_check_asks_to_call_first():
    said = f"Last reported on {day(200)}, not confirmed since, call first."
    assert said in page_of(contact_days=200).words


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({}, "New patients Not stated, ask"),
        (f.fact("accepting"), "New patients Taking new patients Checked on"),
        (f.fact("accepting", "no"), "New patients Not taking new patients Checked"),
    ],
)
def test_new_patients_are_stated_or_to_be_asked(stated, words):
    assert words in section(page_of(facts=stated), "Contact")


# What it offers


def test_an_offering_says_what_is_given_where_and_how_much_therapy():
    words = section(page_of(), "What it offers")
    for said in (
        "IV drip",
        "Medicine drips slowly into a vein",
        "Full ketamine-assisted psychotherapy (KAP)",
        "At the clinic",
        "One person",
        "Use for mental health is off-label",
        f"Checked on {day(10)} · Phone call · The clinic",
    ):
        assert said in words


def test_care_at_home_names_whom_it_serves_and_its_cautions():
    offered = f.offering("oral", "home_unwatched", serves=("US-UT", "US-CO"))
    words = section(page_of(offerings=offered), "What it offers")
    assert "For people in Colorado, Utah" in words
    assert "Not approved by the FDA in any form." in words
    assert "The FDA warned in 2023 about use at home" in words


def test_a_survey_row_says_no_more_than_was_reported():
    f.source("samhsa_mh_directory")
    known = {"checked_on": "2024-01-01", "precision": "year"}
    known |= {"method": "official_registry", "source": "samhsa_mh_directory"}
    parts = ("iv_infusion", *["not_stated"] * 3)
    page = page_of(offerings=f.offering(*parts, **known))
    assert "Reported ketamine infusion to SAMHSA in 2024" in page.in_tag("h3")
    words = section(page, "What it offers")
    assert "It does not say whether a therapist takes part." in words
    assert "KAP" not in words
    assert "Last checked in 2024, not since · Official registry · SAMHSA" in words


PRICES = {
    "a range": (
        f.price(40_000, 50_000),
        "Treatment session $400–$500 a visit, paid to the clinic",
    ),
    "one end": (
        f.price(None, 50_000),
        "Treatment session up to $500 a visit, paid to the clinic",
    ),
    "free": (f.price(0, kind="consult"), "First talk Free Checked"),
    "unknown": (
        f.price(None, None, kind="prep"),
        "Preparation session Price not published, ask",
    ),
    "whom": (
        f.price(15_000, applies_to="sliding_scale"),
        "On the sliding scale $150 a visit",
    ),
    "package": (
        f.price(240_000, kind="package", unit="package_of_n", package_size=6),
        "Package $2,400 for a package of 6",
    ),
    "includes": (
        f.price(60_000, includes=["dose_visit", "prep"]),
        "$600 a visit, paid to the clinic includes preparation session",
    ),
    "disputed": (
        f.price(40_000, disputed=True),
        "Disputed: someone was told another price",
    ),
    "note": (f.price(40_000, note_en="Cash only"), "paid to the clinic Cash only"),
}


@pytest.mark.parametrize("kind", PRICES)
def test_a_price_line_is_said_in_words(kind):
    prices, words = PRICES[kind]
    said = section(page_of(offerings=f.offering(prices=prices)), "What it offers")
    assert words in said
    assert f"Checked on {day(10)} · Phone call · The clinic" in said
    assert "$0" not in said


def test_past_prices_are_shown_as_what_they_were_only():
    past = f.price(99_900, days=30, superseded_on=f.days_ago(5).isoformat())
    page = page_of(offerings=f.offering(prices=f.price(40_000) | past))
    words = section(page, "What it offers")
    assert "$999" not in words
    assert "$400" in words
    was = "$999 a visit, paid to the clinic. Until"
    then = f"{day(5)}, then $400 a visit, paid to the clinic. Checked on {day(30)} ·"
    assert f"{was} {then} Phone call · The clinic" in section(
        page, "What its prices were"
    )


def test_a_stale_price_is_grey_and_says_since_when():
    page = page_of(offerings=f.offering(prices=f.price(40_000, days=120)))
    assert page.has("tr", **{"class": "price stale"})
    assert f"Last checked on {day(120)}, not since" in page.words


def test_no_price_at_all_is_to_be_asked():
    page = page_of(offerings=f.offering())
    assert "Price not published, ask" in section(page, "What it offers")
    assert "What one session costs" in section(page, "Ask the clinic about")


def test_the_right_to_an_estimate_stands_on_us_listings_only():
    assert "Good Faith Estimate" in page_of().words
    elsewhere = f.provider(region="CA-AB", at=f.CALGARY)
    assert "Good Faith Estimate" not in visit(elsewhere.get_absolute_url()).words


# Facts


def test_facts_stand_under_their_topic_and_heading_with_date_and_source():
    page = page_of(
        facts=f.facts(
            f.fact("step_free_entry"),
            f.fact("wheelchair_inside", "partial", note_en="The door is narrow"),
            f.fact("lift", "no"),
            f.fact("driver_must_stay"),
            f.fact("evening", days=400),
        )
    )
    words = section(page, "Access")
    known = f"Checked on {day(10)} · Phone call · The clinic"
    assert f"Building Step-free way in Yes {known}" in words
    assert f"Partly. The door is narrow {known}" in words
    assert f"Elevator, or all on one floor No {known}" in words
    assert f"A driver who stays the whole visit Required {known}" in words
    assert f"Evening visits Yes Last checked on {day(400)}, not since" in words


def test_insurance_is_never_called_a_promise():
    page = page_of(facts=f.facts(f.fact("medicare"), f.fact("medicaid", "no")))
    words = section(page, "Paying")
    said = "The clinic says it takes Medicare. Ask your plan before you book."
    assert f"{said} Checked on {day(10)} · Phone call · The clinic" in words
    assert "Medicare Yes" in words
    assert "Medicaid No" in words
    assert "covered" not in page.words


def test_a_condition_carries_what_is_approved_and_what_is_not_shown():
    words = section(page_of(facts=f.fact("mdd_si")), "Conditions")
    assert "It is not shown to prevent suicide." in words
    assert "What the clinic says it treats." in words


# What to ask


def test_what_is_not_stated_is_to_be_asked_and_never_a_no():
    page = page_of(facts=f.fact("step_free_entry"))
    words = section(page, "Ask the clinic about")
    assert "Not stated does not mean no." in words
    for asked in ("Accessible toilet", "Medicaid", "Written emergency plan"):
        assert asked in words
    assert "Step-free way in" not in words


def test_questions_fit_the_country():
    provider = f.provider(region="GB-SCT", at=(55.86, -4.25))
    words = section(visit(provider.get_absolute_url()), "Ask the clinic about")
    assert "Public health system" in words
    assert "Medicaid" not in words


def test_what_is_stated_leaves_no_question():
    stated = f.facts(f.fact("accepting"), f.fact("ptsd"))
    words = section(page_of(facts=stated), "Ask the clinic about")
    assert "Whether they take new patients" not in words
    assert "What they treat" not in words
    assert "What one session costs" not in words


# Around it


def test_the_nearest_five_others_stand_with_their_distance():
    for number in range(7):
        at = (f.DENVER[0] + (number + 1) / 10, f.DENVER[1])
        f.provider(name=f"Other {number}", at=at)
    f.provider(name="Closed", status="closed")
    f.provider(name="Hidden", published=False)
    words = section(page_of(), "Nearest others")
    assert "Other 0 6.9 miles away" in words
    assert "Other 4" in words
    assert "Other 5" not in words
    assert "Closed" not in words
    assert "Hidden" not in words


def test_the_way_up_leads_through_its_region():
    page = page_of()
    assert page.link("Colorado") == "/regions/US-CO/"
    assert page.link("United States") == "/regions/US/"


def test_sources_and_owner_are_named():
    f.regions()
    f.source()
    document = f.document(sources={"clinic": ["7"]})
    page = visit(actions.apply_one(document).get_absolute_url())
    assert "This listing comes from: The clinic itself" in page.words


def test_a_sample_is_announced_and_kept_out_of_search_engines():
    page = page_of(is_sample=True)
    assert "Sample listings." in page.words
    assert page.has("meta", name="robots", content="noindex")
    real = visit(f.provider(at=f.DURANGO).get_absolute_url())
    assert not real.has("meta", name="robots", content="noindex")
    assert "Sample listings." in real.words  # the sample is among its nearest


def test_a_listing_shows_its_own_countrys_crisis_lines():
    provider = f.provider(region="GB-SCT", at=(55.86, -4.25))
    addresses = [a for _words, a in visit(provider.get_absolute_url()).links]
    assert addresses[1:4] == ["tel:116123", "sms:85258?body=SHOUT", "tel:999"]


def test_the_visitors_language_chooses_the_text():
    row = {"closes": "17:00:00", "by_appointment": False, "note_en": "", "note_es": ""}
    page_of(
        about_en="Two therapists.",
        about_es="Dos terapeutas.",
        hours={"0|09:00:00": row},
    )
    words = visit("/es/providers/the-clinic/").words
    assert "Dos terapeutas." in words
    assert "Lunes 09:00–17:00" in words


@pytest.mark.parametrize("others", [5, 40])
def test_a_listing_costs_the_same_queries_among_five_and_forty(
    others, django_assert_num_queries
):
    put_many(others)
    prices = f.price() | f.price(100, kind="prep")
    offered = f.offering(prices=prices) | f.offering("oral", serves=("US-CO", "US-UT"))
    facts = f.facts(*(f.fact(code) for code in ("medicare", "lift", "parking")))
    provider = f.provider(offerings=offered, facts=facts)
    visit(provider.get_absolute_url())  # what is remembered is read
    with django_assert_num_queries(14):
        visit(provider.get_absolute_url())


def test_nothing_is_written_by_reading():
    page_of()
    before = Provider.objects.values().get(slug="the-clinic")
    visit("/providers/the-clinic/")
    assert Provider.objects.values().get(slug="the-clinic") == before
