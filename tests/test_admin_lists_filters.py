"""Each filter of the list of listings finds what it says."""

import pytest

from tests import factories
from tests.listing_page import LIST, names_in

pytestmark = pytest.mark.django_db
EVERYONE = {"Fresh", "Draft", "Stale", "Old"}


@pytest.fixture
def four():
    """Four listings that differ in everything that is filtered."""
    factories.provider(name="Fresh")
    factories.provider(
        name="Draft",
        published=False,
        contact=None,
        at=None,
        region="US-UT",
        offerings={},
    )
    factories.provider(
        name="Stale",
        contact_days=100,
        region="CA-AB",
        status="closed",
        offerings=factories.offering(route="im_injection"),
        point={"latitude": 51.0, "longitude": -114.0, "precision": "postal"},
    )
    factories.provider(
        name="Old",
        is_sample=True,
        contact=factories.checked(200, source="sample"),
        offerings=factories.offering(prices=factories.price(40_000, days=200)),
    )


def test_the_list_finds_what_was_not_checked_since_a_typed_day(admin, four):
    day = factories.days_ago(150)
    page = admin.get(f"{LIST}?since={day}&status__exact=active")
    assert names_in(page) == {"Draft", "Old"}
    html = page.content.decode()
    assert f'name="since" value="{day}"' in html
    assert '<input type="hidden" name="status__exact" value="active">' in html


def test_a_day_that_is_none_is_said_and_filters_nothing(admin, four):
    page = admin.get(LIST + "?since=soon")
    assert names_in(page) == EVERYONE
    assert "Write the day as YYYY-MM-DD." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status__exact=closed", {"Stale"}),
        ("published__exact=0", {"Draft"}),
        ("country=US", {"Fresh", "Draft", "Old"}),
        ("region=CA-AB", {"Stale"}),
        ("country=CA&region=US-UT", set()),
        ("route=im_injection", {"Stale"}),
        ("price=no", {"Draft", "Stale"}),
        ("price=yes", {"Fresh", "Old"}),
        ("point=none", {"Draft"}),
        ("point=postal", {"Stale"}),
        ("point=address", {"Fresh", "Old"}),
        ("checked=90", {"Fresh"}),
        ("checked=not90", {"Draft", "Stale", "Old"}),
        ("checked=not180", {"Draft", "Old"}),
        ("checked=never", {"Draft"}),
        ("sample=yes", {"Old"}),
        ("sample=no", {"Fresh", "Draft", "Stale"}),
        ("route=im_injection&checked=not90&country=CA", {"Stale"}),
        # A word that no filter offers filters nothing, as Django's own do.
        *((f"{name}=nonsense", None) for name in ("price", "checked", "sample")),
    ],
)
def test_each_filter_finds_what_it_says(admin, four, query, found):
    page = admin.get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert names_in(page) == (EVERYONE if found is None else found)


@pytest.mark.parametrize("query", ["route=x", "point=x", "country=x", "region=x"])
def test_an_unknown_code_in_a_filter_finds_nothing(admin, four, query):
    assert names_in(admin.get(f"{LIST}?{query}")) == set()


def test_the_source_filter_offers_sources_in_use(admin, four):
    page = admin.get(LIST).content.decode()
    assert "Invented sample listings" in page
    assert "SAMHSA" not in page


def test_regions_are_offered_where_listings_are(admin, four):
    choices = {spec.title: spec for spec in admin.get(LIST).context["cl"].filter_specs}
    assert [c for c, _label in choices["state or province"].lookup_choices] == [
        *("CA-AB", "US-CO", "US-UT")
    ]
    page = admin.get(f"{LIST}?country=US")
    choices = {spec.title: spec for spec in page.context["cl"].filter_specs}
    assert [c for c, _label in choices["state or province"].lookup_choices] == [
        *("US-CO", "US-UT")
    ]
