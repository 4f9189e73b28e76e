"""The prices of the own listing layout: in minor units, or their row is refused."""

import pytest

from tests.listing_rows import PRICE, amounts, read, refusal


def test_a_price_is_in_minor_units(tmp_path):
    assert amounts(tmp_path) == ("dose", 45_000, 60_050)
    assert amounts(tmp_path, price_unit="per_session") == ("visit", 45_000, 60_050)


def test_half_a_range_is_half_known_and_zero_is_free(tmp_path):
    assert amounts(tmp_path, price_max="") == ("dose", 45_000, None)
    assert amounts(tmp_path, price_min="") == ("dose", None, 60_050)
    assert amounts(tmp_path, price_min="0") == ("dose", 0, 60_050)


def test_no_amount_is_no_price(tmp_path):
    cells = {"price_currency": "USD", "price_unit": "visit"}
    (offering,) = read(tmp_path, **cells)["offerings"].values()
    assert offering["prices"] == {}


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"price_min": "-1"}, "price_min: '-1' is no amount such as 450 or 450-600"),
        ({"price_max": "1000001"}, "price_max: 1000001 is no price"),
        ({"price_min": "NaN"}, "price_min: 'NaN' is no amount such as 450 or 450-600"),
        ({"price_min": "450-600"}, "price_max: is stated beside a range"),
        ({"price_max": "450-600"}, "price_max: is a range"),
        ({"price_min": "£450"}, "price_currency: is not the price's: GBP and USD"),
        ({"price_min": "4.005"}, "price_min: 4.005 has parts of a cent"),
        ({"price_min": "601"}, "price_min: is above price_max"),
        ({"price_currency": ""}, "price_currency: is blank"),
        ({"price_currency": "XXX"}, "price_currency: 'XXX' is not known"),
        ({"price_unit": ""}, "price_unit: is blank"),
        ({"price_unit": "gram"}, "price_unit: 'gram' is not known"),
        (
            {"price_unit": "package_of_n"},
            "price_unit: a package needs its number of sessions",
        ),
        (
            {"routes": "iv;im"},
            "price_min: a price needs exactly one route to belong to",
        ),
        ({"routes": ""}, "price_min: a price needs exactly one route to belong to"),
        (
            {"routes": "no_medicine"},
            "price_min: a treatment's price needs a medicine",
        ),
    ],
)
def test_a_price_that_cannot_be_kept_rejects_its_row(tmp_path, cells, refused):
    assert refusal(tmp_path, **PRICE | cells) == refused
