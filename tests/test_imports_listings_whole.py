"""The own listing layout, to the last fact: what editors and exports write."""

from datetime import datetime

import openpyxl
import pytest

from providers import vocabulary
from providers.imports import listings
from providers.imports.fact_words import read_facts, write_facts
from tests import factories
from tests.importing import LISTING
from tests.listing_rows import PRICE, SURVEY, amounts, parsed, read, refusal

# --- How, when and by whom it is known ------------------------------------------------


def test_a_phone_call_is_the_clinics_own_word(tmp_path):
    row = parsed(tmp_path, source="", method="Called", checked_by="Ana", npi="")
    assert (row.source, row.checked_by) == ("clinic", "Ana")
    assert row.listing["contact"]["method"] == "phone"
    row = parsed(tmp_path, source="", method="website")
    assert row.source == "listings"


def test_checked_on_is_last_verified(tmp_path):
    row = parsed(tmp_path, last_verified="", checked_on="2025-06-01")
    assert row.listing["contact"]["checked_on"] == "2025-06-01"
    assert parsed(tmp_path, checked_on="2024").listing["contact"]["precision"] == "year"


def test_an_npi_is_kept_without_its_spaces(tmp_path):
    assert read(tmp_path, npi="123 456 7893")["npi"] == "1234567893"


# --- Everything that a listing can say ------------------------------------------------


def test_therapy_format_variant_and_regions_are_the_offerings(tmp_path, db):
    factories.regions()
    cells = {
        "modality": "home_live_video",
        "therapy": "integration_only",
        "format": "group",
        "variant": "pain 4 h",
        "serves": "Utah; US-CO; co; NZ",
    }
    ((key, offering),) = read(tmp_path, **cells)["offerings"].items()
    assert key == "iv_infusion|home_live_video|integration_only|group|pain 4 h"
    assert offering["serves"] == ["NZ", "US-CO", "US-UT"]


def test_a_region_that_is_not_there_cannot_be_served(tmp_path, db):
    factories.regions()
    assert refusal(tmp_path, serves="Utah; Mars") == "serves: 'Mars' is not known"


def test_facts_say_all_of_the_vocabulary(tmp_path):
    cell = (
        "access/step-free entry=yes; safety/observation_minutes=120; "
        'payment/medicaid=no "Ask; ""now"""; access/lift=partial facility es "Uno"'
    )
    facts = read(tmp_path, facts=cell)["facts"]
    lift = facts["access"]["lift"]
    assert facts["access"]["step_free_entry"]["answer"] == "yes"
    assert facts["safety"]["observation_minutes"]["number"] == 120
    assert facts["payment"]["medicaid"]["note_en"] == 'Ask; "now"'
    assert (lift["answer"], lift["scope"], lift["note_es"]) == (
        "partial",
        "facility",
        "Uno",
    )


def test_every_fact_that_is_written_is_read_back():
    said = [("yes", 5), ("partial", None), ("no", None)]
    facts = {}
    for topic, codes in vocabulary.TOPICS.items():
        for n, (code, term) in enumerate(codes.items()):
            answer, number = said[n % 3]
            facts[topic, code] = {
                "answer": answer,
                "scope": list(vocabulary.SCOPES)[n % 2],
                "number": number if term.unit else None,
                "note_en": 'a; "b" =' if n % 4 else "",
                "note_es": "" if n % 5 else "no",
            }
    assert read_facts(write_facts(facts)) == facts


def test_a_price_of_several_routes_is_the_named_ones(tmp_path):
    cells = PRICE | {"routes": "iv;im", "price_route": "IM"}
    offerings = read(tmp_path, **cells)["offerings"]
    priced = [key for key, offering in offerings.items() if offering["prices"]]
    assert priced == ["im_injection|not_stated|not_stated|not_stated|"]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("$450", (45_000, None)),
        ("450-600", (45_000, 60_000)),
        ("$450 – $600", (45_000, 60_000)),
        ("450 to 600 USD", (45_000, 60_000)),
        ("1,250.00", (125_000, None)),
        ("from $450", (45_000, None)),
        ("US$1,250.50", (125_050, None)),
    ],
)
def test_a_price_may_be_typed_as_people_do(tmp_path, typed, cents):
    assert amounts(tmp_path, price_min=typed, price_max="")[1:] == cents


def test_a_workbooks_own_dates_are_read(tmp_path):
    book = openpyxl.Workbook()
    row = LISTING | {"last_verified": datetime(2025, 11, 20)}
    book.active.append(list(row))
    book.active.append(list(row.values()))
    book.save(tmp_path / "a.xlsx")
    (found,) = listings.parse(tmp_path / "a.xlsx", None).rows
    assert found.listing["contact"]["checked_on"] == "2025-11-20"
    assert found.listing["contact"]["precision"] == "day"


# --- Rows that name their listing -----------------------------------------------------

PARTS = {"slug": "blue-mesa", "name": "", "city": "", "country": "", "street": ""}
PARTS |= {"region": "", "postcode": ""}


def test_a_row_with_an_address_alone_says_only_parts(tmp_path):
    row = parsed(tmp_path, **PARTS, facts="access/lift=yes")
    assert (row.slug, row.only_parts) == ("blue-mesa", True)
    assert set(row.listing) == {"offerings", "facts"}


def test_a_listing_that_nobody_checked_has_no_date(tmp_path):
    row = parsed(tmp_path, slug="blue-mesa", routes="", last_verified="", city="")
    assert row.listing["contact"] is None
    assert not row.only_parts


def test_a_row_of_ours_is_kept_to_the_letter(tmp_path):
    cells = {"slug": "a", "name": "A  B", "notes": "One.\r\nTwo.", "routes": "iv"}
    listing = read(tmp_path, **cells, postcode="80202-1234")
    assert (listing["name"], listing["about_en"]) == ("A  B", "One.\r\nTwo.")
    assert listing["postcode"] == "80202-1234"


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"method": "hearsay"}, "method: 'hearsay' is not known"),
        (
            {"checked_on": "2025", "last_verified": "2024"},
            "checked_on: is another day than last_verified",
        ),
        ({"checked_on": "2999"}, "checked_on: '2999' is still to come"),
        ({"npi": "1234567890"}, "npi: '1234567890' is no NPI: check its digits"),
        ({"slug": "a b"}, "slug: 'a b' is no address of a listing here"),
        ({"therapy": "yoga"}, "therapy: 'yoga' is not known"),
        ({"therapy": "none", "kap": "yes"}, "therapy: is none, but kap is yes"),
        ({"therapy": "full_kap", "kap": "no"}, "therapy: is full_kap, but kap is no"),
        ({"format": "choir"}, "format: 'choir' is not known"),
        ({"variant": "x" * 61}, "variant: longer than 60 characters"),
        (
            {"routes": "", "serves": "CO"},
            "serves: it needs exactly one route to belong to",
        ),
        ({"facts": "lift"}, "facts: 'lift' is not like access/lift=yes"),
        ({"facts": "access/wings=yes"}, "facts: no access/wings"),
        ({"facts": "access/lift=maybe"}, "facts: access/lift: 'maybe' is no answer"),
        ({"facts": "access/lift="}, "facts: access/lift has no answer"),
        ({"facts": "access/lift=yes 3"}, "facts: access/lift has no number"),
        (
            {"facts": "safety/observation_minutes=no 3"},
            "facts: safety/observation_minutes: a number goes with a yes",
        ),
        ({"facts": 'access/lift=yes "a'}, "facts: a quote does not end"),
        (
            {"facts": "access/lift=yes;access/lift=no"},
            "facts: access/lift is stated twice",
        ),
        (
            {"payment": "medicaid", "facts": "payment/medicaid=no"},
            "facts: payment/medicaid is another in its own column",
        ),
        (
            PRICE | {"routes": "iv;im", "price_route": "oral"},
            "price_route: oral is none of the row's routes",
        ),
        (
            PARTS | {"phone": "303-555-0123"},
            "phone: is stated without name, city and country",
        ),
        (
            PARTS | {"last_verified": ""},
            "checked_on: is blank, and no --reported says it",
        ),
        (
            {"slug": "a", "last_verified": ""},
            "checked_on: is blank, and no --reported says it",
        ),
        (SURVEY | {"therapy": "none"}, "therapy: the survey does not ask"),
        (SURVEY | {"facts": "access/lift=yes"}, "facts: the survey does not ask"),
        ({"region": "Bavaria"}, "region: 'Bavaria' is no region of US"),
    ],
)
def test_a_row_that_says_too_much_is_refused_at_its_field(tmp_path, cells, refused):
    assert refusal(tmp_path, **cells) == refused
