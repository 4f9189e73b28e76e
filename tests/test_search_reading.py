"""The plain rows of which an index is made, read as the tables have them."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from providers import vocabulary
from providers.models import Fact, Offering, Provider, Source
from providers.search import reading
from providers.search.index.rows import Amount, Row
from tests import factories

pytestmark = pytest.mark.django_db
COLUMNS = ("country", "latitude", "longitude", "x_km", "y_km", "z_km")


@pytest.fixture(autouse=True)
def _regions(db):
    factories.regions()
    factories.source()


def row_of(provider: Provider) -> Row:
    (row,) = reading.rows([provider.pk])
    return row


def stating(*statements) -> Row:
    return row_of(factories.provider(facts=factories.facts(*statements)))


def test_a_row_has_the_columns_of_its_listing_to_the_last_bit():
    provider = factories.provider(name="São José's", at=factories.DENVER)
    provider.refresh_from_db()
    row = row_of(provider)
    assert (row.pk, row.name) == (provider.pk, "sao joses")
    for column in COLUMNS:
        assert getattr(row, column) == getattr(provider, column), column
    assert row.checked_on == provider.contact_checked_on.toordinal()
    assert row.confirming is True


def test_a_listing_without_point_offering_or_fact_is_a_row():
    row = row_of(factories.provider(at=None, offerings={}))
    assert row[4:9] == (None,) * 5
    assert (row.met, row.denied, row.offers) == ((), (), ())


def test_a_row_has_every_region_that_holds_its_address():
    irish = factories.provider(region="IE")
    assert row_of(irish).regions == ("IE", "EU", "001")
    assert row_of(factories.provider()).regions == ("US-CO", "US", "001")


@pytest.mark.parametrize("method", vocabulary.METHODS)
def test_a_method_confirms_as_the_vocabulary_says(method):
    provider = factories.provider(contact=factories.checked(5, method=method))
    assert row_of(provider).confirming is (method in vocabulary.CONFIRMING_METHODS)


def test_only_what_a_search_may_show_is_read_in_the_order_of_the_keys():
    shown = [
        factories.provider(),
        factories.provider(status="temporarily_closed"),
        factories.provider(),
    ]
    factories.provider(published=False)
    factories.provider(status="closed")
    keys = [provider.pk for provider in shown]
    assert [row.pk for row in reading.rows()] == keys
    everybody = list(Provider.objects.values_list("pk", flat=True))
    assert [row.pk for row in reading.rows([*everybody, 10**9])] == keys
    assert [row.pk for row in reading.rows({keys[2], keys[0]})] == [keys[0], keys[2]]
    assert list(reading.rows([])) == []


def test_any_number_of_listings_can_be_named(monkeypatch):
    keys = [factories.provider().pk for _ in range(5)]
    monkeypatch.setattr(reading, "MOST_KEYS", 2)
    assert list(reading.rows(keys)) == list(reading.rows())


def test_streams_of_many_rows_are_merged_without_a_gap(monkeypatch):
    for code in ("lift", "hearing_loop"):
        factories.provider(facts=factories.fact(code))
        factories.provider(offerings={})
        factories.provider(published=False, facts=factories.fact(code))
    prices = factories.price(30_000) | factories.price(9_000, kind="consult")
    oral = factories.offering("oral", prices=prices)
    factories.provider(offerings=oral | factories.offering(prices=prices))
    whole = list(reading.rows())
    assert len(whole[-1].offers) == 2
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    monkeypatch.setattr(reading, "KEYS_AT_ONCE", 1)
    assert list(reading.rows()) == whole
    assert [row for key in whole for row in reading.rows([key.pk])] == whole


# --- Offerings ------------------------------------------------------------------------


def test_offers_come_in_the_order_of_their_keys_with_their_four_parts():
    provider = factories.provider(offerings={})
    routes = ["sublingual", "iv_infusion", "oral"]
    for route in routes:
        known = {"checked_on": factories.days_ago(1), "method": "phone"}
        known["source"] = Source.objects.get(code="clinic")
        Offering.objects.create(provider=provider, route=route, **known)
    row = row_of(provider)
    assert [offer.route for offer in row.offers] == routes
    assert row.offers[0][1:4] == ("not_stated",) * 3


@pytest.mark.parametrize("setting", vocabulary.SETTINGS)
def test_an_offer_serves_regions_only_where_it_is_taken_at_home(setting):
    offered = factories.offering("oral", setting, serves=("US-UT", "CA-AB"))
    (offer,) = row_of(factories.provider(offerings=offered)).offers
    is_remote = setting in vocabulary.REMOTE_SETTINGS
    assert offer.serves == (("CA-AB", "US-UT") if is_remote else ())


def test_each_offer_has_its_own_regions_and_amounts_however_few_come_at_once(
    monkeypatch,
):
    prices = factories.price(30_000)
    factories.provider(
        offerings=factories.offering("oral", "home_visit", serves=("US-UT", "CA-AB"))
        | factories.offering("oral", "in_clinic", prices=prices, serves=("US-CO",))
        | factories.offering("rectal", prices=factories.price(None, 50_000))
    )
    factories.provider(
        offerings=factories.offering("oral", "home_unwatched", serves=("US-UT",))
    )
    rows = list(reading.rows())
    offers = [offer for row in rows for offer in row.offers]
    served = [offer.serves for offer in offers]
    assert served == [("CA-AB", "US-UT"), (), (), ("US-UT",)]
    lows = [offer.session and offer.session.low_cents for offer in offers]
    assert lows == [None, 30_000, None, None]
    monkeypatch.setattr(reading, "KEYS_AT_ONCE", 1)
    assert list(reading.rows()) == rows


def test_an_amount_is_read_whole():
    provider = factories.provider()
    offering = provider.offerings.get()
    until = date(2026, 12, 31)
    amounts = {"session": 40_000, "course": 250_000}
    for name, cents in amounts.items():
        values = {"min_cents": cents, "max_cents": None, "currency": "CAD"}
        values |= {"complete": name == "session", "known_until": until}
        columns = {f"{name}_{column}": value for column, value in values.items()}
        Offering.objects.filter(pk=offering.pk).update(**columns)
    (offer,) = row_of(provider).offers
    assert offer.session == Amount(40_000, "CAD", True, until.toordinal())
    assert offer.course == Amount(250_000, "CAD", False, until.toordinal())


def test_an_amount_without_a_low_end_is_none_and_a_free_one_is_one():
    upper = factories.offering(prices=factories.price(None, 50_000))
    assert row_of(factories.provider(offerings=upper)).offers[0].session is None
    free = factories.offering(prices=factories.price(0))
    assert row_of(factories.provider(offerings=free)).offers[0].session.low_cents == 0


# --- Facts ----------------------------------------------------------------------------


@pytest.mark.parametrize("answer", vocabulary.ANSWERS)
@pytest.mark.parametrize(
    ("topic", "code", "option"),
    [
        ("condition", "ptsd", "condition/ptsd"),
        ("payment", "medicaid", "pay/medicaid"),
        ("language", "es", "language/es"),
        ("access", "lift", "need/lift"),
    ],
)
def test_a_help_is_met_by_yes_and_by_partly(topic, code, option, answer):
    row = stating(factories.fact(code, answer, topic=topic))
    assert row.met == ((option,) if answer in ("yes", "partial") else ())
    assert row.denied == ((option,) if answer == "no" else ())


@pytest.mark.parametrize("answer", vocabulary.ANSWERS)
def test_a_requirement_is_met_by_a_plain_no_alone(answer):
    row = stating(factories.fact("driver_must_stay", answer))
    option = ("need/driver_must_stay",)
    assert (row.met, row.denied) == ((option, ()) if answer == "no" else ((), option))


def test_every_need_is_read():
    topics = {code: vocabulary.topic_of(code) for code in vocabulary.NEEDS}
    row = stating(*(factories.fact(c, "yes", topic=t) for c, t in topics.items()))
    assert {*row.met, *row.denied} == {f"need/{code}" for code in topics}


YES, WAITLIST = "accepting/yes", "accepting/waitlist"


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ({"accepting": "yes"}, {YES, WAITLIST}),
        ({"accepting": "partial"}, {YES, WAITLIST}),
        ({"accepting": "no"}, set()),
        ({"waitlist": "yes"}, {WAITLIST}),
        ({"waitlist": "no"}, set()),
        ({"existing_only": "yes"}, set()),
        ({"accepting": "no", "waitlist": "yes"}, {WAITLIST}),
        ({"accepting": "yes", "waitlist": "yes"}, {YES, WAITLIST}),
        ({"accepting": "yes", "waitlist": "no"}, {YES, WAITLIST}),
        ({"a code of before": "yes"}, set()),
    ],
)
def test_who_says_anything_of_new_patients_denies_what_it_does_not_meet(answers, met):
    facts = [factories.fact(c, a, topic="new_patients") for c, a in answers.items()]
    row = stating(*facts)
    assert set(row.met) == met
    assert set(row.denied) == {YES, WAITLIST} - met
    assert len(row.met) + len(row.denied) == 2


def test_what_no_filter_asks_for_is_left_out():
    row = stating(
        factories.fact("psychiatrist", topic="clinician"),
        factories.fact("a code of before", topic="condition"),
    )
    assert (row.met, row.denied) == ((), ())


def test_a_code_says_nothing_under_another_topic():
    row = stating(
        factories.fact("es", topic="condition"),
        factories.fact("lift", topic="payment"),
        factories.fact("accepting", topic="access"),
    )
    assert (row.met, row.denied) == ((), ())


# --- Queries --------------------------------------------------------------------------


def test_any_number_of_listings_takes_as_few_queries(django_assert_num_queries):
    keys = [factories.provider(facts=factories.fact("lift")).pk for _ in range(9)]
    with django_assert_num_queries(7):
        assert len(list(reading.rows())) == 9
    with django_assert_num_queries(5):
        assert len(list(reading.rows(keys))) == 9


def test_of_listings_that_are_gone_nothing_else_is_asked(django_assert_num_queries):
    hidden = factories.provider(published=False, facts=factories.fact("lift"))
    with django_assert_num_queries(1):
        assert list(reading.rows([hidden.pk, 10**9])) == []


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_takes_no_lock_and_ends_with_its_block():
    factories.regions()
    with reading.snapshot():
        assert list(reading.rows()) == []
        assert not connection.in_atomic_block
    with pytest.raises(ZeroDivisionError), reading.snapshot():
        raise ZeroDivisionError
    factories.provider()
    with transaction.atomic(), reading.snapshot():
        assert len(list(reading.rows())) == 1


def test_a_row_is_what_the_models_say():
    """Against a reading of each listing by its own relations."""
    factories.provider(
        facts=factories.facts(
            factories.fact("ptsd"), factories.fact("lift", "no"), factories.fact("es")
        ),
        offerings=factories.offering(prices=factories.price(30_000))
        | factories.offering("oral", "home_unwatched", serves=("US-CO",)),
    )
    factories.provider(region="CA-AB", at=None, contact_days=400)
    for row in reading.rows():
        provider = Provider.objects.get(pk=row.pk)
        facts: QuerySet[Fact] = provider.facts.exclude(answer="no")
        assert {o.partition("/")[2] for o in row.met} == {f.code for f in facts}
        stored = provider.offerings.order_by("pk")
        for offer, offering in zip(row.offers, stored, strict=True):
            assert offer.route == offering.route
            assert set(offer.serves) == {r.pk for r in offering.serves.all()}
            cents = offer.session and offer.session.low_cents
            assert cents == offering.session_min_cents
        days = timedelta(date.today().toordinal() - row.checked_on)
        assert days.days in (10, 400, 11, 401)
