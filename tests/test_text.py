"""Words made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.place_names import name_key
from providers.text import match_key, plain


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("São  Paulo", "sao paulo"),
        ("SAO PAULO", "sao paulo"),
        ("St. John's", "st johns"),
        ("Coeur d’Alene", "coeur dalene"),
        ("Hawaiʻi", "hawaii"),
        ("Straße", "strasse"),
        ("Tromsø", "tromso"),
        ("TROMSØ", "tromso"),
        ("Ærøskøbing", "aeroskobing"),
        ("Œuvre", "oeuvre"),
        ("Łódź", "lodz"),
        ("Ǿ", "o"),
        ("Winston-Salem", "winston salem"),
        ("snake_case", "snake case"),
        ("  \t\n ", ""),
        ("…!?", ""),
        ("", ""),
    ],
)
def test_accents_case_and_punctuation_do_not_count(typed, expected):
    assert plain(typed) == expected


@given(st.text())
def test_what_is_plain_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_case_never_counts_in_latin_script(text):
    dotless = {"ı", "İ"}  # whose other case is another letter
    if not dotless & set(text):
        assert plain(text.upper()) == plain(text.lower()) == plain(text)


@given(st.text())
def test_plain_words_are_parted_by_single_spaces(text):
    assert plain(text) == " ".join(plain(text).split())


@given(st.text(), st.text())
def test_words_of_two_texts_stay_apart(one, other):
    assert plain(f"{one} {other}") == f"{plain(one)} {plain(other)}".strip()


def test_two_spellings_of_one_listing_share_a_match_key():
    one = match_key(
        name="Café Clinic", street="12 Main St.", postcode="80202", country="US"
    )
    other = match_key(
        name="CAFE CLINIC", street="12 main st", postcode="80202", country="us"
    )
    assert one == other == "cafe clinic|12 main st|80202|us"


@pytest.mark.parametrize("part", ["name", "street", "postcode", "country"])
def test_every_part_of_a_match_key_counts(part):
    parts = {"name": "a", "street": "b", "postcode": "c", "country": "d"}
    assert match_key(**parts) != match_key(**parts | {part: "other"})


def test_a_saint_is_a_saint_however_it_is_written():
    assert name_key("St. Louis") == name_key("Saint Louis") == "saint louis"
