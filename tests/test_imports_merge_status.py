"""A listing closes and keeps its page, and what is closed is never reopened."""

import pytest

from providers.imports.merge import Conflict, merge
from tests.importing import row
from tests.merging import (
    BY_PHONE,
    EXACT_IV,
    by_phone,
    checked,
    merged,
    offering,
    only_parts,
    standing,
)


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
