"""What a process keeps of a page: drawn cards, and the ETag by which a browser asks."""

from copy import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from providers import actions, crisis, remembered
from providers.models import CrisisLine, Provider, Region, Source
from providers.search import listings
from providers.views import fragments
from providers.views.search_form import blank
from tests import factories as f
from tests.pages import Page, put_many

pytestmark = pytest.mark.usefixtures("scratch")

ASKED = {"near": "80202", "within": "25", "max_price": "500"}


def get(path="/search/", query=None, **headers):
    return Client().get(path, ASKED if query is None else query, headers=headers)


def etag(path="/search/", query=None, **headers) -> str:
    return get(path, query, **headers)["ETag"]


def again(tag: str, **headers):
    return get(**headers | {"if-none-match": tag})


@pytest.fixture
def clinic() -> Provider:
    return f.provider(name="The Clinic", slug="the-clinic", facts=f.fact("medicare"))


# The ETag


def test_a_page_that_would_be_the_same_is_not_sent_again(clinic):
    response = again(etag())
    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "private, no-cache"
    assert "HX-Request" in response["Vary"]
    assert response["X-Robots-Tag"] == "noindex"


def test_a_304_asks_for_the_version_alone(clinic, django_assert_num_queries):
    tag = etag()
    with django_assert_num_queries(1):
        assert again(tag).status_code == 304


def test_the_tag_is_that_of_the_question_however_it_is_written(clinic):
    same = {"max_price": "500", "within": "25", "near": "80202", "q": "", "utm": "x"}
    assert etag(query=same) == etag()


@pytest.mark.parametrize(
    "other",
    [{"near": "80203"}, {"page": "2"}, {"route": "iv"}, {"lat": "39.74"}],
)
def test_another_question_has_another_tag(clinic, other):
    assert etag(query=ASKED | other) != etag()


def test_language_and_htmx_have_tags_of_their_own(clinic):
    tags = {etag(), etag("/es/search/"), etag(**{"hx-request": "true"})}
    assert len(tags) == 3


def test_a_tag_cannot_be_guessed_without_the_sites_key(clinic, settings):
    before = etag()
    settings.SECRET_KEY = "another"
    assert etag() != before
    assert "80202" not in before
    assert len(before) == 34


def test_a_wrong_question_has_a_tag_too(clinic):
    response = get(query={"near": "nowhere"})
    assert again(response["ETag"]).status_code == 200
    tag = {"if-none-match": response["ETag"]}
    assert get(query={"near": "nowhere"}, **tag).status_code == 304


def edit(**columns) -> None:
    document = f.document(name="The Clinic", slug="the-clinic") | columns
    actions.apply_one(document, Provider.objects.get(slug="the-clinic"))


def crisis_line() -> None:
    line = copy(crisis.packaged_for("US")[0])
    line.region = Region.objects.get(pk="US")
    CrisisLine.objects.bulk_create([line])


WRITES = {
    "a listing": lambda: edit(name="Renamed"),
    "a new listing": lambda: f.provider(name="Another"),
    "a crisis line": crisis_line,
    "a region": lambda: Region.objects.filter(pk="US-CO").update(name_en="Kolorado"),
    "a source": lambda: Source.objects.filter(code="clinic").update(publisher="Them"),
}


@pytest.mark.parametrize("what", WRITES)
def test_after_a_write_of_anything_shown_the_page_is_sent_anew(what, clinic):
    tag = etag()
    WRITES[what]()
    assert again(tag).status_code == 200


def test_what_is_written_stands_on_the_next_page(clinic):
    assert "The Clinic" in get().content.decode()
    WRITES["a source"]()
    assert "Phone call · Them" in Page(get().content.decode()).words
    WRITES["a region"]()
    assert "Kolorado" in Page(get().content.decode()).words
    edit(name="Renamed")
    assert "The Clinic" not in get().content.decode()


# The date


@pytest.fixture
def days_on(monkeypatch):
    """Move the site's clock to so many days after today; nothing is written."""
    today = timezone.localdate()

    def move(days: int) -> None:
        monkeypatch.setattr(
            timezone, "localdate", lambda *_args: today + timedelta(days=days)
        )

    return move


@pytest.mark.parametrize(
    ("query", "last_day", "before", "after"),
    [
        (ASKED, 80, "1 result", "No results"),  # the price was checked 10 days ago
        ({"unconfirmed": "hide"}, 170, "1 result", "No results"),
        ({"unconfirmed": "only"}, 170, "No results", "1 result"),
    ],
)
def test_the_clock_alone_changes_filters_totals_and_the_304(
    clinic, days_on, query, last_day, before, after
):
    tags = set()
    for day, expected in ((last_day, before), (last_day + 1, after)):
        days_on(day)
        response = get(query=query)
        assert Page(response.content.decode()).heading(2).startswith(expected)
        tags.add(response["ETag"])
        kept = {"if-none-match": response["ETag"]}
        assert get(query=query, **kept).status_code == 304
    assert len(tags) == 2


def test_a_kept_card_ages_with_the_clock(clinic, days_on):
    question = {"near": "80202", "within": "25"}
    days_on(170)
    assert "Last checked on" in get(query=question).content.decode()
    days_on(171)
    page = get(query=question).content.decode()
    assert "not confirmed since, call first" in page


# Drawn cards


@pytest.fixture
def read(monkeypatch) -> list[set[int]]:
    """The listings that pages read, page by page."""
    asked = []

    def counted(keys, search):
        asked.append(set(keys))
        return listings.read(keys, search)

    fragments.kept.clear()
    monkeypatch.setattr(fragments, "read", counted)
    return asked


def test_only_listings_that_changed_are_read_again(read):
    put_many(3)
    get()
    first = Provider.objects.order_by("pk").first()
    Provider.objects.filter(pk=first.pk).update(name="Renamed")
    assert "Renamed" in get().content.decode()
    assert [len(keys) for keys in read] == [3, 1]


def test_a_card_serves_questions_from_any_place(read, clinic):
    near = get(query={"near": "80202", "within": "50"}).content.decode()
    far = get(query={"near": "Boulder", "within": "50"}).content.decode()
    assert "0.9 miles away" in near
    assert "24 miles away" in far
    assert [len(keys) for keys in read] == [1, 0]


def test_a_card_is_drawn_anew_for_what_else_it_is_asked(read, clinic):
    for asked in ({"need": "lift", "include_not_stated": "yes"}, {"pay": "medicare"}):
        get(query=asked)
    get("/es/search/", query={"pay": "medicare"})
    assert [len(keys) for keys in read] == [1, 1, 1]


def test_no_place_and_no_word_is_in_a_key(read, clinic):
    get(query={"near": "80202", "q": "clinic", "within": "77", "region": "US-CO"})
    kept = repr(list(fragments.kept._values))
    for private in ("80202", "39.7", "Denver", "clinic", "US-CO", "77", "123.9"):
        assert private not in kept


def test_no_more_cards_are_kept_than_said():
    recent = fragments.Recent(2)
    for key in "abac":
        recent.put(key, key)
    assert [recent.get(key) for key in "abc"] == ["a", None, "c"]


def test_what_is_known_of_some_keys_is_used():
    recent = fragments.Recent(2)
    for key in "ab":
        recent.put(key, key)
    assert recent.known({1: "x", 2: "a"}) == {2: "a"}
    recent.put("c", "c")
    assert recent.known({1: "a", 2: "b", 3: "c"}) == {1: "a", 3: "c"}


# Remembered tables


def test_what_a_function_gave_is_remembered_at_its_version_only():
    calls = []
    known = remembered.until_changed(lambda country: calls.append(country) or country)
    for version in (1, 1, 2, None):
        with remembered.at(version):
            known("US")
    known("US")
    assert len(calls) == 4
    with remembered.at(2):
        known("CA")
    assert calls[-1] == "CA"


def test_an_edit_of_a_listing_leaves_what_others_gave():
    calls = []
    known = remembered.until_others_change(lambda: calls.append(1))
    for version, others in ((1, 1), (2, 1), (3, 2)):
        with remembered.at(version, others):
            known()
    assert len(calls) == 2
    with remembered.at(3):
        known()
    assert len(calls) == 3


PAGES = ("/search/", "/budget/", "/compare/", "/providers/the-clinic/")


@pytest.mark.parametrize("path", PAGES)
def test_after_an_edit_of_a_listing_no_page_reads_all_places(path, clinic):
    put_many(8)  # fewer would be read anew, all of them
    asked = {"lat": "39.75", "lng": "-104.99", "amount": "900"}
    get(path, asked)
    clinic.save()
    with CaptureQueriesContext(connection) as queries:
        assert get(path, asked).status_code == 200
    of_places = [q["sql"] for q in queries if "providers_place" in q["sql"]]
    assert [sql for sql in of_places if "WHERE" not in sql] == []


def test_the_form_is_drawn_anew_only_when_its_words_change(clinic):
    get()
    drawn = blank._drawn.cache_info().misses
    Source.objects.update(name="The clinic itself")
    get()
    assert blank._drawn.cache_info().misses == drawn
    Region.objects.filter(pk="US-UT").update(name_en="Deseret")
    assert "Deseret" in get().content.decode()
    assert blank._drawn.cache_info().misses == drawn + 1
