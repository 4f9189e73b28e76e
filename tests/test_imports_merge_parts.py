"""A row that states only parts of a listing changes nothing else of it."""

from dataclasses import replace

from providers.imports.merge import Conflict
from tests.importing import IV, row
from tests.merging import (
    BY_PHONE,
    checked,
    merged,
    offering,
    only_parts,
    price,
    standing,
)


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
