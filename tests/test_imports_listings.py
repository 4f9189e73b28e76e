"""The own listing layout: what each column states, and what is refused."""

import pytest

from providers.imports import listings
from providers.imports.rows import BadFile, Reject, Row, reported
from tests import importing
from tests.importing import DATA, LISTING, write


def parsed(tmp_path, when=None, **cells) -> Row | Reject:
    path = importing.listings(tmp_path, cells)
    (row,) = listings.parse(path, when).rows
    return row


def read(tmp_path, **cells) -> dict:
    """What a row that varies the valid one states."""
    row = parsed(tmp_path, **cells)
    assert isinstance(row, Row), row
    return row.listing


def refusal(tmp_path, **cells) -> str:
    reject = parsed(tmp_path, **cells)
    assert isinstance(reject, Reject)
    assert reject.line == 2
    return f"{reject.field}: {reject.reason}"


def answers(listing: dict) -> dict[str, str]:
    facts = listing["facts"].items()
    return {f"{t}/{c}": f["answer"] for t, codes in facts for c, f in codes.items()}


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

SURVEY = {"source": "samhsa_mh_directory", "modality": "in_person"}


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


# --- Prices ---------------------------------------------------------------------------

PRICE = {
    "price_min": "450",
    "price_max": "600.50",
    "price_currency": "usd",
    "price_unit": "dose",
}


def amounts(tmp_path, **cells):
    (offering,) = read(tmp_path, **PRICE | cells)["offerings"].values()
    ((key, line),) = offering["prices"].items()
    return key.split("|")[2], line["amount_min_cents"], line["amount_max_cents"]


def test_a_price_is_in_minor_units(tmp_path):
    assert amounts(tmp_path) == ("dose", 45_000, 60_050)
    assert amounts(tmp_path, price_unit="per_session") == ("visit", 45_000, 60_050)


def test_half_a_range_is_half_known_and_zero_is_free(tmp_path):
    assert amounts(tmp_path, price_max="") == ("dose", 45_000, None)
    assert amounts(tmp_path, price_min="") == ("dose", None, 60_050)
    assert amounts(tmp_path, price_min="0") == ("dose", 0, 60_050)


def test_no_amount_is_no_price(tmp_path):
    cells = {"price_currency": "USD", "price_unit": "visit"}
    (offering,) = read(tmp_path, **cells)["offerings"].values()
    assert offering["prices"] == {}


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"price_min": "-1"}, "price_min: '-1' is no amount such as 450 or 450-600"),
        ({"price_max": "1000001"}, "price_max: 1000001 is no price"),
        ({"price_min": "NaN"}, "price_min: 'NaN' is no amount such as 450 or 450-600"),
        ({"price_min": "450-600"}, "price_max: is stated beside a range"),
        ({"price_max": "450-600"}, "price_max: is a range"),
        ({"price_min": "£450"}, "price_currency: is not the price's: GBP and USD"),
        ({"price_min": "4.005"}, "price_min: 4.005 has parts of a cent"),
        ({"price_min": "601"}, "price_min: is above price_max"),
        ({"price_currency": ""}, "price_currency: is blank"),
        ({"price_currency": "XXX"}, "price_currency: 'XXX' is not known"),
        ({"price_unit": ""}, "price_unit: is blank"),
        ({"price_unit": "gram"}, "price_unit: 'gram' is not known"),
        (
            {"price_unit": "package_of_n"},
            "price_unit: a package needs its number of sessions",
        ),
        (
            {"routes": "iv;im"},
            "price_min: a price needs exactly one route to belong to",
        ),
        ({"routes": ""}, "price_min: a price needs exactly one route to belong to"),
        (
            {"routes": "no_medicine"},
            "price_min: a treatment's price needs a medicine",
        ),
    ],
)
def test_a_price_that_cannot_be_kept_rejects_its_row(tmp_path, cells, refused):
    assert refusal(tmp_path, **PRICE | cells) == refused


# --- What is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"name": ""}, "name: is blank"),
        ({"city": ""}, "city: is blank"),
        ({"country": ""}, "country: is blank"),
        ({"country": "Atlantis"}, "country: 'Atlantis' is no country"),
        ({"postcode": "denver"}, "postcode: 'denver' is no ZIP code"),
        ({"routes": "smoked"}, "routes: 'smoked' is not known"),
        ({"kap": "sometimes"}, "kap: 'sometimes' is neither yes nor no"),
        ({"modality": "boat"}, "modality: 'boat' is not known"),
        (
            {"routes": "esketamine", "modality": "home_live_video"},
            "modality: esketamine is given only at a clinic or a hospital",
        ),
        (
            {"accepts_insurance": "no", "payment": "medicare"},
            "accepts_insurance: is no, but payment names medicare",
        ),
        ({"payment": "shells"}, "payment: 'shells' is not known"),
        ({"languages": "Klingon"}, "languages: 'Klingon' is not known"),
        ({"age_groups": "elders"}, "age_groups: 'elders' is not known"),
        ({"programs": "sports"}, "programs: 'sports' is not known"),
        ({"telehealth": "partly"}, "telehealth: 'partly' is neither yes nor no"),
        ({"status": "asleep"}, "status: 'asleep' is not known"),
        (
            {"coord_precision": "close", "latitude": "39", "longitude": "-104"},
            "coord_precision: 'close' is not known",
        ),
        ({"latitude": "39"}, "longitude: is blank beside the other half of the point"),
        ({"source": "a b"}, "source: 'a b' is no code (letters, digits, - and _)"),
        (
            {"source": "sample"},
            "source: sample listings are invented and never imported",
        ),
        ({"source_id": "x" * 481}, "source_id: longer than 480 characters"),
        ({"notes": "x" * 2_001}, "notes: longer than 2000 characters"),
        ({"licence": "x" * 121}, "licence: longer than 120 characters"),
        ({"last_verified": ""}, "checked_on: is blank, and no --reported says it"),
        ({"last_verified": "2999"}, "last_verified: '2999' is still to come"),
        (
            {"last_verified": "May"},
            "last_verified: 'May' is no year (2024) and no date (2024-05-31)",
        ),
    ],
)
def test_a_row_is_refused_at_its_field(tmp_path, cells, refused):
    assert refusal(tmp_path, **cells) == refused


@pytest.mark.parametrize("column", ["name", "city", "country"])
def test_a_file_without_a_required_column_is_refused(tmp_path, column):
    cells = {name: value for name, value in LISTING.items() if name != column}
    with pytest.raises(BadFile, match=f"lacks the column {column}"):
        listings.parse(write(tmp_path / "a.csv", cells), None)


def test_headings_are_case_blind_and_unknown_ones_are_told(tmp_path):
    path = importing.listings(tmp_path, {"stars": "5"})
    path.write_text(path.read_text().replace("name", "NAME").replace("city", "City"))
    parsed = listings.parse(path, None)
    assert parsed.unknown == ("stars",)
    assert next(parsed.rows).listing["city"] == "Denver"
