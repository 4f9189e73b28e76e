"""The number of clinics beside each option, and what an empty answer offers instead."""

import re

import pytest
from django.utils.formats import number_format
from django.utils.translation import ngettext, override

from providers import vocabulary
from providers.search.answer import COUNTED
from providers.views.search_form.numbers import beside, within
from tests import factories as f
from tests import pages
from tests.pages import Page, put_many, query_of, search

pytestmark = pytest.mark.usefixtures("clinics")


@pytest.fixture(scope="module")
def clinics(gazetteer):
    """Three infusion clinics in Colorado, one of which takes Medicare, and one for
    injections in Utah that was not asked for 200 days."""
    put_many(2)
    f.provider(name="Third", facts=f.facts(f.fact("medicare"), f.fact("accepting")))
    f.provider(
        name="Utah",
        region="US-UT",
        at=f.SALT_LAKE_CITY,
        contact_days=200,
        offerings=f.offering("im_injection"),
    )


def label(page: Page, name: str, code: str) -> str:
    """The words of a checkbox's label, as they are read out."""
    found = re.search(rf'<label for="id_{name}_{code}">(.*?)</label>', page.html, re.S)
    return re.sub(r"<[^>]+>", "", found[1])


def option(page: Page, name: str, value: str) -> tuple[str, str]:
    """(attributes, words) of a select's option."""
    select = page.html.split(f'<select id="id_{name}"')[1].split("</select>")[0]
    found = re.search(rf'<option value="{value}"([^>]*)>(.*?)</option>', select)
    return found[1].strip(), found[2]


def box(page: Page, name: str, code: str) -> dict:
    [found] = [c for c in page.controls if c["id"] == f"id_{name}_{code}"]
    return found


def test_an_option_is_read_with_its_number_of_clinics():
    page = search()
    assert label(page, "route", "iv_infusion") == "IV drip, 3 clinics"
    assert label(page, "route", "im_injection").endswith(", 1 clinic")
    assert label(page, "pay", "medicare") == "Medicare, 1 clinic"


NUMBERS = [0, 1, 2, 999, 1_000, 1_001, 12_034, 100_000, 1_000_000, 1_234_567]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_is_grouped_as_its_language_does(language, number):
    with override(language):
        digits = number_format(number, force_grouping=True)
        read = re.sub(r"<[^>]+>", "", beside(language)[number].decode())
        clinics = ngettext("%(n)s clinic", "%(n)s clinics", number) % {"n": digits}
        assert read == f", {clinics}"
        assert within(language)[number].decode() == f", {clinics}"


def test_a_select_says_the_number_within_its_options():
    page = search()
    assert option(page, "region", "US-UT") == ("", "Utah, 1 clinic")
    assert option(page, "region", "US") == ("", "United States, 4 clinics")
    assert option(page, "accepting", "yes")[1].endswith(", 1 clinic")
    assert option(page, "unconfirmed", "only")[1] == "Show only them, 1 clinic"


@pytest.mark.parametrize("name", COUNTED)
def test_every_group_that_is_counted_has_its_numbers(name):
    html = search().html
    block = html.split(f'id="id_{name}"')[1].split('<details class="group"')[0]
    assert re.search(r" clinics?[<,]", block.split("</select>")[0])


def test_an_option_that_finds_none_is_shown_and_cannot_be_checked():
    page = search()
    words = label(page, "route", "sublingual")
    assert words.endswith(", 0 clinics, cannot be checked")
    assert "disabled" in box(page, "route", "sublingual")
    assert option(page, "region", "US-NY") == ("disabled", "New York, 0 clinics")


def test_one_that_is_chosen_can_be_unchosen_though_it_finds_none():
    page = search(route="sublingual", accepting="waitlist", q="Utah")
    assert "disabled" not in box(page, "route", "sublingual")
    assert option(page, "accepting", "waitlist")[0] == "selected"
    assert option(page, "unconfirmed", "include")[0] == ""  # where a select starts


def test_a_need_can_always_be_checked():
    page = search()
    assert label(page, "need", "quiet_room").endswith(", 0 clinics")
    assert not any("disabled" in c for c in page.controls if c["name"] == "need")


def test_a_chosen_option_leaves_the_numbers_of_its_own_group():
    page = search(route="im_injection")
    assert label(page, "route", "iv_infusion") == "IV drip, 3 clinics"
    assert label(page, "pay", "medicare").startswith("Medicare, 0 clinics")


def test_a_number_is_what_checking_the_option_finds():
    page = search(near="80202", within="50", route="iv_infusion")
    for code in vocabulary.PAYMENTS:
        expected = re.search(r", (\d+) clinic", label(page, "pay", code))[1]
        found = search(near="80202", within="50", route="iv_infusion", pay=code)
        heading = found.heading(2).split()[0]
        assert expected == ("0" if heading == "No" else heading)
        if expected != "0":
            break
    else:
        pytest.fail("no way to pay had a clinic")


@pytest.mark.parametrize("query", [{"route": "x"}, {"page": "9"}, {"near": "Portland"}])
def test_a_wrong_question_shows_no_numbers_and_bars_nothing(query):
    page = search(**query)
    assert not re.search(r"\d clinic", page.words)
    assert not any("disabled" in control for control in page.controls)


def test_numbers_are_said_in_the_visitors_language():
    page = pages.visit("/es/search/")
    assert "3 cl" in label(page, "route", "iv_infusion")


# What to ask instead


def test_an_empty_answer_says_how_much_farther_to_look():
    page = search(near="80202", within="10", route="im_injection")
    address = page.link("Look within")
    [words] = [words for words, url in page.links if url == address]
    assert re.fullmatch(r"Look within \d+ miles \(\d+ miles more\): 1 clinic", words)
    assert pages.visit(address).heading(2).startswith("1 result within")


def test_an_empty_answer_says_how_much_more_to_pay():
    page = search(near="80202", within="10", max_price="150")
    address = page.link("Pay up to $400 a session ($250 more): 3 clinics")
    assert query_of(address)["max_price"] == ["400"]
    assert pages.visit(address).heading(2).startswith("3 results")


def test_an_empty_answer_names_another_option_and_leaves_the_choice_to_a_clinician():
    page = search(near="80202", within="10", route="im_injection")
    address = page.link("3 clinics list “IV drip”; ask a clinician what fits you")
    assert query_of(address)["route"] == ["iv_infusion"]


def test_an_empty_answer_says_which_filter_is_in_the_way():
    page = search(near="80202", within="10", language="fr", checked_within="5")
    assert "Without the filter" not in page.words  # neither alone finds any
    page = search(near="80202", within="10", checked_within="5")
    address = page.link("Without the filter “Checked within (days)”: 3 clinics")
    assert pages.visit(address).heading(2).startswith("3 results")


def test_what_is_offered_instead_is_not_said_twice():
    page = search(near="80202", within="10", need="quiet_room")
    words = "3 clinics that do not say whether they meet your needs"
    assert page.words.count(words) == 1
    assert pages.visit(page.link(words)).heading(2).startswith("3 results")
