"""Sample listings: plainly invented, everywhere, with every gap, and easily gone."""

import json
import re
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from providers import actions, checks, places, vocabulary
from providers.documents import document, with_everything
from providers.geo import Point
from providers.imports import samples
from providers.imports.samples.making import document as sample_document
from providers.imports.samples.spots import Spot
from providers.models import (
    Change,
    Fact,
    Offering,
    Place,
    PriceLine,
    Provider,
    SourceRecord,
)
from tests import factories
from tests.sample_places import PROVINCES, STATES, gazetteer


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Samples loaded today, once for the tests that only read them."""
    with django_db_blocker.unblock(), transaction.atomic():
        gazetteer()
        call_command("load_courses", stdout=StringIO())
        samples.load(timezone.localdate())
        yield list(with_everything(Provider.objects.order_by("pk")))
        transaction.set_rollback(True)


@pytest.fixture
def listings(loaded, db) -> list[Provider]:
    return loaded


def command(*args: str) -> str:
    said = StringIO()
    call_command("sample", *args, stdout=said)
    return said.getvalue().strip()


# --- What is loaded -------------------------------------------------------------------


def test_there_are_240_of_them_and_each_is_published_as_a_sample(listings):
    assert len(listings) == 240
    assert all(listing.is_sample and listing.published for listing in listings)


def test_they_are_in_every_state_and_in_canada(listings):
    regions = Counter(listing.region_id for listing in listings)
    assert all(regions[f"US-{state}"] >= 2 for state in STATES.split())
    assert sum(regions[f"CA-{province}"] for province in PROVINCES.split()) >= 6


def test_each_is_plainly_invented(listings):
    for listing in listings:
        assert listing.name.startswith("Sample ")
        assert "invented" in listing.about_en
        assert "inventada" in listing.about_es


def test_each_phone_number_is_kept_free_for_fiction(listings):
    phones = [str(listing.phone) for listing in listings]
    assert all(
        re.fullmatch(r"\+1[2-9][0-9]{2}55501[0-9]{2}", phone) for phone in phones
    )
    assert len(set(phones)) == len(phones)


def test_each_phone_number_is_a_valid_one(listings):
    assert all(listing.phone.is_valid() for listing in listings)


def test_every_address_on_the_web_is_at_example_org(listings):
    for listing in listings:
        assert listing.website.startswith("https://example.org/")
        assert listing.email.endswith("@example.org")


def test_each_point_lies_in_the_region_of_its_listing(listings):
    pointed = [listing for listing in listings if listing.point]
    assert len(pointed) > 200
    for listing in pointed:
        assert places.region_of(listing.point) == listing.region_id


def test_points_lie_near_the_towns_and_not_all_in_one_place(listings):
    towns = {place.name: place.point for place in Place.objects.filter(kind="town")}
    pointed = [listing for listing in listings if listing.point]
    for listing in pointed:
        town = towns[listing.city]
        assert abs(listing.latitude - town.latitude) < 0.1
        assert abs(listing.longitude - town.longitude) < 0.1
    assert len({listing.point for listing in pointed}) > 150


def test_more_of_them_are_where_more_people_live(listings):
    places_of = Counter(
        listing.city.split()[0] for listing in listings if listing.point
    )
    assert places_of["City"] > 2 * places_of["Village"] > 0


def test_nobody_is_sent_to_a_place_of_unknown_size(listings):
    assert not any(listing.city == "Nobody counted" for listing in listings)


def test_one_in_alberta_offers_full_kap_priced_in_canadian_dollars(listings):
    albertan = [listing for listing in listings if listing.region_id == "CA-AB"]
    first = albertan[0]
    kap = [offer for offer in first.offerings.all() if offer.therapy == "full_kap"]
    assert first.city == "Calgary"
    assert first.time_zone == "America/Edmonton"
    assert str(first.phone).startswith("+1403")
    assert re.fullmatch(r"T.+ 0X0", first.postcode)
    assert kap
    assert {offer.session_currency for offer in kap} == {"CAD"}


def test_no_canadian_listing_takes_an_american_plan(listings):
    american = {"medicare", "medicaid", "tricare", "hsa_fsa", "superbill", "va_funds"}
    facts = Fact.objects.filter(provider__country="CA", topic="payment")
    assert not american & set(facts.values_list("code", flat=True))
    assert not facts.filter(code="gives_good_faith_estimate").exists()


@pytest.mark.parametrize(
    ("column", "code", "least"),
    [
        ("route", "iv_infusion", 50),
        ("route", "im_injection", 30),
        ("route", "nasal_esketamine", 15),
        ("route", "sublingual", 50),
        ("route", "oral", 5),
        ("route", "sc_injection", 5),
        ("route", "nasal_compounded", 5),
        ("route", "no_medicine", 5),
        ("route", "not_stated", 5),
        ("setting", "in_clinic", 100),
        ("setting", "hospital", 10),
        ("setting", "home_live_video", 10),
        ("setting", "home_unwatched", 5),
        ("setting", "home_visit", 5),
        ("setting", "retreat", 5),
        ("therapy", "full_kap", 80),
        ("therapy", "none", 30),
        ("therapy", "referral", 10),
        ("therapy", "support_only", 5),
        ("therapy", "integration_only", 5),
        ("format", "group", 10),
        ("format", "couple", 10),
    ],
)
def test_there_is_some_of_everything(listings, column, code, least):
    assert Offering.objects.filter(**{column: code}).count() >= least


def test_every_price_has_a_date_a_method_and_the_source_sample(listings):
    lines = PriceLine.objects.select_related("source")
    assert len(lines) > 400
    assert {line.source.code for line in lines} == {"sample"}
    assert all(line.checked_on <= timezone.localdate() for line in lines)


def test_some_prices_are_missing_stale_incomplete_and_disputed(listings):
    today = timezone.localdate()
    priced = Offering.objects.exclude(session_min_cents=None)
    current = priced.filter(session_known_until__gte=today)
    assert current.filter(session_complete=True).count() > 100
    assert current.filter(session_complete=False).exists()
    assert priced.filter(session_known_until__lt=today).count() >= 10
    assert Offering.objects.filter(prices=None).count() >= 30
    assert PriceLine.objects.filter(disputed=True).count() >= 10


def test_some_courses_are_known_whole_some_in_part_and_some_not_at_all(listings):
    known = Offering.objects.exclude(course_min_cents=None)
    routes = {o.route: o.course_complete for o in known.order_by("course_complete")}
    whole = {route for route, is_complete in routes.items() if is_complete}
    assert whole > {"iv_infusion", "im_injection", "sublingual", "nasal_esketamine"}
    assert known.filter(course_complete=True).count() >= 60
    assert known.filter(course_complete=False).count() >= 10
    assert Offering.objects.filter(course_min_cents=None).count() >= 60


def test_prices_are_whole_dollars_with_a_range_or_one_price(listings):
    known = PriceLine.objects.exclude(amount_min_cents=None)
    assert all(line.amount_min_cents % 500 == 0 for line in known)
    assert any(line.amount_min_cents < line.amount_max_cents for line in known)
    assert any(line.amount_min_cents == line.amount_max_cents for line in known)


@pytest.mark.parametrize("answer", ["yes", "no", "partial"])
def test_facts_say_yes_no_and_in_part(listings, answer):
    assert Fact.objects.filter(answer=answer).count() > 50


def test_no_listing_answers_everything(listings):
    asked = set(Fact.objects.filter(topic="access").values_list("code", flat=True))
    for listing in listings:
        stated = {fact.code for fact in listing.facts.all() if fact.topic == "access"}
        assert stated < asked


def test_every_fact_is_one_that_the_vocabulary_knows(listings):
    facts = Fact.objects.all()
    assert [f for f in facts if f.code not in vocabulary.TOPICS[f.topic]] == []
    for fact in facts:
        fact.clean()  # its number too


def test_some_are_reached_only_from_home_and_have_no_point(listings):
    remote = [listing for listing in listings if not listing.point]
    assert len(remote) >= 10
    for listing in remote:
        assert all(offer.serves.exists() for offer in listing.offerings.all())


def test_what_is_given_at_home_says_where(listings):
    for offering in Offering.objects.remote():
        assert offering.serves.exists()


def test_some_are_not_confirmed_and_some_only_by_their_year(listings):
    unconfirmed = Provider.objects.unconfirmed(timezone.localdate()).count()
    assert 30 <= unconfirmed <= 120
    assert Provider.objects.filter(contact_precision="year").count() >= 10


def test_some_are_closed_for_now_and_are_still_listed(listings):
    closed = Provider.objects.filter(status="temporarily_closed")
    assert 1 <= closed.count() <= 5
    assert set(closed) <= set(Provider.objects.listed())


def test_dates_count_back_from_the_day_of_loading():
    today, later = date(2026, 11, 22), date(2028, 2, 3)
    spot = Spot("Denver", "US-CO", "80202", Point(39.7, -105), "+13035550100", "")
    for number in range(1, 24):
        now = sample_document(number, spot, on=today, taken=set())
        then = sample_document(number, spot, on=later, taken=set())
        assert _without_dates(now) == _without_dates(then)
        assert _ages(now, today) == _ages(then, later)


def _without_dates(listing: dict) -> str:
    return re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "", json.dumps(listing))


def _ages(listing: dict, on: date) -> list[int]:
    """How many days before `on` each date is; a year counts in years."""
    dates = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", json.dumps(listing))
    days = [(on - date.fromisoformat(day)).days for day in dates]
    if (listing["contact"] or {})["precision"] == "year":
        days.remove((on - date.fromisoformat(listing["contact"]["checked_on"])).days)
        assert int(listing["contact"]["checked_on"][:4]) == on.year - 1
    return days


def _stored() -> list[dict]:
    return [document(row) for row in with_everything(Provider.objects.order_by("pk"))]


def test_a_second_load_after_a_removal_is_the_same(loaded, db):
    before = _stored()
    actions.remove_samples()
    samples.load(timezone.localdate())
    assert _stored() == before


def test_each_leaves_a_change(listings):
    assert Change.objects.count() == 240


# --- The command ----------------------------------------------------------------------


def test_a_second_run_says_so_and_changes_nothing(loaded, db):
    before = _stored()
    assert command() == "Sample listings are here already."
    assert _stored() == before
    assert Change.objects.count() == 240


def test_removal_leaves_nothing_of_them(loaded, db):
    assert command("--remove") == "240 sample listings removed."
    for model in (Provider, Offering, PriceLine, Fact, SourceRecord, Change):
        assert not model.objects.exists()
    assert command("--remove") == "0 sample listings removed."


def test_removal_leaves_real_listings_alone(loaded, db):
    real = factories.provider()
    command("--remove")
    assert list(Provider.objects.all()) == [real]
    assert real.changes.count() == 1


def test_publishing_a_real_listing_removes_them(loaded, db):
    real = factories.provider(published=False)
    actions.set_published(providers=[real], published=True, by=None)
    assert list(Provider.objects.all()) == [real]


def test_publishing_a_sample_removes_none(loaded, db):
    one = Provider.objects.first()
    actions.set_published(providers=[one], published=True, by=None)
    assert Provider.objects.count() == 240


# --- The check before deployment ------------------------------------------------------


def test_deployment_is_refused_while_samples_are_here(loaded, db):
    assert [error.id for error in checks.no_samples(None)] == ["providers.E001"]


def test_check_deploy_fails_with_a_hint_of_what_to_do(loaded, db):
    with pytest.raises(SystemCheckError, match="sample --remove"):
        call_command("check", "--deploy", "--tag", "listings")


def test_the_check_asks_one_question(loaded, db):
    with CaptureQueriesContext(connection) as captured:
        checks.no_samples(None)
    assert len(captured) == 1
