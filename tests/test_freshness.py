"""The shares that were confirmed lately, and the page that shows them."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from providers import actions, vocabulary
from providers.freshness import freshness, known_freshness
from providers.models import Provider
from tests import factories
from tests.pages import visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def confirmed(**columns) -> set[str]:
    """The groups that count as confirmed of one listing made so."""
    Provider.objects.all().delete()
    factories.provider(**columns)
    share = freshness(Provider.objects.all(), timezone.localdate()).whole
    assert share.listings == 1
    return {group for group, count in share.confirmed.items() if count}


def nothing(**columns):
    return {"offerings": {}, "contact_days": 200} | columns


@pytest.mark.parametrize(
    ("days", "method", "is_confirmed"),
    [
        *((90, "phone", True), (91, "phone", False), (0, "website", False)),
        *((5, "clinic_form", True), (5, "official_registry", True)),
        (5, "visitor_report", False),
    ],
)
def test_a_group_counts_for_ninety_days_and_by_a_confirming_method(
    days, method, is_confirmed
):
    contact = factories.checked(days, method=method)
    row = {"days": days, "method": method}
    prices = factories.price(days=days, method=method)
    answers = [
        *(factories.fact(code, **row) for code in ("step_free_entry", "psychiatrist")),
    ]
    found = confirmed(
        contact=contact,
        offerings=factories.offering(prices=prices, **row),
        facts=factories.facts(*answers),
    )
    assert found == (set(vocabulary.CHECK_GROUPS) if is_confirmed else set())


@pytest.mark.parametrize(
    ("code", "group"),
    [
        *(("mdd_si", "services"), ("medicaid", "prices"), ("adults", "access")),
        *(("psychiatrist", "licences"), ("acls_staff", "services")),
    ],
)
def test_one_fact_speaks_for_its_group_alone(code, group):
    assert confirmed(**nothing(facts=factories.fact(code))) == {group}


def test_taking_new_patients_says_nothing_of_the_number():
    assert confirmed(**nothing(facts=factories.fact("accepting"))) == set()


def test_a_superseded_price_confirms_nothing():
    past = factories.price(superseded_on=factories.days_ago(3).isoformat())
    stale = factories.offering(days=200, prices=past)
    assert confirmed(**nothing(offerings=stale)) == set()


def test_shares_are_counted_by_region_of_what_a_search_shows():
    factories.provider(contact_days=200)
    for _n in range(2):
        factories.provider()
    factories.provider(region="US-UT")
    factories.provider(published=False)
    factories.provider(status="closed", status_on=factories.days_ago(1).isoformat())
    found = freshness(Provider.objects.all(), timezone.localdate())
    assert [(s.region, s.listings) for s in found.by_region] == [
        ("US-CO", 3),
        ("US-UT", 1),
    ]
    assert found.by_region[0].percents[0] == 66
    assert found.whole.confirmed["contact"] == 3
    assert found.whole.confirmed["licences"] == 0


def test_it_is_counted_anew_after_a_change_and_not_before(
    django_assert_num_queries,
):
    provider = factories.provider(contact_days=200)
    with django_assert_num_queries(7):
        first = known_freshness(Provider.objects.all())
    with django_assert_num_queries(1):
        assert known_freshness(Provider.objects.all()) == first
    actions.record_check(
        provider=provider,
        group="contact",
        outcome="confirmed",
        method="phone",
        source=factories.source(),
        checked_on=timezone.localdate(),
    )
    assert known_freshness(Provider.objects.all()).whole.confirmed["contact"] == 1


def test_the_page_shows_the_same_shares_in_one_table_and_when_they_were_counted():
    factories.provider(contact_days=200)
    factories.provider()
    factories.provider(region="CA-AB")
    page = visit("/about/freshness/")
    assert ": 3 listings." in page.words
    assert "Everywhere 3 66% 100% 100% 0% 0%" in page.words
    assert "Canada: Alberta 1 100%" in page.words
    assert page.words.index("Canada: Alberta") < page.words.index("Colorado")
    assert page.has("caption", id="shares")
    assert visit("/about/").link("How much of the directory").endswith("/freshness/")


def test_without_listings_the_page_says_so():
    page = visit("/about/freshness/")
    assert "No listings yet" in page.words
    assert not page.has("table")
