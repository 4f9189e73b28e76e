"""The numbers on the admin's first page, and where each leads."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.models import Conflict, CrisisLine, ImportRun, RegionalEditor
from tests import factories
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def log_in(client, group: str, *regions: str) -> User:
    person = User.objects.create_user(group, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    for region in regions:
        RegionalEditor.objects.create(user=person, region_id=region)
    client.force_login(person)
    return person


def first_page(client) -> Page:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def conflict(provider) -> None:
    run = ImportRun.objects.create(importer="listings", file_name="x.csv")
    for path in ("phone", "email"):
        Conflict.objects.create(provider=provider, run=run, path=path)


@pytest.fixture
def listings():
    """Two in Colorado, one in Utah, a draft; each with something that waits."""
    fresh = factories.provider()
    old_price = factories.offering(prices=factories.price(days=91))
    old = factories.provider(region="US-UT", contact_days=120, offerings=old_price)
    factories.provider(published=False)
    for provider in (fresh, old):
        actions.report_problem(provider=provider, group="contact", text="Wrong.")
        conflict(provider)


def test_every_number_says_what_it_counts_and_leads_to_its_list(client, listings):
    log_in(client, "managers")
    page = first_page(client)
    admin = "/admin/providers/provider/"
    for words, address in {
        "2 listings to check": f"{admin}queue/",
        "2 open reports": f"{admin}reports/",
        "2 import runs with open conflicts": "/admin/providers/conflict/",
        "1 prices not checked for 90 days": "/admin/providers/priceline/?checked=not90"
        "&superseded_on__isnull=True",
        "1 drafts that could be published": f"{admin}?published__exact=0",
    }.items():
        assert page.link(words) == address
        assert client.get(address).status_code == 200
    assert "All 2 50% 100% 50% 0% 0%" in page.words
    assert page.link("Utah") == f"{admin}queue/?region=US-UT"


def test_overdue_records_are_counted_for_those_who_keep_them(client):
    factories.regions()
    known = {"source_title": "x", "checked_on": factories.days_ago(99), "call": "1"}
    CrisisLine.objects.create(
        region_id="US", name_en="Line", review_by=factories.days_ago(9), **known
    )
    log_in(client, "managers")
    address = first_page(client).link("1 crisis lines past their review")
    assert client.get(address).status_code == 200
    assert "0 regulation notes past their review" in first_page(client).words
    log_in(client, "editors")
    assert "crisis lines past" not in first_page(client).words


def test_a_regional_editor_sees_the_numbers_of_the_region(client, listings):
    log_in(client, "managers")
    first_page(client)
    log_in(client, "regional editors", "US-UT")
    words = first_page(client).words
    assert "All 1 0% 100% 0% 0% 0%" in words
    assert "Colorado" not in words
    for number in ("1 listings to check", "1 open reports", "1 import runs"):
        assert number in words
    log_in(client, "editors")
    assert "All 2 50%" in first_page(client).words


def test_without_listings_it_says_so_and_shows_no_share(client):
    log_in(client, "editors")
    page = first_page(client)
    assert "No listing is published yet." in page.words
    assert "0%" not in page.words


def test_who_keeps_no_listings_sees_no_numbers(client):
    client.force_login(User.objects.create_user("x", is_staff=True))
    assert "listings to check" not in first_page(client).words


def test_it_makes_the_same_queries_however_many_listings_there_are(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            first_page(client)
        return len(made)

    log_in(client, "managers")
    factories.provider()
    few = queries()
    for _n in range(8):
        conflict(factories.provider(region="US-UT", contact_days=200))
    assert queries() == few <= 30
