"""Words for money, distances, dates and answers; unknown is never 0 and never no."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import vocabulary, wording
from providers.models import Fact, Offering, PriceLine, Source

MARCH_3 = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("cents", "currency", "words"),
    [
        (40_000, "USD", "$400"),
        (125_000, "USD", "$1,250"),
        (8_750, "CAD", "CA$87.50"),
        (5, "GBP", "£0.05"),
        (0, "USD", "free"),
        (30_000, "EUR", "€300"),
    ],
)
def test_money_has_its_sign_and_cents_only_where_there_are_some(cents, currency, words):
    assert wording.money(cents, currency) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (40_000, 50_000, "$400–$500"),
        (40_000, 40_000, "$400"),
        (40_000, None, "from $400"),
        (None, 50_000, "up to $500"),
        (None, None, ""),
        (0, 0, "free"),
        (0, 50_000, "free or up to $500"),
        (0, None, "from free"),
    ],
)
def test_a_range_says_which_end_is_known(low, high, words):
    assert wording.amount_range(low, high, "USD") == words


@pytest.mark.parametrize(
    ("low", "words"), [(40_000, "at least $400"), (0, ""), (None, "")]
)
def test_an_incomplete_amount_is_at_least_its_known_part(low, words):
    assert wording.at_least(low, "USD") == words


cents = st.none() | st.integers(0, 2_000_000)


@given(cents, cents, st.sampled_from(list(vocabulary.CURRENCIES)))
def test_no_range_is_ever_shown_as_zero(low, high, currency):
    symbol = vocabulary.CURRENCIES[currency].symbol
    words = wording.amount_range(low, high, currency)
    shown = words.replace(",", "").replace("–", " ").split()
    assert f"{symbol}0" not in shown
    assert bool(words) == (low is not None or high is not None)


@pytest.mark.parametrize(
    ("km", "unit", "words"),
    [
        (3.7, "mi", "2.3 miles away"),
        (1.609344, "mi", "1 mile away"),
        (0.05, "mi", "less than 0.1 miles away"),
        (0.0, "km", "less than 0.1 kilometers away"),
        (12.4, "km", "12 kilometers away"),
        (1.0, "km", "1 kilometer away"),
        (16.04, "mi", "10 miles away"),
        (4_600.0, "mi", "2,858 miles away"),
    ],
)
def test_a_distance_is_words_in_the_visitors_unit(km, unit, words):
    assert wording.distance(km, unit) == words


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (25.000000000000004, "mi", "25 miles"),
        (12.5, "km", "12.5 kilometers"),
        (0.25, "mi", "0.25 miles"),
        (1, "mi", "1 mile"),
        (20_000, "km", "20,000 kilometers"),
    ],
)
def test_a_radius_is_said_as_it_was_chosen(amount, unit, words):
    assert wording.reach(amount, unit) == words


def test_a_distance_to_the_middle_of_a_postcode_is_about():
    assert wording.distance(8.0, "km", exact=False) == "about 8 kilometers away"


@pytest.mark.parametrize(
    ("on", "precision", "words"),
    [
        (date(2024, 1, 1), "year", "in 2024"),
        (date(2024, 3, 1), "month", "in March 2024"),
        (MARCH_3, "day", "on March 3, 2026"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(on, precision, words):
    assert wording.when(on, precision) == words


SAMHSA = Source(code="samhsa_mh_directory", name="A survey", publisher="SAMHSA")


def surveyed(**values) -> Offering:
    known = {"checked_on": date(2024, 1, 1), "precision": "year", "source": SAMHSA}
    return Offering(
        **known | {"route": "iv_infusion", "method": "official_registry"} | values
    )


def test_a_survey_row_is_told_as_what_was_reported():
    words = "Reported ketamine infusion to SAMHSA in 2024"
    assert wording.reported(surveyed()) == words


@pytest.mark.parametrize(
    "values", [{"method": "phone"}, {"route": "nasal_esketamine"}, {"route": "other"}]
)
def test_what_a_clinic_says_is_not_told_as_reported(values):
    assert wording.reported(surveyed(**values)) == ""


def fact(topic: str, code: str, answer: str = "yes", **values) -> Fact:
    return Fact(topic=topic, code=code, answer=answer, **values)


FACILITY = "For some of its services, ask about ketamine"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (fact("payment", "medicare"), "Yes"),
        (fact("payment", "medicare", "no"), "No"),
        (fact("access", "wheelchair_inside", "partial"), "Partly"),
        (fact("payment", "medicare", scope="facility"), FACILITY),
        (fact("payment", "medicare", "no", scope="facility"), "No"),
        (
            fact("access", "text_ok", "partial", scope="facility"),
            f"Partly. {FACILITY}",
        ),
        (fact("access", "driver_must_stay"), "Required"),
        (fact("access", "driver_must_stay", "no"), "Not required"),
        (fact("access", "driver_must_stay", "partial"), "Sometimes required"),
        (
            fact("who", "referral_required", scope="facility"),
            f"Required. {FACILITY}",
        ),
        (fact("access", "near_transit", number=5), "5 minutes"),
        (fact("access", "near_transit", "no"), "No"),
        (fact("access", "wait_days", number=21), "21 days"),
        (fact("who", "min_age", number=18), "18 years"),
        (fact("access", "weight_limit_kg", number=180), "180 kg"),
        (fact("safety", "observation_minutes"), "Yes"),
    ],
)
def test_an_answer_is_said_as_it_was_given(stated, words):
    assert wording.answer(stated) == words


def test_a_requirement_is_asked_for_as_absent():
    needs = vocabulary.NEEDS
    assert wording.need_label(needs["step_free_entry"]) == "Step-free way in"
    assert wording.need_label(needs["driver_must_stay"]) == (
        "Does not require: a driver who stays the whole visit"
    )


@pytest.mark.parametrize(
    ("words", "within"),
    [("The clinic", "the clinic"), ("TTY line", "TTY line"), ("A", "a"), ("", "")],
)
def test_capitals_that_belong_to_a_name_stay(words, within):
    assert wording.lower_first(words) == within


def line(low=None, high=None, **values) -> PriceLine:
    priced = {"amount_min_cents": low, "amount_max_cents": high, "currency": "USD"}
    return PriceLine(**priced | {"unit": "visit", "payee": "clinic"} | values)


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (line(40_000, 50_000), "$400–$500 a visit, paid to the clinic"),
        (
            line(9_000, 9_000, unit="hour", minutes=90, payee="therapist"),
            "$90 an hour (90 minutes a visit), paid to the therapist",
        ),
        (
            line(240_000, 240_000, unit="package_of_n", package_size=6),
            "$2,400 for a package of 6, paid to the clinic",
        ),
        (line(0, 0), "Free"),
        (line(None, 5_000), "up to $50 a visit, paid to the clinic"),
        (line(currency=""), ""),
    ],
)
def test_a_price_line_says_amount_unit_and_payee(price, words):
    assert wording.price_line(price) == words
