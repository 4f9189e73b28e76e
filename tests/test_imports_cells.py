"""One cell at a time: cleaned, noted, or refused with its row."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from providers import vocabulary
from providers.imports.cells import Cells
from providers.imports.rows import Refused, Reported, reported
from providers.text import plain


def cells(**values: str) -> Cells:
    return Cells(7, values)


def refusal(read, *arguments) -> str:
    with pytest.raises(Refused) as error:
        read(*arguments)
    return str(error.value)


def test_what_is_no_column_reads_as_blank():
    assert cells().text("fax", 10) == ""


def test_text_has_single_spaces_and_a_length():
    assert cells(name="  Blue\t Mesa\n").text("name", 9) == "Blue Mesa"
    assert refusal(cells(name="Blue Mesa").text, "name", 8) == (
        "name: longer than 8 characters"
    )
    assert refusal(cells(name=" ").needed, "name", 8) == "name: is blank"


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("- - -", ""),
        ("---", ""),
        ("", ""),
        ("N/A Lane", "N/A Lane"),
        ("7 Żelazna", "7 Żelazna"),
    ],
)
def test_a_street_without_a_letter_or_digit_is_none(typed, street):
    assert cells(street=typed).street("street") == street


@pytest.mark.parametrize(
    ("typed", "country", "postcode"),
    [
        ("2138", "US", "02138"),
        ("501", "US", "00501"),
        ("80202", "US", "80202"),
        ("02138-1234", "US", "02138"),
        ("021381234", "US", "02138"),
        ("", "US", ""),
        ("t2p 1j9", "CA", "T2P 1J9"),
        ("2000", "AU", "2000"),
    ],
)
def test_a_zip_gets_its_zeros_back_and_no_other_postcode_does(typed, country, postcode):
    assert cells(zip=typed).postcode("zip", country) == postcode


@pytest.mark.parametrize("typed", ["ABCDE", "12", "802021", "80202-", "８０２０２x"])
def test_a_zip_of_another_shape_is_refused(typed):
    assert "is no ZIP code" in refusal(cells(zip=typed).postcode, "zip", "US")


@pytest.mark.parametrize(
    ("typed", "country", "phone", "extension"),
    [
        ("860-276-3000 x301", "US", "+18602763000", "301"),
        ("(303) 555-0142", "US", "+13035550142", ""),
        ("+44 20 7946 0018", "US", "+442079460018", ""),
        ("020 7946 0018", "GB", "+442079460018", ""),
        ("", "US", "", ""),
    ],
)
def test_a_phone_is_stored_as_e164(typed, country, phone, extension):
    read = cells(phone=typed)
    assert read.phone("phone", country) == {
        "phone": phone,
        "phone_extension": extension,
    }
    assert read.notes == []


@pytest.mark.parametrize("typed", ["call us", "555", "000-000-0000", "123-456-7890"])
def test_a_phone_that_is_none_is_left_blank_with_a_note(typed):
    read = cells(phone=typed)
    assert read.phone("phone", "US") == {"phone": "", "phone_extension": ""}
    assert read.notes == [f"phone {typed!r} is no telephone number; left blank"]


@pytest.mark.parametrize(
    ("typed", "website"),
    [
        ("http://", ""),
        ("https://", ""),
        ("HTTP://", ""),
        ("", ""),
        ("blue-mesa.example.org", "http://blue-mesa.example.org"),
        ("https://blue-mesa.example.org/a", "https://blue-mesa.example.org/a"),
    ],
)
def test_a_website_gets_a_scheme_and_a_bare_one_is_none(typed, website):
    read = cells(website=typed)
    assert read.website("website") == website
    assert read.notes == []


@pytest.mark.parametrize(
    "typed",
    ["javascript://alert", "none at all", "http://x", "http://a.b/" + "x" * 300],
)
def test_a_website_that_is_none_is_left_blank_with_a_note(typed):
    read = cells(website=typed)
    assert read.website("website") == ""
    assert len(read.notes) == 1


def test_an_address_for_mail_is_checked():
    assert cells(email="a@example.org").email("email") == "a@example.org"
    read = cells(email="at the desk")
    assert read.email("email") == ""
    assert read.notes == ["email 'at the desk' is no e-mail address; left blank"]


@given(st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False))
def test_any_point_on_the_globe_is_read_to_the_last_bit(latitude, longitude):
    read = cells(latitude=repr(latitude), longitude=repr(longitude))
    assert read.point("address") == {
        "latitude": latitude,
        "longitude": longitude,
        "precision": "address",
    }


@pytest.mark.parametrize(
    ("latitude", "longitude", "refused"),
    [
        ("90.1", "0", "latitude: 90.1 is off the globe"),
        ("0", "-180.1", "longitude: -180.1 is off the globe"),
        ("nan", "0", "latitude: nan is off the globe"),
        ("inf", "0", "latitude: inf is off the globe"),
        ("39,7", "0", "latitude: '39,7' is no number"),
        ("39.7", "", "longitude: is blank beside the other half of the point"),
        ("", "-104", "latitude: is blank beside the other half of the point"),
    ],
)
def test_half_a_point_or_one_off_the_globe_is_refused(latitude, longitude, refused):
    read = cells(latitude=latitude, longitude=longitude)
    assert refusal(read.point, "address") == refused


def test_no_point_is_no_point():
    assert cells(latitude=" ", longitude="").point("address") is None


def test_a_list_names_each_code_once():
    read = cells(routes=" IV;im ;; iv_infusion;Lozenge")
    assert read.codes("routes", vocabulary.ROUTES) == [
        "iv_infusion",
        "im_injection",
        "sublingual",
    ]


def test_a_word_that_no_table_knows_is_refused():
    read = cells(routes="iv;smoked")
    assert refusal(read.codes, "routes", vocabulary.ROUTES) == (
        "routes: 'smoked' is not known"
    )


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("yes", "yes"), ("Y", "yes"), ("No", "no"), ("unknown", ""), ("", "")],
)
def test_an_answer_is_yes_no_or_blank(typed, answer):
    assert cells(kap=typed).answer("kap") == answer


def test_another_answer_is_refused():
    assert refusal(cells(kap="partly").answer, "kap") == (
        "kap: 'partly' is neither yes nor no"
    )


# --- When it was reported -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", Reported(date(2024, 1, 1), "year")),
        ("2024-05", Reported(date(2024, 5, 1), "month")),
        ("2024-02-29", Reported(date(2024, 2, 29), "day")),
        (" 1990 ", Reported(date(1990, 1, 1), "year")),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text, expected):
    assert reported(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "24", "2024-13", "2023-02-29", "2024-00", "1989", "0000"),
        *("20240531", "2024-05-31T00:00", "-2024", "٢٠٢٤"),
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"is (no|before)"):
        reported(text)


def test_today_may_be_reported_and_tomorrow_may_not():
    today = timezone.localdate()
    assert reported(today.isoformat()).on == today
    with pytest.raises(ValueError, match="still to come"):
        reported((today + timedelta(days=1)).isoformat())
    with pytest.raises(ValueError, match="still to come"):
        reported(str(today.year + 1))


@given(st.text(max_size=40))
def test_any_text_is_cleaned_or_refused(text):
    """Nothing that a cell may hold breaks a reader in another way."""
    read = Cells(1, dict.fromkeys(("a", "latitude", "longitude"), text))
    for reader in (
        lambda: read.text("a", 20),
        lambda: read.street("a"),
        lambda: read.postcode("a", "US"),
        lambda: read.phone("a", "US"),
        lambda: read.website("a"),
        lambda: read.email("a"),
        lambda: read.point("town"),
        lambda: read.answer("a"),
        lambda: read.codes("a", vocabulary.PAYMENTS),
    ):
        try:
            reader()
        except Refused:
            assert plain(text) is not None
