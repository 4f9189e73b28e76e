"""The NPI check, held to published vectors and to a plain Luhn sum over 80840 + NPI."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.npi import npi_is_valid

# Any body of nine digits has exactly one right check digit.
BODIES = st.from_regex(r"[12][0-9]{8}", fullmatch=True)


def luhn_by_the_book(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


@pytest.mark.parametrize("npi", ["1234567893", "1558598797"])
def test_a_published_npi_is_valid(npi):
    assert npi_is_valid(npi)


def test_a_wrong_check_digit_is_refused():
    assert not npi_is_valid("1234567890")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123456789",
        "12345678933",
        " 1234567893",
        "1234567893\n",
        "123-456-7893",
        "123456789X",
        "١٢٣٤٥٦٧٨٩٣",
    ],
)
def test_anything_but_ten_ascii_digits_is_refused(typed):
    assert not npi_is_valid(typed)


@pytest.mark.parametrize("first", "03456789")
def test_a_first_digit_other_than_1_or_2_is_refused(first):
    assert not any(npi_is_valid(f"{first}23456789{last}") for last in range(10))


@given(BODIES)
def test_the_check_digit_is_luhn_over_80840_and_the_npi(body):
    right = [d for d in "0123456789" if luhn_by_the_book(f"80840{body}{d}")]
    assert [d for d in "0123456789" if npi_is_valid(body + d)] == right
    assert len(right) == 1
