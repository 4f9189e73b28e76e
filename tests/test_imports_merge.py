"""What stands and what a row states, made into one listing."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.documents import EMPTY
from providers.imports.merge import Conflict, merge
from providers.imports.rows import Row
from tests.importing import IV, row, statement, yes

NOBODY = {}
EXACT_IV = "iv_infusion|in_clinic|full_kap|individual|"
ADDRESS = {"latitude": 39.752103, "longitude": -104.99917, "precision": "address"}
POSTAL = {"latitude": 39.7491, "longitude": -104.9946, "precision": "postal"}
TOWN = {"latitude": 39.7392, "longitude": -104.9847, "precision": "town"}


def standing(**changes) -> dict:
    """The listing that the plain row makes, with changes."""
    return merge(None, row(), NOBODY).listing | {"slug": "blue-mesa"} | changes


def merged(before, stated, *touched: str):
    found = merge(before, stated, dict.fromkeys(touched, date(2024, 6, 1)))
    # The bases of a conflict have their own test.
    return found.listing, [Conflict(*conflict[:3]) for conflict in found.conflicts]


def checked(on: str, **values) -> dict:
    return {"contact": statement(on, **values)}


def offering(on: str = "2024-01-01", prices=None, **values) -> dict:
    return statement(on) | {"serves": [], "prices": prices or {}} | values


def price(low: int, on: str = "2024-01-01", **values) -> dict:
    line = {"amount_min_cents": low, "amount_max_cents": low, "currency": "USD"}
    rest = {"minutes": None, "disputed": False, "note_en": "", "note_es": ""}
    return {LINE: statement(on) | line | rest | {"includes": []} | values}


LINE = "dose_visit|clinic|visit|self_pay|1|"


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


# --- What a person confirmed ----------------------------------------------------------


def test_a_column_confirmed_by_a_person_stays():
    before = standing(phone="+13035550142", **checked("2023-05-04", method="phone"))
    stated = row(phone="+13035550118", website="https://a.example.org")
    listing, conflicts = merged(before, stated)
    assert conflicts == [Conflict("phone", "+13035550142", "+13035550118")]
    assert listing["phone"] == "+13035550142"
    # Nobody confirmed a blank.
    assert listing["website"] == "https://a.example.org"
    assert listing["contact"] == before["contact"]


def test_a_column_that_a_person_wrote_last_stays():
    before = standing(name="Blue Mesa House", email="")
    stated = row(email="front@example.org", **checked("2025-01-01"))
    listing, conflicts = merged(before, stated, "name", "email")
    assert conflicts == [
        Conflict("name", "Blue Mesa House", "Blue Mesa Clinic"),
        Conflict("email", "", "front@example.org"),
    ]
    # The registry did not confirm what the page shows.
    assert listing == before


def test_a_persons_fact_stays_and_only_another_answer_is_a_conflict():
    by_phone = yes("2023-05-04", method="phone")
    before = standing(facts={"payment": {"medicare": by_phone, "medicaid": by_phone}})
    stated = row(facts={"payment": {"medicare": yes(), "medicaid": yes(answer="no")}})
    listing, conflicts = merged(before, stated)
    assert listing["facts"] == before["facts"]
    assert conflicts == [Conflict("facts/payment/medicaid", by_phone, yes(answer="no"))]


def test_a_fact_that_a_person_removed_stays_away():
    stated = row(facts={"payment": {"medicare": yes()}})
    listing, conflicts = merged(standing(), stated, "facts/payment/medicare")
    assert listing["facts"] == {}
    assert conflicts == [Conflict("facts/payment/medicare", None, yes())]


def test_an_offering_that_a_person_removed_stays_away():
    before = standing(offerings={})
    listing, conflicts = merged(before, row(), f"offerings/{IV}")
    assert listing["offerings"] == {}
    assert conflicts == [Conflict(f"offerings/{IV}", None, offering())]


def test_an_offering_that_a_person_confirmed_keeps_its_date():
    before = standing(offerings={IV: offering("2023-05-04", method="phone")})
    assert merged(before, row())[0]["offerings"] == before["offerings"]


def test_what_a_person_unpublished_stays_unpublished():
    before = standing(published=False)
    listing, conflicts = merged(before, row(), "published")
    assert not listing["published"]
    assert conflicts == [Conflict("published", False, True)]


def test_a_draft_of_an_import_is_published_when_it_reports_ketamine():
    assert merged(standing(published=False), row())[0]["published"]


# --- Points ---------------------------------------------------------------------------


def point_after(before, offered, *touched, **stated):
    return merged(standing(point=before), row(point=offered, **stated), *touched)


def test_a_finer_point_replaces_a_coarser_one_even_when_older():
    for stated in ({}, checked("2022-01-01")):
        assert point_after(POSTAL, ADDRESS, **stated)[0]["point"] == ADDRESS
        assert point_after(None, TOWN, **stated)[0]["point"] == TOWN


def test_a_coarser_point_never_replaces_a_finer_one():
    newer = checked("2025-01-01")
    assert point_after(ADDRESS, POSTAL, **newer) == (
        standing(point=ADDRESS, **newer),
        [],
    )
    assert point_after(POSTAL, TOWN, **newer)[0]["point"] == POSTAL


def test_of_two_points_alike_the_newer_one_stands():
    other = POSTAL | {"latitude": 39.75}
    assert point_after(POSTAL, other)[0]["point"] == other
    assert point_after(POSTAL, other, **checked("2022-01-01"))[0]["point"] == POSTAL


def test_a_point_that_a_person_set_stays():
    listing, conflicts = point_after(POSTAL, ADDRESS, "point")
    assert listing["point"] == POSTAL
    assert conflicts == [Conflict("point", POSTAL, ADDRESS)]
    assert point_after(ADDRESS, POSTAL, "point")[1] == []


def test_a_point_belongs_to_its_address():
    moved = row(street="7 Willow Way", point=TOWN, **checked("2025-01-01"))
    assert merged(standing(point=ADDRESS), moved)[0]["point"] == TOWN
    nowhere = row(street="7 Willow Way", **checked("2025-01-01"))
    assert merged(standing(point=ADDRESS), nowhere)[0]["point"] is None
    # The address that stands is another, so its point does not come along.
    older = row(street="7 Willow Way", point=ADDRESS, **checked("2022-01-01"))
    assert merged(standing(point=POSTAL), older)[0]["point"] == POSTAL


def test_an_address_typed_otherwise_is_the_same_address():
    stated = row(street="100  ASPEN street.", point=TOWN, **checked("2025-01-01"))
    assert merged(standing(point=ADDRESS), stated)[0]["point"] == ADDRESS


# --- Offerings and prices -------------------------------------------------------------


def test_an_offering_that_already_says_more_is_left_alone():
    exact = {EXACT_IV: offering("2023-05-04", method="website")}
    before = standing(offerings=exact)
    assert merged(before, row(**checked("2025-01-01")))[0]["offerings"] == exact


def test_an_offering_that_says_less_is_said_more_exactly():
    prices = price(40_000)
    before = standing(offerings={IV: offering(prices=prices)})
    stated = row(offerings={EXACT_IV: offering("2025-01-01")})
    listing, _ = merged(before, stated)
    assert listing["offerings"] == {EXACT_IV: offering("2025-01-01", prices)}


def test_what_a_person_said_of_an_offering_is_not_made_more_exact():
    before = standing(offerings={IV: offering(method="phone")})
    listing, _ = merged(before, row(offerings={EXACT_IV: offering("2025-01-01")}))
    assert set(listing["offerings"]) == {IV, EXACT_IV}


def test_another_route_is_another_offering():
    im = IV.replace("iv_infusion", "im_injection")
    listing, _ = merged(standing(), row(offerings={im: offering()}))
    assert set(listing["offerings"]) == {IV, im}


def prices_after(kept, stated, *touched):
    before = standing(offerings={IV: offering(prices=kept)})
    found = row(offerings={IV: offering("2025-01-01", stated)})
    listing, conflicts = merged(before, found, *touched)
    return listing["offerings"][IV]["prices"], conflicts


def test_a_newer_price_makes_the_old_one_history():
    old, new = price(40_000), price(50_000, "2025-01-01")
    found, conflicts = prices_after(old, new)
    assert found == {f"{LINE}2025-01-01": old[LINE], LINE: new[LINE]}
    assert conflicts == []


def test_the_same_price_is_only_dated_anew():
    new = price(40_000, "2025-01-01")
    assert prices_after(price(40_000), new)[0] == new


def test_an_older_price_is_let_be_and_one_of_the_same_day_corrected():
    old = price(40_000)
    assert prices_after(old, price(50_000, "2022-01-01"))[0] == old
    assert prices_after(old, price(50_000))[0] == price(50_000)


def test_a_price_that_a_person_confirmed_stays():
    kept, offered = price(40_000, method="clinic_form"), price(50_000, "2025-01-01")
    path = f"offerings/{IV}/prices/{LINE}"
    conflict = Conflict(path, kept[LINE], offered[LINE])
    assert prices_after(kept, offered) == (kept, [conflict])
    assert prices_after(kept, price(40_000, "2025-01-01")) == (kept, [])
    assert prices_after({}, offered, path) == (
        {},
        [Conflict(path, None, offered[LINE])],
    )


# --- Status ---------------------------------------------------------------------------


def test_a_closed_listing_is_never_reopened():
    for status in ("closed", "moved", "do_not_list"):
        before = standing(status=status, published=False)
        listing, conflicts = merged(before, row(status="active"))
        assert listing["status"] == status
        assert not listing["published"]
        assert conflicts == [Conflict("status", status, "active")]


def test_a_closed_listing_is_not_published_by_a_row_without_a_status():
    before = standing(status="closed", published=False)
    assert merged(before, row()) == (before, [])


def test_a_listing_closes_and_keeps_its_page():
    listing, _ = merged(standing(), row(status="closed", **checked("2025-01-01")))
    assert (listing["status"], listing["status_on"]) == ("closed", "2025-01-01")
    assert listing["published"]


def test_a_new_closed_listing_is_not_published():
    assert not merged(None, row(status="closed"))[0]["published"]
    assert not merged(None, row(status="do_not_list"))[0]["published"]
    assert merged(None, row(status="temporarily_closed"))[0]["published"]


def test_nothing_public_is_hidden_by_an_import():
    listing, conflicts = merged(standing(), row(status="do_not_list"))
    assert listing["published"]
    assert conflicts == [Conflict("status", "active", "do_not_list")]


def test_an_older_status_is_let_be():
    before = standing(status="closed")
    stated = row(status="active", **checked("2022-01-01"))
    assert merged(before, stated) == (before, [])


def test_a_status_that_a_person_confirmed_stays():
    before = standing(**checked("2025-05-04", method="phone"))
    _, conflicts = merged(before, row(status="closed"))
    assert conflicts == [Conflict("status", "active", "closed")]
    _, conflicts = merged(standing(), row(status="closed"), "status")
    assert conflicts == [Conflict("status", "active", "closed")]


# --- A person's word in a row ---------------------------------------------------------

BY_PHONE = {"method": "phone", "source": "clinic"}


def by_phone(on: str, **stated):
    """A row of somebody who asked the clinic on that day."""
    return row(**({"offerings": {}} | checked(on, **BY_PHONE) | stated))


def test_a_newer_phone_row_updates_what_a_person_confirmed():
    before = standing(phone="+13035550142", **checked("2024-05-04", **BY_PHONE))
    stated = by_phone("2024-05-05", phone="+13035550118", name="Blue Mesa House")
    listing, conflicts = merged(before, stated)
    assert (listing["phone"], listing["name"]) == ("+13035550118", "Blue Mesa House")
    assert listing["contact"] == statement("2024-05-05", **BY_PHONE)
    assert conflicts == []


@pytest.mark.parametrize("on", ["2024-05-03", "2024-05-04"])
@pytest.mark.parametrize("method", ["phone", "website", "official_registry"])
def test_an_older_or_same_days_phone_row_is_a_conflict(on, method):
    before = standing(phone="+13035550142", **checked("2024-05-04", method=method))
    stated = by_phone(on, phone="+13035550118", website="https://a.example.org")
    listing, conflicts = merged(before, stated)
    assert conflicts == [Conflict("phone", "+13035550142", "+13035550118")]
    # What is blank is filled all the same.
    assert listing == before | {"website": "https://a.example.org"}


@pytest.mark.parametrize(
    ("on", "phone"),
    [("2024-05-31", "old"), ("2024-06-01", "old"), ("2024-06-02", "new")],
)
def test_a_phone_row_updates_a_column_only_after_the_day_a_person_wrote_it(on, phone):
    before = standing(phone="old", city="Denver")
    stated = by_phone(on, phone="new", city="Boulder")
    listing, conflicts = merged(before, stated, "phone")
    assert listing["phone"] == phone
    assert [c.path for c in conflicts] == (["phone"] if phone == "old" else [])
    # The rest is what the clinic said, and dated so.
    assert listing["city"] == "Boulder"
    assert listing["contact"]["checked_on"] == on


def test_a_later_registry_never_takes_back_what_such_a_row_said():
    before = standing(phone="old")
    called = merged(before, by_phone("2024-05-31", phone="new", name="X"), "name")[0]
    listing, conflicts = merged(called, row(phone="old", **checked("2025-01-01")))
    assert listing["phone"] == "new"
    assert [conflict.path for conflict in conflicts] == ["phone"]


def test_a_registry_never_updates_what_a_person_wrote_however_new():
    stated = row(phone="new", **checked("2030-01-01"))
    listing, conflicts = merged(standing(phone="old"), stated, "phone")
    assert listing["phone"] == "old"
    assert conflicts == [Conflict("phone", "old", "new")]


def test_words_typed_otherwise_are_no_conflict():
    before = standing(**checked("2024-05-04", **BY_PHONE))
    assert merged(before, row(name="BLUE  MESA clinic")) == (before, [])


@pytest.mark.parametrize(
    ("on", "days", "is_taken"),
    [("2024-05-04", 3, False), ("2024-05-05", 3, True), ("2024-05-05", 9, False)],
)
def test_a_persons_fact_gives_way_only_to_a_newer_persons(on, days, is_taken):
    kept = yes("2024-05-04", **BY_PHONE)
    before = standing(facts={"payment": {"medicare": kept}})
    offered = yes(on, answer="no", **BY_PHONE)
    stated = by_phone(on, facts={"payment": {"medicare": offered}})
    path = "facts/payment/medicare"
    found = merge(before, stated, {path: date(2024, 5, days)})
    assert found.listing["facts"]["payment"]["medicare"] == (
        offered if is_taken else kept
    )
    assert [c.path for c in found.conflicts] == ([] if is_taken else [path])


def test_a_newer_persons_row_brings_back_what_a_person_removed():
    fact = yes("2024-06-02", **BY_PHONE)
    stated = by_phone(
        "2024-06-02",
        facts={"payment": {"medicare": fact}},
        offerings={EXACT_IV: offering("2024-06-02", **BY_PHONE)},
    )
    gone = ("facts/payment/medicare", f"offerings/{EXACT_IV}")
    listing, conflicts = merged(standing(offerings={}), stated, *gone)
    assert listing["facts"] == {"payment": {"medicare": fact}}
    assert set(listing["offerings"]) == {EXACT_IV}
    assert conflicts == []


def test_a_newer_persons_price_makes_a_persons_price_history():
    kept = price(40_000, "2024-05-04", **BY_PHONE)
    before = standing(offerings={IV: offering(prices=kept)})
    offered = price(50_000, "2024-06-02", **BY_PHONE)
    stated = by_phone("2024-06-02", offerings={IV: offering("2024-06-02", offered)})
    listing, conflicts = merged(before, stated, f"offerings/{IV}/prices/{LINE}")
    assert listing["offerings"][IV]["prices"] == {
        LINE: offered[LINE],
        f"{LINE}2024-06-02": kept[LINE],
    }
    assert conflicts == []


def test_a_conflict_has_the_basis_of_both_values():
    kept, offered = checked("2024-05-04", **BY_PHONE), checked("2024-05-03", **BY_PHONE)
    fact = yes("2024-05-04", **BY_PHONE)
    before = standing(phone="old", facts={"payment": {"hsa_fsa": fact}}, **kept)
    no = fact | {"answer": "no", "checked_on": "2024-05-03"}
    stated = row(phone="new", facts={"payment": {"hsa_fsa": no}}, **offered)
    conflicts = merge(before, stated, {}).conflicts
    bases = [(kept["contact"], offered["contact"])] * 2
    assert [conflict[3:] for conflict in conflicts] == bases


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


# --- Parts of a listing ---------------------------------------------------------------


def only_parts(offerings=(), facts=()):
    parts = {"offerings": dict(offerings), "facts": dict(facts)}
    return Row(3, "clinic", "", parts, True, slug="blue-mesa", only_parts=True)


def test_a_row_of_prices_restates_nothing_else():
    before = standing(phone="+13035550142", published=False)
    line = price(50_000, "2025-01-01", **BY_PHONE)
    listing, conflicts = merged(before, only_parts({IV: {"prices": line}}))
    assert listing == before | {"offerings": {IV: offering(prices=line)}}
    assert conflicts == []


def test_a_price_makes_its_offering_where_there_is_none():
    line = price(50_000, "2025-01-01", **BY_PHONE)
    im = IV.replace("iv_infusion", "im_injection")
    listing, _ = merged(standing(), only_parts({im: {"prices": line}}))
    assert listing["offerings"][im] == offering("2025-01-01", line, **BY_PHONE)


def test_an_offering_that_a_person_removed_stays_away_from_a_price():
    line = price(50_000)
    listing, conflicts = merged(
        standing(offerings={}),
        only_parts({IV: {"prices": line}}),
        f"offerings/{IV}",
    )
    assert listing["offerings"] == {}
    assert conflicts == [Conflict(f"offerings/{IV}", None, offering(prices=line))]


def test_a_row_that_names_its_listing_never_publishes_it():
    before = standing(published=False)
    named = replace(row(**checked("2025-01-01")), slug="blue-mesa")
    assert not merged(before, named)[0]["published"]
    assert not merged(None, row(published=False))[0]["published"]


def test_a_row_without_a_date_fills_blanks_and_is_a_conflict_otherwise():
    stated = row(contact=None, name="Other", npi="1234567893")
    listing, conflicts = merged(standing(), stated)
    assert listing == standing(npi="1234567893")
    assert conflicts == [Conflict("name", "Blue Mesa Clinic", "Other")]
    assert not merged(None, stated)[0]["published"]


def test_an_npi_is_merged_like_any_column():
    before = standing(npi="1234567893", **checked("2023-05-04", method="phone"))
    _, conflicts = merged(before, row(npi="1245319599"))
    assert conflicts == [Conflict("npi", "1234567893", "1245319599")]


@pytest.mark.parametrize("status", ["closed", "moved", "do_not_list"])
def test_what_is_closed_stays_as_it_is_and_is_named(status):
    before = standing(status=status, published=False)
    newer = checked("2025-05-04", **BY_PHONE)
    for stated in (row(phone="new", **newer), only_parts({EXACT_IV: offering()})):
        assert merge(before, stated, {}) == (before, [], True)
    # Who says the same may say the rest too.
    agreed = merge(before, row(status=status, phone="new", **newer), {})
    assert agreed.listing["phone"] == "new"
    assert not agreed.stays_closed
    assert not agreed.listing["published"]


def test_a_newer_phone_row_closes_a_listing_that_a_person_confirmed():
    before = standing(**checked("2024-05-04", **BY_PHONE))
    listing, _ = merged(before, by_phone("2024-05-05", status="closed"), "status")
    assert listing["status"] == "active"  # somebody wrote it later
    listing, _ = merged(before, by_phone("2024-05-05", status="closed"))
    assert (listing["status"], listing["status_on"]) == ("closed", "2024-05-05")


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
