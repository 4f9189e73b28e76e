"""The search form: every parameter is in it, what was typed stays, errors are named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers import vocabulary
from providers.filters import ProviderFilter
from providers.views.links import Links, query_string
from tests import factories as f
from tests import pages
from tests.pages import search

pytestmark = [pytest.mark.usefixtures("clinic"), pytest.mark.any_database]

# The browser's point comes from a script, pages from their links.
WITHOUT_A_CONTROL = {"lat", "lng", "page"}


@pytest.fixture(scope="module")
def clinic(gazetteer):
    """One listing for the whole module: its tests only read."""
    return f.provider(name="The Clinic")


def test_every_parameter_of_the_search_has_a_labelled_control():
    page = search()
    names = {control["name"] for control in page.controls}
    assert names == set(ProviderFilter.base_filters) - WITHOUT_A_CONTROL
    labelled = {a.get("for") for tag, a in page.tags if tag == "label"}
    assert {control["id"] for control in page.controls} <= labelled


def test_no_two_parts_of_the_page_share_an_id():
    ids = [
        a["id"] for _tag, a in search(near="80202", region="US-CO").tags if "id" in a
    ]
    assert len(ids) == len(set(ids))


def test_every_description_that_a_control_names_is_there():
    page = search(near="nowhere", within="abc", route="x", max_price="-1", serves="x")
    ids = {a["id"] for _tag, a in page.tags if "id" in a}
    for _tag, attributes in page.tags:
        assert set(attributes.get("aria-describedby", "").split()) <= ids


TABLES = {
    "route": vocabulary.ROUTES,
    "setting": vocabulary.SETTINGS,
    "therapy": vocabulary.THERAPIES,
    "format": vocabulary.FORMATS,
    "condition": vocabulary.CONDITIONS,
    "pay": vocabulary.PAYMENTS,
    "need": vocabulary.NEEDS,
    "language": vocabulary.LANGUAGES,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_option_of_a_group_is_offered_with_its_definition(name):
    page = search()
    offered = [c["value"] for c in page.controls if c["name"] == name]
    expected = [c for c, code in TABLES[name].items() if not getattr(code, "rare", 0)]
    assert sorted(offered) == sorted(expected)
    if name != "language":
        for code in expected:
            assert str(TABLES[name][code].definition) in page.words


@pytest.mark.parametrize("name", TABLES)
def test_chosen_options_stay_checked(name):
    first, second, *_rest = TABLES[name]
    assert set(search(**{name: [first, second]}).checked(name)) == {first, second}


def test_an_alias_checks_the_option_that_it_names():
    assert search(route="IV").checked("route") == ["iv_infusion"]


def test_a_rare_route_is_offered_once_a_listing_has_it():
    assert "Rectal ketamine" not in search().words
    with f.rolled_back():
        f.provider(offerings=f.offering("rectal"))
        assert "Rectal ketamine" in search().words


def test_needs_stand_under_the_headings_of_the_vocabulary():
    legends = search().in_tag("legend")
    for group in {code.group for code in vocabulary.NEEDS.values()}:
        assert str(vocabulary.GROUPS.label(group)) in legends


def test_a_requirement_is_asked_for_as_absent():
    assert "Does not require: a driver who stays the whole visit" in search().words


def test_what_is_not_shown_about_suicide_stands_beside_the_condition():
    assert "It is not shown to prevent suicide." in search().words


def test_languages_say_their_own_name():
    page = search()
    assert page.has("span", **{"class": "also", "lang": "es"})
    assert "Español" in page.words


TYPED = {
    "near": "80202",
    "within": "25",
    "max_price": "450.50",
    "max_course": "2400",
    "rate": "0.67",
    "fare": "30",
    "nights": "2",
    "night": "99.5",
    "checked_within": "30",
    "q": "river clinic",
}


@pytest.mark.parametrize("name", TYPED)
def test_what_was_typed_stays(name):
    assert search(**{name: TYPED[name]}).control(name)["value"] == TYPED[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit", "km"),
        ("currency", "CAD"),
        ("driver", "nobody"),
        ("accepting", "waitlist"),
        ("unconfirmed", "only"),
        ("sort", "checked"),
    ],
)
def test_what_was_selected_stays(name, value):
    assert search(**{name: value}).control(name)["chosen"] == [value]


def test_chosen_regions_stay_as_checked_boxes():
    page = search(region=["us-co", "US-UT"], serves="US-CO")
    assert page.checked("region") == ["US-CO", "US-UT"]
    assert page.checked("serves") == ["US-CO"]


def test_switches_stay_on():
    page = search(include_unpriced="yes", include_not_stated="yes", country="any")
    for name, value in (
        ("include_unpriced", "yes"),
        ("include_not_stated", "yes"),
        ("country", "any"),
    ):
        assert page.checked(name) == [value]
    assert page.checked("include_incomplete") == []


# Wrong values


WRONG = [
    ("near", "x" * 201),
    ("near", "qqqqqq"),
    ("near", "\x00"),
    ("lat", "91"),
    ("lat", "north"),
    ("lng", "-181"),
    ("within", "0"),
    ("within", "-5"),
    ("within", "far"),
    ("within", "20001"),
    ("within", "NaN"),
    ("unit", "furlong"),
    ("route", "injection"),
    ("setting", "moon"),
    ("therapy", "some"),
    ("format", "crowd"),
    ("condition", "SAD"),
    ("pay", "barter"),
    ("need", "everything"),
    ("language", "xx"),
    ("region", "US-XX"),
    ("region", "\x00"),
    ("serves", "Colorado"),
    ("accepting", "maybe"),
    ("max_price", "-1"),
    ("max_price", "cheap"),
    ("max_price", "Infinity"),
    ("max_course", "-1"),
    ("max_total", "500"),
    ("max_total", "much"),
    ("rate", "-0.2"),
    ("rate", "NaN"),
    ("driver", "perhaps"),
    ("fare", "-1"),
    ("nights", "61"),
    ("nights", "0.5"),
    ("night", "-1"),
    ("currency", "XXX"),
    ("include_unpriced", "maybe"),
    ("include_stale_price", "1"),
    ("include_incomplete", "no"),
    ("include_not_stated", "true"),
    ("unconfirmed", "maybe"),
    ("country", "all"),
    ("checked_within", "0"),
    ("checked_within", "1.5"),
    ("checked_within", "3651"),
    ("q", "x" * 201),
    ("q", "\x00"),
    ("sort", "paid"),
    ("sort", "travel"),
    ("page", "0"),
    ("page", "x"),
    ("page", "1000001"),
]


def test_every_parameter_has_a_wrong_value_here():
    assert {name for name, _value in WRONG} == set(ProviderFilter.base_filters)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_at_its_field_with_no_results(name, value):
    page = search(**{name: value})
    assert "The Clinic" not in page.words
    assert "Please look at this again" in page.heading(2)
    target = "id_near" if name in ("lat", "lng") else f"id_{name}"
    assert f"#{target}" in [address for _words, address in page.links]
    assert page.html.count(f'id="{target}"') == 1
    assert page.html.count('class="error"') >= 1


@pytest.mark.parametrize("name", ["lat", "lng"])
def test_half_a_point_is_refused(name):
    page = search(**{name: "39.74"})
    assert "Give both the latitude and the longitude." in page.words
    assert "The Clinic" not in page.words


def test_an_error_inside_the_filters_opens_them():
    page = search(setting="moon")
    assert page.has("details", **{"class": "filters", "open": None})
    assert not search().has("details", **{"class": "filters", "open": None})


def test_what_was_typed_is_never_markup():
    page = search(near='"><script>x</script>', q="<b>", route="<i>")
    assert "<script>x" not in page.html
    assert "<b>" not in page.html
    assert "<i>" not in page.html


def test_unknown_parameters_are_ignored():
    assert "The Clinic" in search(colour="blue", near="80202").words


words = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "80202", "Denver", "39.7,-105", "Portland", "1e400", "-0"]),
    st.sampled_from(["yes", "any", "only", "mi", "km", "price", "US-CO", "CAD", "iv"]),
    st.integers(-5, 10**12).map(str),
    st.floats().map(str),
)
questions = st.dictionaries(
    st.sampled_from([*ProviderFilter.base_filters, "other"]),
    words | st.lists(words, max_size=3),
    max_size=6,
)


@settings(max_examples=30)
@given(questions)
def test_no_question_makes_the_page_fail(question):
    assert search(**question).heading(1) == "Search"


# Addresses


class Data(dict):
    """As much of a QueryDict as an address needs."""

    def getlist(self, name):
        return self.get(name, [])


def _counting(name: str, listed: list[str]) -> list[str]:
    return listed if name in (*TABLES, "region", "serves") else listed[-1:]


@given(st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=9), max_size=3)))
def test_an_address_holds_known_parameters_that_are_not_blank(values):
    known = {"near": ["Denver, CO"], "page": ["3"], "route": ["iv", " "]}
    found = pages.query_of(query_string(Data(values | known)))
    assert found == {"near": ["Denver, CO"], "route": ["iv"]} | {
        name: kept
        for name, listed in values.items()
        if name in ProviderFilter.base_filters and name not in known
        if (kept := [value for value in _counting(name, listed) if value.strip()])
    }


@pytest.mark.parametrize("data", [{}, {"near": ["Denver"], "page": ["2"]}])
def test_a_page_of_a_question_is_its_address_and_the_number(data):
    links = Links(Data(data))
    assert links.pages() + "3" == links.to(page=3)


def test_a_change_replaces_and_without_drops():
    data = Data(near=["Denver"], route=["iv", "im"], page=["2"])
    assert query_string(data, route=["iv"]) == "?near=Denver&route=iv"
    assert query_string(data, without=["near", "route"]) == ""
    assert query_string(data, page=3, without=["route"]) == "?near=Denver&page=3"
