"""The own listing layout: what each column states, of the survey too."""

import pytest

from providers.imports import listings
from providers.imports.rows import Row, reported
from tests.importing import DATA
from tests.listing_rows import SURVEY, answers, parsed, read, refusal


@pytest.fixture(scope="module")
def prairie() -> Row:
    return list(listings.parse(DATA / "listings.csv", None).rows)[2]


def test_a_listing_of_another_source_keeps_what_it_states(prairie):
    listing = prairie.listing
    assert (prairie.source, prairie.source_id) == ("harbor_list", "h-1")
    assert listing["region"] == "CA-AB"
    assert listing["phone"] == "+14035550163"
    assert listing["email"] == "hello@prairie.example.org"
    assert listing["website"] == "http://prairie.example.org"
    assert listing["about_en"] == "Two rooms on the ground floor."
    assert listing["point"] == {
        "latitude": 51.0486,
        "longitude": -114.0708,
        "precision": "town",
    }


def test_its_month_and_method_are_kept(prairie):
    assert prairie.listing["contact"] == {
        "checked_on": "2026-03-01",
        "precision": "month",
        "method": "website",
        "source": "harbor_list",
    }


def test_its_facts_are_of_the_treatment(prairie):
    assert answers(prairie.listing) == {
        "payment/hsa_fsa": "yes",
        "payment/private_insurance": "no",
        "language/en": "yes",
        "language/fa": "yes",
        "access/telehealth_consult": "no",
        "population/adults": "yes",
        "population/lgbtq_affirming": "yes",
        "population/first_responder_program": "yes",
    }
    facts = prairie.listing["facts"]["population"]
    assert {fact["scope"] for fact in facts.values()} == {"treatment"}


def test_its_one_route_has_its_therapy_place_and_price(prairie):
    key = "im_injection|in_clinic|full_kap|not_stated|"
    assert set(prairie.listing["offerings"]) == {key}
    assert prairie.listing["offerings"][key]["prices"] == {
        "dose_visit|clinic|visit|self_pay|1|": {
            "checked_on": "2026-03-01",
            "precision": "month",
            "method": "website",
            "source": "harbor_list",
            "minutes": None,
            "count_min": None,
            "count_max": None,
            "amount_min_cents": 45_000,
            "amount_max_cents": 60_000,
            "currency": "CAD",
            "disputed": False,
            "note_en": "",
            "note_es": "",
            "includes": [],
        }
    }


def offering_keys(tmp_path, **cells) -> list[str]:
    return sorted(read(tmp_path, **cells)["offerings"])


@pytest.mark.parametrize(
    ("modality", "setting"),
    [
        ("in_person", "in_clinic"),
        ("In person", "in_clinic"),
        ("hospital", "hospital"),
        ("home_live_video", "home_live_video"),
        ("telehealth", "not_stated"),
        ("hybrid", "not_stated"),
        ("home", "not_stated"),
        ("unknown", "not_stated"),
        ("", "not_stated"),
    ],
)
def test_a_modality_is_a_place_only_where_it_leaves_no_doubt(
    tmp_path, modality, setting
):
    assert offering_keys(tmp_path, modality=modality) == [
        f"iv_infusion|{setting}|not_stated|not_stated|"
    ]


def test_a_modality_by_video_is_a_fact_too(tmp_path):
    assert answers(read(tmp_path, modality="telehealth")) == {
        "access/telehealth_consult": "yes"
    }
    assert answers(read(tmp_path, modality="telehealth", telehealth="no")) == {
        "access/telehealth_consult": "no"
    }


@pytest.mark.parametrize("kap", ["no", "unknown", ""])
def test_only_a_yes_says_what_the_therapy_is(tmp_path, kap):
    assert offering_keys(tmp_path, kap=kap) == [
        "iv_infusion|not_stated|not_stated|not_stated|"
    ]


def test_each_route_is_an_offering(tmp_path):
    assert offering_keys(tmp_path, routes="IM; Spravato;iv", kap="yes") == [
        "im_injection|not_stated|full_kap|not_stated|",
        "iv_infusion|not_stated|full_kap|not_stated|",
        "nasal_esketamine|not_stated|full_kap|not_stated|",
    ]


def test_therapy_with_ketamine_of_no_stated_route_is_an_offering(tmp_path):
    row = parsed(tmp_path, routes="", kap="yes")
    assert list(row.listing["offerings"]) == [
        "not_stated|not_stated|full_kap|not_stated|"
    ]
    assert row.reports_ketamine


def test_a_row_without_route_or_therapy_reports_no_ketamine(tmp_path):
    row = parsed(tmp_path, routes="")
    assert row.listing["offerings"] == {}
    assert not row.reports_ketamine


def test_insurance_without_a_plan_is_private_insurance(tmp_path):
    assert answers(read(tmp_path, accepts_insurance="yes")) == {
        "payment/private_insurance": "yes"
    }
    assert answers(read(tmp_path, accepts_insurance="yes", payment="medicare")) == {
        "payment/medicare": "yes"
    }


def test_va_is_va_funds_and_not_community_care(tmp_path):
    found = answers(read(tmp_path, payment="va;state_insurance;insurance"))
    assert set(found) == {
        "payment/va_funds",
        "payment/state_insurance",
        "payment/private_insurance",
    }


@pytest.mark.parametrize("word", ["unconfirmed", "unverified", ""])
def test_an_unconfirmed_status_is_left_to_the_dates(tmp_path, word):
    assert read(tmp_path, status=word)["status"] == ""


def test_a_status_is_kept(tmp_path):
    assert read(tmp_path, status="Closed")["status"] == "closed"
    assert read(tmp_path, status="temporarily closed")["status"] == (
        "temporarily_closed"
    )


@pytest.mark.parametrize(
    ("region", "country", "code"),
    [
        ("CO", "US", "US-CO"),
        ("us-co", "us", "US-CO"),
        ("Colorado", "USA", "US-CO"),
        ("Nueva York", "United States", "US-NY"),
        ("", "NZ", "NZ"),
        ("NZ", "NZ", "NZ"),
        ("new zealand", "NZ", "NZ"),
    ],
)
def test_a_region_is_of_its_country(tmp_path, region, country, code):
    listing = read(tmp_path, region=region, country=country, postcode="")
    assert listing["region"] == code


def test_a_point_without_its_precision_is_no_address(tmp_path):
    cells = {"latitude": "39.752103", "longitude": "-104.99917"}
    assert read(tmp_path, **cells)["point"]["precision"] == "postal"


def test_a_date_for_rows_without_one_may_be_given(tmp_path):
    row = parsed(tmp_path, reported("2023"), last_verified="")
    assert row.listing["contact"]["checked_on"] == "2023-01-01"
    row = parsed(tmp_path, reported("2023"), last_verified="2022-07")
    assert row.listing["contact"]["checked_on"] == "2022-07-01"


def test_a_row_of_no_named_source_is_of_the_file(tmp_path):
    row = parsed(tmp_path, source="")
    assert (row.source, row.listing["contact"]["source"]) == ("listings", "listings")


# --- The survey in this layout --------------------------------------------------------


def test_of_the_survey_no_place_and_no_therapy_is_taken(tmp_path):
    row = parsed(tmp_path, **SURVEY, kap="yes")
    assert list(row.listing["offerings"]) == [
        "iv_infusion|not_stated|not_stated|not_stated|"
    ]
    assert row.notes == ("kap is left alone: the survey does not ask about therapy",)
    assert row.listing["contact"]["method"] == "official_registry"


def test_of_the_survey_no_no_is_taken(tmp_path):
    cells = {"telehealth": "no", "accepts_insurance": "no", "payment": "self_pay"}
    assert answers(read(tmp_path, **SURVEY, **cells)) == {"payment/self_pay": "yes"}


def test_of_the_survey_all_holds_for_the_facility(tmp_path):
    cells = {"telehealth": "yes", "programs": "ptsd", "languages": "en;es"}
    listing = read(tmp_path, **SURVEY, **cells)
    assert set(answers(listing)) == {
        "access/telehealth_consult",
        "population/ptsd_program",
        "language/en",
        "language/es",
    }
    facts = [f for codes in listing["facts"].values() for f in codes.values()]
    assert {fact["scope"] for fact in facts} == {"facility"}


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"routes": "iv;im"}, "routes: the survey asks about ketamine infusion only"),
        ({"price_min": "400"}, "price_min: the survey asks for no price"),
        ({"price_max": "400"}, "price_max: the survey asks for no price"),
    ],
)
def test_what_the_survey_does_not_ask_is_refused(tmp_path, cells, refused):
    assert refusal(tmp_path, **SURVEY, **cells) == refused
