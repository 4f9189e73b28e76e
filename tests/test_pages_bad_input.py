"""Whatever stands in a search page's address is refused at its field or means nothing,
and never makes the page slow."""

from time import perf_counter
from urllib.parse import urlencode

import pytest
from django.test import Client

from providers.filters import ProviderFilter
from providers.forms import MOST_VALUES
from providers.search import live
from providers.search.index import Index
from tests import factories as f
from tests import pages
from tests.pages import Page, search

pytestmark = [pytest.mark.usefixtures("clinic"), pytest.mark.any_database]

LONGEST_S = 2.0  # of a busy machine; a slow search would take minutes


@pytest.fixture(scope="module")
def clinic(gazetteer):
    f.provider(name="The Clinic")
    search()  # builds the index


REFUSED = {
    "q": ["x" * 60_000, "ab " * 20_000, "é" * 30_000],
    "near": ["9" * 60_000, "Denver " * 8_000, "NaN, NaN", "91, 0", "inf,inf"],
    "lat": ["NaN", "nan", "Infinity", "-inf", "1e400", "91", "9" * 50_000],
    "lng": ["NaN", "sNaN", "+Infinity", "1e400", "180.0001"],
    "within": ["0", "-0", "1e9", "1e999999999", "NaN", "Infinity", "0.0999"],
    "max_price": ["1e9", "NaN", "-0.01", "1e999999999"],
    "max_total": ["1e9", "NaN", "-0.01", "1e999999999"],
    "rate": ["1e9", "NaN", "-inf", "1e999999999"],
    "nights": ["1e9", "NaN", "1e-3", "9" * 50_000],
    "page": ["1000000000", "1e9", "-1", "0", "NaN", "1.5", "9" * 50_000],
    "checked_within": ["1e9", "NaN", "0"],
    "region": ["US-CO;DROP", "x" * 60_000, "\x00"],
}
CASES = [(name, value) for name, values in REFUSED.items() for value in values]


@pytest.fixture
def asked(monkeypatch) -> list:
    """The questions that reached the search."""
    reached = []
    monkeypatch.setattr(
        Index, "answer", lambda _self, asked, **_how: reached.append(asked)
    )
    return reached


@pytest.mark.parametrize(
    ("name", "value"), CASES, ids=[f"{name}-{value[:12]}" for name, value in CASES]
)
def test_it_is_refused_at_its_field_before_any_search(name, value, asked):
    query = {name: value}
    if name in ("lat", "lng"):
        query |= {"lat": "39.7", "lng": "-105"} | query
    began = perf_counter()
    page = search(**query)
    assert perf_counter() - began < LONGEST_S
    target = "id_near" if name in ("lat", "lng") else f"id_{name}"
    assert f"#{target}" in [address for _words, address in page.links]
    assert "The Clinic" not in page.words
    assert asked == []


def test_a_page_far_past_the_last_is_refused_at_its_field():
    page = search(page="500")
    assert "There is no page 500 of this answer." in page.words
    assert "The Clinic" not in page.words


SEVERAL = ["route", "setting", "therapy", "format", "condition", "pay", "need"]
SEVERAL += ["language", "region", "serves"]


@pytest.mark.parametrize("name", SEVERAL)
def test_more_values_than_a_person_would_choose_are_refused_at_the_field(name, asked):
    values = ["iv" if name == "route" else "US-CO"] * 500
    began = perf_counter()
    page = search(**{name: values})
    assert perf_counter() - began < LONGEST_S
    assert f"Choose at most {MOST_VALUES} at once." in page.words
    assert f"#id_{name}" in [address for _words, address in page.links]
    assert asked == []


@pytest.mark.parametrize("name", sorted(set(ProviderFilter.base_filters) - {*SEVERAL}))
def test_of_a_parameter_with_one_value_the_last_counts_and_goes_on_alone(name):
    right = {"lat": "39.7", "lng": "-105", "unit": "km", "near": "80202"}
    values = [*map(str, range(500)), right.get(name, "2")]
    response = Client().get("/search/", {name: values})
    page = Page(response.content.decode())
    for _words, address in page.links:
        assert len(pages.query_of(address).get(name, [])) <= 1
    assert len(response.content) < 200_000


def test_every_need_at_once_is_no_wrong_question():
    asked = ProviderFilter.base_filters["need"].extra["codes"]
    page = search(need=list(asked))
    assert page.heading(2) == "No results"


def test_five_hundred_unknown_parameters_mean_nothing():
    query = {f"p{n}": "x" for n in range(500)}
    assert "The Clinic" in search(**query).words
    assert "p1=" not in search(**query).html


def test_more_parameters_than_the_server_reads_are_a_bad_request():
    query = urlencode([("route", "iv")] * 5_001)
    assert Client().get(f"/search/?{query}").status_code == 400


def test_an_index_is_left_as_it_was():
    before = live.current()
    search(q="x" * 60_000)
    assert live.current() is before
