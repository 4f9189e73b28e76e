"""What a person confirmed or wrote gives way only to a newer word of a person."""

from datetime import date

import pytest

from providers.imports.merge import Conflict, merge
from tests.importing import IV, row, statement, yes
from tests.merging import (
    BY_PHONE,
    EXACT_IV,
    LINE,
    by_phone,
    checked,
    merged,
    offering,
    price,
    standing,
)

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


# --- A person's word in a row ---------------------------------------------------------


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
