"""Undo: what a person wrote since stays, everything else goes back."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import given, settings

from providers import actions
from providers.documents import EMPTY, differences, parts, path_of, whole
from providers.revisions import Undone, undone
from tests.factories import checked, fact, facts, offering, price, rolled_back
from tests.test_documents import any_document, listings, named, stored

__all__ = ["named"]  # a fixture

few = settings(any_document, max_examples=12)

LISTING = EMPTY | {
    "slug": "one",
    "name": "One",
    "region": "US-CO",
    "phone": "+13035550101",
    "phone_extension": "3",
    "published": True,
    "contact": checked(10),
    "offerings": offering(prices=price(40_000)),
    "facts": facts(fact("accepting"), fact("lift")),
}
(OFFERING,) = LISTING["offerings"]
(LINE,) = LISTING["offerings"][OFFERING]["prices"]


def edited(listing, **columns):
    return deepcopy(listing) | columns


def repriced(listing, low, **more):
    after = deepcopy(listing)
    after["offerings"][OFFERING]["prices"] = price(low, days=1) | more
    return after


# --- Parts of a document --------------------------------------------------------------


@few
@given(listing=listings())
def test_a_document_is_the_whole_of_its_parts(listing):
    assert whole(parts(listing)) == EMPTY | listing


@few
@given(before=listings(), after=listings())
def test_every_path_of_a_difference_is_read_back(before, after):
    known = parts(before).keys() | parts(after).keys()
    for path in differences(before, after):
        assert path_of(path) in known


# --- Undone ---------------------------------------------------------------------------


@few
@given(before=listings(), after=listings())
def test_a_change_that_nobody_touched_goes_back_whole(before, after):
    back = undone(EMPTY | after, before, after)
    may_differ = {"published", "contact"}
    gone = differences(back.listing, EMPTY | before).keys() - may_differ
    assert not gone
    assert back.kept == []


@few
@given(before=listings(), after=listings(), now=listings())
def test_what_was_edited_since_stays_and_is_named(before, after, now):
    back = undone(EMPTY | now, before, after)
    since = differences(after, EMPTY | now)
    did = differences(before, after)
    for path in since.keys() & did.keys():
        assert path in back.kept
    standing, left = parts(EMPTY | now), parts(back.listing)
    for path in back.kept:
        if path not in ("published", "contact"):
            assert left.get(path_of(path)) == standing.get(path_of(path))


@few
@given(before=listings(), after=listings(), now=listings())
def test_what_an_undo_leaves_is_a_listing_that_the_database_takes(
    named, before, after, now
):
    wanted = undone(EMPTY | now, before, after).listing | {"slug": "one"}
    with rolled_back():
        provider = actions.apply_one(EMPTY | now | {"slug": "one"})
        actions.apply_one(wanted, provider)
        assert stored(provider) == wanted


@few
@given(before=listings(), after=listings(), now=listings())
def test_an_undo_never_publishes_what_is_closed_now(before, after, now):
    closed = EMPTY | now | {"status": "closed", "published": False}
    before, after = before | {"status": "active"}, after | {"status": "active"}
    assert not undone(closed, before, after).listing["published"]


def test_a_listing_that_was_added_goes_if_nobody_edited_it():
    assert undone(LISTING, None, LISTING) == Undone(None, [])


def test_a_listing_that_was_added_and_edited_since_stays():
    now = edited(LISTING, name="Uno")
    assert undone(now, None, LISTING) == Undone(now, ["the listing"])


def test_a_deleted_listing_comes_back_and_a_second_time_stays():
    assert undone(None, LISTING, None) == Undone(LISTING, [])
    assert undone(LISTING, LISTING, None) == Undone(LISTING, ["the listing"])


def test_a_listing_deleted_since_stays_deleted():
    assert undone(None, LISTING, LISTING) == Undone(None, ["the listing"])


def test_an_extension_stays_with_the_phone_that_was_edited_since():
    after = edited(LISTING, phone="+13035550102", phone_extension="4")
    now = edited(after, phone="+13035550103")
    back = undone(now, LISTING, after)
    assert (back.listing["phone"], back.listing["phone_extension"]) == (
        "+13035550103",
        "4",
    )
    assert back.kept == ["phone", "phone_extension"]


def test_a_superseded_price_stays_the_past_of_a_price_edited_since():
    past = {LINE + "2026-11-01": LISTING["offerings"][OFFERING]["prices"][LINE]}
    after = repriced(LISTING, 50_000, **past)
    now = repriced(LISTING, 55_000, **past)
    back = undone(now, LISTING, after)
    assert back.listing == now
    assert undone(after, LISTING, after).listing == LISTING


def test_an_offering_stays_with_a_price_added_since():
    before = edited(LISTING, offerings={})
    now = repriced(LISTING, 40_000)
    now["offerings"][OFFERING]["prices"] |= price(9_000, kind="drug")
    back = undone(now, before, edited(LISTING))
    assert list(back.listing["offerings"]) == [OFFERING]
