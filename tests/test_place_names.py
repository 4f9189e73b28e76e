"""However a name or a postcode is typed, it is compared in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.place_names import name_key, postcode_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Denver", "denver"),
        ("St. Louis", "saint louis"),
        ("Saint Louis", "saint louis"),
        ("Sault Ste. Marie", "sault sainte marie"),
        ("Mt. Vernon", "mount vernon"),
        ("Ft Collins", "fort collins"),
        ("The Bronx", "bronx"),
        ("the", "the"),
        ("São Paulo", "sao paulo"),
        ("Winston-Salem", "winston salem"),
        ("Coeur d'Alene", "coeur dalene"),
        (" \x00 ", ""),
    ],
)
def test_a_name_has_one_key_however_it_is_typed(typed, key):
    assert name_key(typed) == key


@given(st.text())
def test_the_key_of_a_key_is_the_key_itself(text):
    key = name_key(text)
    if not key.startswith("the "):  # "The The Pub": one article goes at a time
        assert name_key(key) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [("80202-1234", "802021234"), (" k1a 0b6 ", "K1A0B6"), ("00-950", "00950")],
)
def test_a_postcode_is_capitals_without_gaps(typed, key):
    assert postcode_key(typed) == key
