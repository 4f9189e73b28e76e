"""Offerings are said more exactly, and a newer price makes the old one history."""

from providers.imports.merge import Conflict
from tests.importing import IV, row
from tests.merging import (
    EXACT_IV,
    LINE,
    checked,
    merged,
    offering,
    price,
    standing,
)


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
