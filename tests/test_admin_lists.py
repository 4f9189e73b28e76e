"""The list of listings: its columns, what is chosen in it, and what it costs."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions, geo, vocabulary
from providers.admin.provider_list import ProviderList
from providers.asked import stated_percent
from providers.models import Place, Provider
from providers.places.distant import far_from_postcode
from tests import factories
from tests.listing_page import LIST, names_in

pytestmark = pytest.mark.django_db
keys = count()


@pytest.fixture
def editor(editor, client):
    """Not a superuser: permissions are looked up as well."""
    return client


def listings(number: int) -> None:
    factories.regions()
    factories.source()
    regions = ["US-CO", "US-UT", "CA-AB", "GB-SCT"]
    actions.apply(
        [
            actions.Edit(None, factories.document(region=regions[n % len(regions)]))
            for n in range(number)
        ]
    )


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "query",
    [
        *("", "?q=listing", "?region=US-CO&country=US", "?price=yes&route=iv_infusion"),
        *("?point=far", "?stated=0&o=-8", "?since=2025-01-01"),
    ],
)
def test_the_list_makes_at_most_thirteen_queries_however_long_it_is(editor, query):
    listings(30)
    few = queries_of(editor, LIST + query)
    listings(270)
    many = queries_of(editor, LIST + query)
    assert few == many <= 13


def test_no_list_asks_more_the_longer_it_is(admin):
    names = [
        "fact",
        "offering",
        "priceline",
        "hours",
        "sourcerecord",
        "check",
        "change",
    ]
    many_of_all(3)
    few = {name: queries_of(admin, f"/admin/providers/{name}/") for name in names}
    many_of_all(9)
    many = {name: queries_of(admin, f"/admin/providers/{name}/") for name in names}
    assert few == many
    assert max(many.values()) <= 14


def many_of_all(number: int) -> None:
    hours = {"0|09:00:00": {"closes": "17:00:00", "by_appointment": False}}
    hours["0|09:00:00"] |= {"note_en": "", "note_es": ""}
    for _ in range(number):
        values = {"facts": factories.fact("medicaid"), "hours": hours}
        provider = factories.provider(
            **values, sources={"clinic": [f"key {next(keys)}"]}
        )
        actions.record_check(
            provider=provider,
            group="contact",
            outcome="confirmed",
            method="phone",
            source=factories.source(),
            checked_on=factories.days_ago(1),
        )


def test_the_columns_say_what_an_editor_needs(admin):
    offerings = factories.offering(prices=factories.price(40_000, 50_000))
    offerings |= factories.offering(route="no_medicine")
    factories.provider(
        name="Lumen",
        city="Boulder",
        offerings=offerings,
        contact=factories.checked(0, checked_on="2024-01-01", precision="year"),
    )
    page = admin.get(LIST).content.decode()
    for words in (
        *("Lumen", "Boulder", "US-CO", "IV, therapy only", "$400–$500", "Open"),
        *(">2024<", "The clinic"),
    ):
        assert words in page


def test_a_closed_listing_says_since_when_and_why(admin):
    closed = {"status": "closed", "status_on": "2026-03-03"}
    factories.provider(**closed, status_reason="The owner retired.")
    page = admin.get(LIST).content.decode()
    assert "Closed, March 3, 2026, The owner retired." in page


def asked_and_stated(**columns) -> int:
    """The percent that the list shows for a listing of these columns."""
    provider = factories.provider(**columns)
    found = Provider.objects.annotate(stated=stated_percent())
    return found.get(pk=provider.pk).stated


def test_nothing_stated_is_none_of_what_patients_ask():
    assert asked_and_stated(offerings={}) == 0


def test_each_question_of_patients_counts_once_however_much_is_said_to_it():
    plain = asked_and_stated()  # route, setting, therapy and price of 14
    assert plain == 4 * 100 // len(vocabulary.ASKED)
    codes = list(vocabulary.PAYMENTS)
    said = factories.facts(*(factories.fact(c, topic="payment") for c in codes))
    assert asked_and_stated(facts=said) == 5 * 100 // len(vocabulary.ASKED)


def test_a_no_is_an_answer_and_what_nobody_asks_counts_nothing():
    no = factories.fact("step_free_entry", "no")
    assert asked_and_stated(facts=no) == 5 * 100 // len(vocabulary.ASKED)
    unasked = factories.fact("latex_free")
    assert asked_and_stated(facts=unasked) == 4 * 100 // len(vocabulary.ASKED)


def test_whatever_patients_ask_can_be_stated():
    offerings = factories.offering(prices=factories.price())
    answers = []
    for asked in vocabulary.ASKED:
        if asked.topic:
            codes = asked.codes or list(vocabulary.TOPICS[asked.topic])
            assert set(codes) <= set(vocabulary.TOPICS[asked.topic])
            number = 18 if codes[0] in ("min_age", "wait_days") else None
            answers.append(factories.fact(codes[0], topic=asked.topic, number=number))
    said = factories.facts(*answers)
    assert asked_and_stated(offerings=offerings, facts=said) == 100


def test_the_list_shows_filters_and_sorts_by_what_is_stated(admin):
    factories.provider(name="Half")
    factories.provider(name="Bare", offerings={})
    page = admin.get(LIST + "?stated=0")
    assert names_in(page) == {"Bare"}
    assert ">0 %<" in page.content.decode()
    column = 1 + list(ProviderList.list_display).index("stated")
    for order, first in ((f"-{column}", "Half"), (str(column), "Bare")):
        page = admin.get(f"{LIST}?o={order}")
        assert page.context["cl"].result_list[0].name == first


@pytest.mark.parametrize(
    ("country", "postcode", "at", "is_far"),
    [
        *(("US-CO", "80202", factories.DENVER, False),),
        *(("US-CO", "80202-1234", factories.BOULDER, True),),
        *(("US-CO", "99999", factories.BOULDER, False),),
        *(("CA-AB", "T2P 1J9", factories.CALGARY, False),),
        *(("CA-AB", "t2p", factories.DENVER, True),),
        *(("US-CO", "80202", None, False), ("US-CO", "", factories.BOULDER, False)),
    ],
)
def test_a_point_more_than_25_km_from_its_postcode_is_far(
    country, postcode, at, is_far
):
    provider = factories.provider(region=country, postcode=postcode, at=at)
    for region, code, point in (
        ("US-CO", "80202", factories.DENVER),
        ("CA-AB", "T2P", factories.CALGARY),
    ):
        place = {"kind": "postcode", "name": "Middle", "postcode": code}
        latitude, longitude = point
        Place.objects.create(
            **place,
            country=region[:2],
            region_id=region,
            latitude=latitude,
            longitude=longitude,
        )
    assert far_from_postcode(Provider.objects.all()).exists() == is_far
    start = geo.Point(*factories.DENVER)
    assert geo.distance_km(start, geo.Point(*factories.BOULDER)) > 25
    assert provider.pk


def chosen(action: str, *providers) -> dict:
    return {"action": action, "_selected_action": [p.pk for p in providers]}


@pytest.mark.parametrize("kind", ["listings", "prices"])
def test_chosen_listings_are_exported_as_they_import_again(admin, kind):
    lumen = factories.provider(name="Lumen", city="Boulder", slug="lumen")
    factories.provider(name="Other", slug="other")
    answer = admin.post(LIST, chosen(f"{kind}_csv", lumen))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f"kapfinder-{kind}-" in answer["Content-Disposition"]
    table = answer.content.decode()
    assert "lumen" in table
    assert "other" not in table
    assert admin.post(LIST, chosen(f"{kind}_xlsx", lumen)).content[:2] == b"PK"


def test_samples_are_not_exported_and_that_is_said(admin):
    sample = factories.provider(is_sample=True)
    page = admin.post(LIST, chosen("listings_csv", sample), follow=True)
    assert "1 invented sample was left out." in page.content.decode()


def test_a_listing_without_anything_says_so_in_words(admin):
    factories.provider(offerings={}, contact=None, published=False, at=None)
    page = admin.get(LIST).content.decode()
    for words in (">none<", ">not published<", ">never<"):
        assert words in page
