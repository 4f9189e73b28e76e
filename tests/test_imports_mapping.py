"""A spreadsheet with its own headings: guessed, asked about, and read as a layout."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.imports import listings, mapping
from providers.imports.layouts import LAYOUTS
from providers.imports.mapping import DAY_FIRST, MONTH_FIRST, Mapping, guess
from providers.imports.rows import BadFile, Row
from providers.imports.tables import Record, Table, read_table
from providers.imports.whole_address import parts_of
from tests import factories, importing
from tests.importing import write

CLINIC = {
    "Practice name": "Blue Mesa",
    "Address": "100 Aspen Street",
    "City": "Denver",
    "State": "Colorado",
    "Zip": "80202",
    "Tel": "303-555-0123",
    "Web": "bluemesa.example.org",
    "Type of ketamine": "IV infusions, gummies",
    "KAP?": "some",
    "Cost per session": "$450-$600",
    "Insurance": "Aetna / self pay",
    "Called on": "11/20/2025",
    "Who called": "Ana",
    "Internal": "x",
}


@pytest.fixture
def clinics(tmp_path):
    other = CLINIC | {"Practice name": "Dry Creek", "Called on": "3/4/2025"}
    return write(tmp_path / "clinics.csv", CLINIC, other)


@pytest.fixture
def guessed(clinics) -> Mapping:
    return guess(*mapping.read_headings(clinics))


def test_headings_are_guessed_by_what_people_call_them(guessed):
    assert guessed.columns == {
        "practice name": "name",
        "address": "street",
        "city": "city",
        "state": "region",
        "zip": "postcode",
        "tel": "phone",
        "web": "website",
        "type of ketamine": "routes",
        "kap?": "kap",
        "cost per session": "price_min",
        "insurance": "payment",
        "called on": "checked_on",
        "who called": "checked_by",
        "internal": "",
    }


def test_what_headings_and_cells_give_away_is_fixed(guessed):
    assert guessed.fixed == {
        "country": "US",
        "price_currency": "USD",
        "price_unit": "visit",
        "method": "phone",
    }
    assert guessed.dates == MONTH_FIRST


@pytest.mark.parametrize(
    ("postcode", "fixed"),
    [
        ("K1A 0B1", {"country": "CA", "price_currency": "CAD"}),
        ("SW1A 1AA", {"country": "GB", "price_currency": "GBP"}),
        ("?", {}),
        ("", {}),
    ],
)
def test_a_country_is_told_by_its_postcodes(postcode, fixed):
    found = guess(["Clinic", "Postal code", "Price"], [["A", postcode, "450"]])
    assert found.fixed == fixed


def test_our_own_headings_are_themselves_and_a_field_is_guessed_once():
    """Notes and comments are left to a person: patients would read them."""
    for kind, layout in LAYOUTS.items():
        found = guess(list(layout), [], kind)
        own = {name: "" if name == "notes" else name for name in layout}
        assert found.columns == own
    twice = guess(["Clinic", "Practice", "Language", "Languages"], [])
    assert list(twice.columns.values()) == ["name", "", "languages", "languages"]


def test_only_dates_that_leave_no_doubt_say_their_order():
    assert guess(["Date"], [["11/10/2025"]]).dates == ""
    assert guess(["Date"], [["11/10/2025"], ["31/12/2025"]]).dates == DAY_FIRST


def test_words_that_are_no_codes_are_asked_about(clinics, guessed):
    table = read_table(clinics, required=())
    asked = mapping.unknown_words(table, guessed)
    assert asked == {"routes": ["gummies"], "kap": ["some"], "payment": ["Aetna"]}


def test_a_mapped_file_is_read_as_listings(clinics, guessed):
    words = {
        "routes": {"gummies": "sublingual"},
        "kap": {"some": ""},
        "payment": {"aetna": "private_insurance"},
    }
    fixed = guessed.fixed | {"price_route": "iv_infusion"}
    told = Mapping(guessed.columns, fixed, words, guessed.dates)
    read = listings.parse(clinics, None, told.to_json())
    assert read.unknown == ("internal",)
    row, other = read.rows
    assert isinstance(row, Row), row
    assert row.source == "clinic"
    assert row.checked_by == "Ana"
    assert row.listing["region"] == "US-CO"
    assert row.listing["contact"]["checked_on"] == "2025-11-20"
    assert other.listing["contact"]["checked_on"] == "2025-03-04"
    rest = "not_stated|not_stated|not_stated|"
    offerings = row.listing["offerings"]
    assert set(offerings) == {f"iv_infusion|{rest}", f"sublingual|{rest}"}
    (price,) = offerings[f"iv_infusion|{rest}"]["prices"].values()
    amounts = price["amount_min_cents"], price["amount_max_cents"]
    assert amounts == (45_000, 60_000)
    assert offerings[f"sublingual|{rest}"]["prices"] == {}
    assert set(row.listing["facts"]["payment"]) == {"private_insurance", "self_pay"}


def applied(cells: dict, told: Mapping, kind="listings") -> dict:
    """One row of cells by heading, read as a row of the layout."""
    table = Table(tuple(cells), iter([Record(2, list(cells.values()))]))
    found = mapping.apply(table, told, kind)
    (record,) = found.records
    return dict(zip(found.headings, record.cells, strict=True))


def test_one_price_is_both_ends_and_a_range_stays_one():
    told = Mapping({"price": "price_min"})
    assert applied({"price": "$450"}, told) == {
        "price_min": "$450",
        "price_max": "$450",
    }
    for text in ("450-600", "from 450", "$450+", "ask"):
        assert applied({"price": text}, told)["price_max"] == ""
    both = Mapping({"low": "price_min", "high": "price_max"})
    assert applied({"low": "450", "high": ""}, both)["price_max"] == ""


def test_several_columns_feed_one_list():
    told = Mapping({"a": "languages", "b": "languages"})
    assert applied({"a": "English", "b": "es, en"}, told) == {"languages": "en;es"}


def test_what_is_fixed_fills_blanks_only():
    told = Mapping({"how": "method"}, {"method": "phone", "country": "US"})
    assert applied({"how": ""}, told) == {"country": "US", "method": "phone"}
    assert applied({"how": "website"}, told)["method"] == "website"


@pytest.mark.parametrize(
    ("text", "dates", "country", "read"),
    [
        ("11/20/2026", "", "US", "2026-11-20"),
        ("11/20/2026", "", "", "11/20/2026"),
        ("11/20/2026", MONTH_FIRST, "", "2026-11-20"),
        ("3-4-26", DAY_FIRST, "US", "2026-04-03"),
        ("11/31/2026", MONTH_FIRST, "", "11/31/2026"),
        ("2026-11-20", MONTH_FIRST, "", "2026-11-20"),
    ],
)
def test_a_date_is_turned_only_where_its_order_is_known(text, dates, country, read):
    fixed = {"country": country} if country else {}
    told = Mapping({"on": "checked_on"}, fixed, {}, dates)
    assert applied({"on": text}, told)["checked_on"] == read


def test_a_mapping_without_a_required_field_is_refused(clinics):
    with pytest.raises(BadFile, match=r"No column of clinics.csv is city, country\."):
        listings.parse(clinics, None, Mapping({"practice name": "name"}))


def test_a_mapping_of_an_unknown_field_is_refused(clinics, guessed):
    fixed = guessed.fixed | {"colour": "red"}
    with pytest.raises(BadFile, match="no column of listings: colour"):
        listings.parse(clinics, None, Mapping(guessed.columns, fixed))


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"columns": {}, "more": 1},
        {"columns": []},
        {"columns": {"a": 1}},
        {"columns": {}, "words": {"routes": "iv"}},
        {"columns": {}, "dates": "any"},
    ],
)
def test_what_is_no_mapping_is_refused(stored):
    with pytest.raises(BadFile, match="no mapping"):
        Mapping.from_json(stored)


TEXTS = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)


@given(
    st.builds(
        Mapping,
        TEXTS,
        TEXTS,
        st.dictionaries(st.text(max_size=5), TEXTS, max_size=2),
        st.sampled_from(["", MONTH_FIRST, DAY_FIRST]),
    )
)
def test_a_mapping_is_kept_as_json(told):
    assert Mapping.from_json(json.loads(json.dumps(told.to_json()))) == told


def test_a_cut_row_stays_a_cut_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Clinic,Town,Nation\nBlue Mesa,Denver\n")
    told = guess(*mapping.read_headings(path))
    (row,) = listings.parse(path, None, told).rows
    assert str(row) == "line 2 rejected: row: has 2 cells, the header 3"


# --- An address in one cell -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1 Aspen St, Denver, CO 80202", ("1 Aspen St", "", "Denver", "CO", "80202")),
        (
            "1 Aspen St, Suite 2, Denver, Colorado 80202-1234, USA",
            ("1 Aspen St", "Suite 2", "Denver", "Colorado", "80202-1234"),
        ),
        ("1 Aspen St\nDenver CO 80202", ("1 Aspen St", "", "Denver", "CO", "80202")),
        (
            "9 Bow Rd, Calgary, AB t2p 1j9",
            ("9 Bow Rd", "", "Calgary", "AB", "T2P 1J9"),
        ),
        ("2 Mall, London, SW1A 1AA", ("2 Mall", "", "London", "", "SW1A 1AA")),
    ],
)
def test_an_address_in_one_cell_is_taken_apart(text, parts):
    assert tuple(parts_of(text).values()) == parts


@pytest.mark.parametrize("text", ["", "1 Aspen St", "Denver, CO 80202", "a, b, c"])
def test_what_is_no_whole_address_is_a_street(text):
    assert parts_of(text) == {"street": text}


def test_whole_addresses_are_guessed_and_read(tmp_path):
    rows = {"Clinic": "Blue Mesa", "Address": "1 Aspen St, Denver, CO 80202"}
    path = write(tmp_path / "a.csv", rows | {"Called": "2025-11-20"})
    told = guess(*mapping.read_headings(path))
    assert told.columns["address"] == "address"
    assert told.fixed["country"] == "US"
    (row,) = listings.parse(path, None, told).rows
    assert row.listing["city"] == "Denver"
    assert row.listing["region"] == "US-CO"
    assert row.listing["postcode"] == "80202"


# --- Sixty clinics in one sitting -----------------------------------------------------


def test_a_clinic_spreadsheet_becomes_priced_listings_and_again_changes_nothing(
    db, tmp_path
):
    factories.regions()
    plain = {"KAP?": "yes", "Insurance": "self pay", "Type of ketamine": "IV"}
    rows = [
        CLINIC | plain | {"Practice name": f"Clinic {n}", "Address": f"{n} Aspen St"}
        for n in range(60)
    ]
    path = write(tmp_path / "sixty.csv", *rows)
    told = guess(*mapping.read_headings(path)).to_json()
    assert importing.imported(path, mapping=told).summary.startswith("60 new, 0 ch")
    found = importing.standing().values()
    assert all(listing["published"] for listing in found)
    (price,) = {
        (line["amount_min_cents"], line["amount_max_cents"], line["method"])
        for listing in found
        for offering in listing["offerings"].values()
        for line in offering["prices"].values()
    }
    assert price == (45_000, 60_000, "phone")
    again = importing.imported(path, mapping=told)
    assert again.summary.startswith("0 new, 0 changed, 60 unchanged")
