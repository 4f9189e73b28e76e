"""What stands and what a row states: the newer holds, and nothing stated is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.documents import EMPTY
from tests.importing import IV, row, statement, yes
from tests.merging import (
    ADDRESS,
    EXACT_IV,
    LINE,
    POSTAL,
    TOWN,
    checked,
    merged,
    offering,
    price,
    standing,
)


def test_a_new_listing_is_what_the_row_states_and_is_published():
    listing, conflicts = merged(None, row(phone="+13035550142"))
    assert listing["name"] == "Blue Mesa Clinic"
    assert listing["phone"] == "+13035550142"
    assert listing["contact"] == statement()
    assert listing["published"]
    assert conflicts == []
    assert EMPTY["facts"] == {}


def test_the_same_row_again_changes_nothing():
    stated = row(point=POSTAL, facts={"payment": {"medicare": yes()}})
    once, _ = merged(None, stated)
    assert merged(once, stated) == (once, [])


def test_blank_keeps_what_stands():
    before = standing(
        phone="+13035550142",
        website="https://a.example.org",
        point=ADDRESS,
        facts={"payment": {"medicare": yes()}},
    )
    listing, conflicts = merged(before, row(offerings={}, **checked("2025-01-01")))
    assert listing == before | checked("2025-01-01")
    assert conflicts == []


def test_a_newer_statement_replaces_an_older_one():
    before = standing(phone="+13035550142", phone_extension="31", street2="Suite 4")
    listing, _ = merged(
        before,
        row(phone="+13035550118", street="7 Willow Way", **checked("2025-01-01")),
    )
    assert (listing["phone"], listing["phone_extension"]) == ("+13035550118", "")
    assert (listing["street"], listing["street2"]) == ("7 Willow Way", "")
    assert listing["contact"]["checked_on"] == "2025-01-01"


def test_an_older_statement_only_fills_what_is_blank():
    before = standing(phone="+13035550142", facts={"payment": {"medicare": yes()}})
    older = row(
        phone="+13035550118",
        website="https://old.example.org",
        facts={
            "payment": {
                "medicare": yes("2022-01-01", answer="no"),
                "medicaid": yes("2022-01-01"),
            }
        },
        offerings={IV: offering("2022-01-01")},
        **checked("2022-01-01"),
    )
    listing, conflicts = merged(before, older)
    assert conflicts == []
    assert listing["phone"] == "+13035550142"
    assert listing["website"] == "https://old.example.org"
    assert listing["facts"]["payment"] == {
        "medicare": yes(),
        "medicaid": yes("2022-01-01"),
    }
    assert listing["offerings"] == before["offerings"]
    assert listing["contact"] == before["contact"]


def test_an_extension_alone_is_filled_in():
    before = standing(phone="+13035550142")
    stated = row(phone="+13035550142", phone_extension="31")
    assert merged(before, stated)[0]["phone_extension"] == "31"


# --- No news --------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["2023-01-01", "2024-01-01"])
def test_the_same_statement_no_newer_is_no_news(on):
    full = {"note_en": "Call first", "minutes": 50, "includes": ["drug"]}
    kept = price(40_000, **full)
    fact = yes(note_en="Plan B", number=3)
    before = standing(
        offerings={IV: offering(prices=kept, serves=["US-UT"])},
        facts={"payment": {"medicare": fact}},
    )
    other = {"method": "website", "source": "other"}
    stated = row(
        offerings={IV: offering(on, price(40_000, on, **other), **other)},
        facts={"payment": {"medicare": yes(on, note_en="Another", **other)}},
        **checked(on, **other),
    )
    assert merged(before, stated) == (before, [])


def test_the_same_statement_later_is_dated_and_keeps_what_the_row_leaves_blank():
    fact = yes(note_en="Plan B", number=3)
    kept = price(40_000, note_en="Call first", includes=["drug"])
    before = standing(
        offerings={IV: offering(prices=kept, serves=["US-UT"])},
        facts={"payment": {"medicare": fact}},
    )
    on = "2025-01-01"
    stated = row(
        offerings={IV: offering(on, price(40_000, on))},
        facts={"payment": {"medicare": yes(on)}},
        **checked(on),
    )
    listing, _ = merged(before, stated)
    assert listing["facts"]["payment"]["medicare"] == fact | statement(on)
    found = listing["offerings"][IV]
    assert found["serves"] == ["US-UT"]
    assert found["checked_on"] == on
    assert found["prices"] == {LINE: kept[LINE] | statement(on)}


def test_another_source_of_the_same_day_corrects_nothing_and_fills_blanks():
    other = statement(source="other")
    stated = row(
        name="Other",
        website="https://a.example.org",
        offerings={IV: other | {"serves": [], "prices": {}}},
        facts={"payment": {"medicare": yes(source="other", answer="no")}},
        contact=other,
    )
    before = standing(facts={"payment": {"medicare": yes()}})
    listing, conflicts = merged(before, stated)
    assert listing == before | {"website": "https://a.example.org"}
    assert conflicts == []


def test_what_holds_for_the_facility_never_replaces_a_word_on_this_treatment():
    before = standing(facts={"payment": {"medicare": yes(answer="no")}})
    of_all = yes("2025-01-01", scope="facility")
    stated = row(facts={"payment": {"medicare": of_all}})
    assert merged(before, stated) == (before, [])


# --- Any two rows ---------------------------------------------------------------------

YEARS = st.sampled_from(["2022-01-01", "2023-01-01", "2024-01-01"])
POINTS = st.sampled_from([None, ADDRESS, POSTAL, TOWN])


@st.composite
def rows(draw):
    on = draw(YEARS)
    codes = draw(st.lists(st.sampled_from(["medicare", "medicaid", "tricare"])))
    return row(
        phone=draw(st.sampled_from(["", "+13035550142", "+13035550118"])),
        website=draw(st.sampled_from(["", "https://a.example.org"])),
        street=draw(st.sampled_from(["", "100 Aspen Street", "7 Willow Way"])),
        point=draw(POINTS),
        offerings=draw(
            st.sampled_from([{}, {IV: offering(on)}, {EXACT_IV: offering(on)}])
        ),
        facts={"payment": {code: yes(on) for code in codes}} if codes else {},
        **checked(on),
    )


@given(st.lists(rows(), min_size=1, max_size=5))
def test_any_row_twice_is_the_row_once_and_nothing_stated_is_lost(stated):
    listing = None
    for found in stated:
        once, _ = merged(listing, found)
        assert merged(once, found) == (once, [])
        assert _stated(listing or EMPTY) <= _stated(once)
        listing = once


def _stated(listing) -> set[str]:
    """What the listing says anything about; a moved listing may lose its point."""
    columns = {name for name in ("phone", "website", "street") if listing[name]}
    routes = {key.split("|")[0] for key in listing["offerings"]}
    return columns | routes | set(listing["facts"].get("payment", ()))
