"""The price layout: one row a line, and every refusal at its field."""

import pytest

from providers.imports import prices
from providers.imports.mapping import Mapping
from providers.imports.rows import BadFile, Reject, Row, reported
from tests.importing import write

LINE = {
    "slug": "blue-mesa",
    "name": "",
    "postcode": "",
    "route": "iv",
    "setting": "",
    "variant": "",
    "kind": "dose_visit",
    "payee": "",
    "unit": "session",
    "package_size": "",
    "minutes": "",
    "count_min": "",
    "count_max": "",
    "price_min": "450",
    "price_max": "",
    "currency": "USD",
    "applies_to": "",
    "includes": "",
    "disputed": "",
    "superseded_on": "",
    "note_en": "",
    "checked_on": "2026-05-04",
    "method": "phone",
    "source": "",
}


def parsed(tmp_path, when=None, **cells) -> Row | Reject:
    (row,) = prices.parse(write(tmp_path / "prices.csv", LINE | cells), when).rows
    return row


def line(tmp_path, **cells) -> tuple[str, str, dict]:
    """The offering's key, the line's, and the line."""
    row = parsed(tmp_path, **cells)
    assert isinstance(row, Row), row
    ((offering, values),) = row.listing["offerings"].items()
    ((key, found),) = values["prices"].items()
    assert set(values) == {"prices"}
    return offering, key, found


def refusal(tmp_path, **cells) -> str:
    reject = parsed(tmp_path, **cells)
    assert isinstance(reject, Reject), reject
    return f"{reject.field}: {reject.reason}"


def test_a_row_is_one_line_of_the_listing_that_it_names(tmp_path):
    row = parsed(tmp_path)
    assert (row.slug, row.only_parts, row.reports_ketamine) == ("blue-mesa", True, True)
    assert set(row.listing) == {"offerings", "facts"}
    offering, key, found = line(tmp_path)
    assert offering == "iv_infusion|not_stated|not_stated|not_stated|"
    assert key == "dose_visit|clinic|visit|self_pay|1|"
    assert found == {
        "checked_on": "2026-05-04",
        "precision": "day",
        "method": "phone",
        "source": "clinic",
        "minutes": None,
        "count_min": None,
        "count_max": None,
        "amount_min_cents": 45_000,
        "amount_max_cents": None,
        "currency": "USD",
        "disputed": False,
        "note_en": "",
        "note_es": "",
        "includes": [],
    }


def test_a_listing_may_be_named_by_its_name_and_postcode(tmp_path):
    row = parsed(tmp_path, slug="", name="Blue Mesa", postcode="80202")
    named = row.listing["name"], row.listing["postcode"]
    assert named == ("Blue Mesa", "80202")
    assert row.only_parts


def test_every_column_is_kept(tmp_path):
    cells = {
        "route": "IM",
        "setting": "hospital",
        "therapy": "kap",
        "format": "group",
        "variant": "pain 4 h",
        "kind": "package",
        "payee": "therapist",
        "unit": "package_of_n",
        "package_size": "6",
        "price_min": "$1,250.00 - $2,000.50",
        "applies_to": "sliding_scale",
        "includes": "drug; prep",
        "disputed": "yes",
        "superseded_on": "2027-01-31",
        "note_en": "For two.",
        "note_es": "Para dos.",
    }
    offering, key, found = line(tmp_path, **cells)
    assert offering == "im_injection|hospital|full_kap|group|pain 4 h"
    assert key == "package|therapist|package_of_n|sliding_scale|6|2027-01-31"
    assert found["includes"] == ["drug", "prep"]
    assert found["disputed"]
    assert (found["note_en"], found["note_es"]) == ("For two.", "Para dos.")
    amounts = found["amount_min_cents"], found["amount_max_cents"]
    assert amounts == (125_000, 200_050)


def test_counts_of_a_course_are_kept(tmp_path):
    found = line(tmp_path, count_min="4", count_max="6")[2]
    assert (found["count_min"], found["count_max"]) == (4, 6)
    found = line(tmp_path, count_min="6")[2]
    assert (found["count_min"], found["count_max"]) == (6, None)
    found = line(tmp_path, kind="booster", count_min="0", count_max="0")[2]
    assert (found["count_min"], found["count_max"]) == (0, 0)


def test_a_price_that_looks_mistyped_is_kept_with_a_note(tmp_path):
    (note,) = parsed(tmp_path, price_min="45").notes
    assert note == (
        "the price of dose_visit is kept, but it is far from the 300 to 1500 USD a "
        "visit that others post: is it right?"
    )
    assert parsed(tmp_path).notes == ()
    assert parsed(tmp_path, price_min="45", superseded_on="2026-06-01").notes == ()
    assert parsed(tmp_path, price_min="45", currency="GBP").notes == ()


def test_an_hour_may_say_its_minutes_and_a_price_nothing(tmp_path):
    assert line(tmp_path, unit="hour", minutes="50")[2]["minutes"] == 50
    found = line(tmp_path, price_min="", currency="")[2]
    assert (found["amount_min_cents"], found["currency"]) == (None, "")


def test_a_sign_says_the_currency_where_none_is_given(tmp_path):
    assert line(tmp_path, price_min="£80", currency="")[2]["currency"] == "GBP"
    assert line(tmp_path, price_min="80 EUR", currency="")[2]["currency"] == "EUR"


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"slug": ""}, "slug: is blank, and so is name"),
        ({"slug": "", "name": "Blue Mesa"}, "postcode: is blank"),
        ({"slug": "a b"}, "slug: 'a b' is no address of a listing here"),
        ({"route": "smoked"}, "route: 'smoked' is not known"),
        (
            {"route": "spravato", "setting": "retreat"},
            "setting: esketamine is given only at a clinic or a hospital",
        ),
        ({"kind": ""}, "kind: is blank"),
        ({"kind": "tip"}, "kind: 'tip' is not known"),
        ({"payee": "me"}, "payee: 'me' is not known"),
        ({"unit": ""}, "unit: is blank"),
        (
            {"unit": "package_of_n"},
            "package_size: a package needs its number of sessions",
        ),
        (
            {"unit": "package_of_n", "package_size": "1"},
            "package_size: '1' is no number from 2 to 32767",
        ),
        ({"package_size": "6"}, "package_size: '6' is no number from 1 to 1"),
        ({"minutes": "50"}, "minutes: go with a price by the hour"),
        (
            {"unit": "hour", "minutes": "0"},
            "minutes: '0' is no number from 1 to 32767",
        ),
        (
            {"kind": "cancellation_fee", "count_min": "1"},
            "count_min: a course has no number of cancellation_fee",
        ),
        ({"count_max": "4"}, "count_min: is blank beside the most"),
        ({"count_min": "6", "count_max": "4"}, "count_max: is below the least"),
        ({"count_min": "some"}, "count_min: 'some' is no number from 0 to 32767"),
        ({"count_max": "-1"}, "count_max: '-1' is no number from 0 to 32767"),
        ({"price_min": "500", "price_max": "450"}, "price_min: is above price_max"),
        ({"price_min": "600-450"}, "price_min: is above its other end"),
        ({"price_min": "1.250"}, "price_min: 1.250 has parts of a cent"),
        ({"price_min": "ask"}, "price_min: 'ask' is no amount such as 450 or 450-600"),
        ({"price_min": "1000001"}, "price_min: 1000001 is no price"),
        ({"price_min": "£5 - €9"}, "price_min: '£5 - €9' is in two currencies"),
        ({"price_min": ""}, "price_min: is blank beside a currency"),
        ({"currency": ""}, "currency: is blank"),
        ({"price_min": "€5"}, "currency: is not the price's: EUR and USD"),
        ({"applies_to": "all"}, "applies_to: 'all' is not known"),
        ({"includes": "tea"}, "includes: 'tea' is not known"),
        ({"disputed": "maybe"}, "disputed: 'maybe' is neither yes nor no"),
        (
            {"superseded_on": "2026-05-03"},
            "superseded_on: is before the day of the check",
        ),
        (
            {"superseded_on": "May"},
            "superseded_on: 'May' is no date such as 2024-05-31",
        ),
        ({"note_en": "x" * 301}, "note_en: longer than 300 characters"),
        ({"variant": "x" * 61}, "variant: longer than 60 characters"),
        ({"method": ""}, "method: is blank"),
        (
            {"method": "website", "source": ""},
            "source: is blank, and nobody asked the clinic",
        ),
        ({"method": "hearsay"}, "method: 'hearsay' is not known"),
        ({"checked_on": ""}, "checked_on: is blank, and no --reported says it"),
        ({"source": "a b"}, "source: 'a b' is no code (letters, digits, - and _)"),
    ],
)
def test_what_the_tables_would_refuse_rejects_its_row(tmp_path, cells, refused):
    assert refusal(tmp_path, **cells) == refused


def test_a_date_for_rows_without_one_may_be_given(tmp_path):
    row = parsed(tmp_path, reported("2025"), checked_on="")
    ((_key, values),) = row.listing["offerings"].items()
    assert next(iter(values["prices"].values()))["precision"] == "year"


def test_other_headings_are_read_by_a_mapping(tmp_path):
    row = {"Page": "blue-mesa", "What": "intake", "USD": "$90"}
    mapping = Mapping(
        {"page": "slug", "what": "kind", "usd": "price_min"},
        {
            "currency": "USD",
            "unit": "visit",
            "checked_on": "2026-05",
            "method": "website",
            "source": "harbor_list",
            "route": "iv",
        },
    )
    (found,) = prices.parse(write(tmp_path / "a.csv", row), None, mapping).rows
    ((_key, values),) = found.listing["offerings"].items()
    assert list(values["prices"]) == ["consult|clinic|visit|self_pay|1|"]


def test_a_file_without_prices_is_refused(tmp_path):
    with pytest.raises(BadFile, match="lacks the column price_min"):
        prices.parse(write(tmp_path / "a.csv", {"kind": "drug"}), None)
