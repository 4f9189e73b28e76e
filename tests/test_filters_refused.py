"""What each parameter refuses, and what a process keeps of those that were right."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from providers import forms
from providers.filters import INCLUDES, SORTS, ProviderFilter
from tests.factories import days_ago, listing
from tests.questions import ask, found, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_places")]

# --- What each parameter refuses ------------------------------------------------------

REFUSED = {
    "near": ["Xyzzyville", "Portland", "9" * 201],
    "lat": ["91", "-90.1", "x", "NaN", "inf", "1e999"],
    "lng": ["181", "-180.1", "x"],
    "within": ["0", "0.09", "-5", "20001", "x", "NaN"],
    "unit": ["leagues", "MI"],
    "route": ["sniffed", "iv_infusion,im_injection", "not stated!"],
    "setting": ["anywhere"],
    "therapy": ["some"],
    "format": ["crowd"],
    "condition": ["SAD", "sadness"],
    "pay": ["gold"],
    "need": ["min_age", "magic"],
    "language": ["xx"],
    "region": ["US-ZZ", "Narnia", "US;CO"],
    "serves": ["US-ZZ"],
    "accepting": ["no", "true"],
    "max_price": ["-1", "x", "1000001", "NaN"],
    "max_course": ["-1", "x", "1000001", "NaN"],
    "max_total": ["-0.01", "x", "1000001", "NaN", "inf"],
    "rate": ["-0.1", "x", "100.01", "NaN"],
    "driver": ["me", "yes"],
    "fare": ["-1", "x", "100001", "NaN"],
    "nights": ["-1", "1.5", "61", "x", "NaN"],
    "night": ["-1", "x", "100001", "NaN"],
    "currency": ["XXX", "usd"],
    **{f"include_{reason}": ["no", "1"] for reason in INCLUDES},
    "unconfirmed": ["maybe"],
    "country": ["US"],
    "checked_within": ["0", "-1", "1.5", "3651", "x"],
    "q": ["w" * 201],
    "sort": ["paid", "-price"],
    "page": ["0", "-1", "1.5", "x", "501"],
}


def test_every_parameter_refuses_something():
    assert set(REFUSED) == set(ProviderFilter.base_filters)


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in REFUSED.items() for value in values],
)
def test_a_wrong_value_is_refused_at_its_field(name, value):
    query = QueryDict(mutable=True)
    query[name] = value
    if name in ("lat", "lng"):
        query[{"lat": "lng", "lng": "lat"}[name]] = "10"
    asked = ProviderFilter(query)
    assert not asked.is_valid()
    assert set(asked.errors) == {name}


@pytest.mark.parametrize("query", ["lat=39.7", "lng=-105"])
def test_half_a_point_is_refused_at_the_missing_half(query):
    missing = {"lat": "lng", "lng": "lat"}[query[:3]]
    assert set(ask(query).errors) == {missing}


@pytest.mark.parametrize("name", list(ProviderFilter.base_filters))
def test_an_empty_parameter_asks_nothing(name):
    listing("A")
    assert found(f"{name}=") == ["A"]


@pytest.mark.parametrize("name", list(ProviderFilter.base_filters))
def test_a_nul_is_refused_or_asks_nothing_and_never_breaks(name):
    asked = ask(f"{name}=%00")
    assert name in asked.form.errors or list(asked.qs) == []


# --- Any question ---------------------------------------------------------------------


def test_an_unknown_parameter_is_ignored():
    listing("A")
    assert found("utm_source=x&promoted=1") == ["A"]


def test_several_places_of_a_name_are_offered_most_people_first():
    asked = ask("near=Portland")
    assert not asked.is_valid()
    regions = [place.region for place in asked.form.candidates]
    assert regions == ["US-OR", "US-ME", "GB-ENG"]


def test_no_order_can_be_bought():
    told = {"distance", "price", "course", "travel", "checked", "posted", "name"}
    assert set(SORTS) == told


def test_the_question_is_asked_for_today():
    assert search("").on == timezone.localdate() == days_ago(0)
    asked = ProviderFilter(QueryDict(), days_ago(3))
    assert asked.is_valid()
    assert asked.search.on == days_ago(3)


# --- What a process keeps of filters that were right ----------------------------------


@pytest.fixture
def kept():
    forms.kept.clear()
    return forms.kept._values


WORDS = "near=80202&q=lumen&region=US-CO&serves=US-CO&page=3&lat=39.7&lng=-105"


def test_neither_a_place_nor_a_word_is_kept(kept):
    assert ask(f"{WORDS}&within=25&route=iv&need=lift").is_valid()
    assert set(dict(*kept)) == {"within", "route", "need"}
    assert [set(values) for values in kept.values()] == [{"within", "route", "need"}]


def test_kept_filters_mean_the_same_for_another_place_and_words(kept):
    filters = "within=25&unit=km&route=iv&route=oral&max_price=400&unconfirmed=hide"
    for place in ("near=80202&q=lumen", "near=Boulder&q=harbor&page=2", ""):
        once = search(f"{filters}&{place}")
        assert search(f"{filters}&{place}") == once
        forms.kept.clear()
        assert search(f"{filters}&{place}") == once
    assert (once.route, once.max_cents) == (("iv_infusion", "oral"), 40_000)
    assert len(kept) == 1


def test_filters_that_differ_at_all_are_cleaned_anew(kept):
    assert search("route=iv").route == ("iv_infusion",)
    assert search("route=iv&route=oral").route == ("iv_infusion", "oral")
    assert search("setting=clinic").route == ()
    assert search("max_price=400").max_cents == 40_000
    assert search("max_price=401").max_cents == 40_100
    assert len(kept) == 5


@pytest.mark.parametrize("wrong", ["within=x", "within=25&route=nonsense"])
def test_a_wrong_filter_is_refused_each_time_and_not_kept(kept, wrong):
    for _time in range(2):
        assert not ask(f"near=80202&{wrong}").is_valid()
    assert not kept


@pytest.mark.parametrize("asked", ["sort=travel", "max_total=900"])
def test_kept_filters_are_right_only_where_a_place_is_named(kept, asked):
    name = asked.partition("=")[0]
    for _time in range(2):
        assert ask(f"{asked}&near=80202").is_valid()
        assert set(ask(asked).errors) == {name}
        assert set(ask(f"{asked}&near=nowhereland").errors) == {"near"}
    assert len(kept) == 1


def test_a_place_and_a_region_are_looked_up_each_time(kept):
    for place, field in (("near=nowhereland", "near"), ("region=XX-YY", "region")):
        assert ask("within=25").is_valid()
        assert set(ask(f"within=25&{place}").errors) == {field}
