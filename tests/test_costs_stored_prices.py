"""One price that an editor writes changes totals and search at once."""

import pytest

from providers.filters import ProviderFilter
from providers.models import Provider
from providers.question import Search
from providers.search import live
from tests import factories
from tests.courses import NO_COURSE, course, listing, stored
from tests.factories import days_ago, offering, price
from tests.forms_in_pages import submit

pytestmark = pytest.mark.django_db
LINE = "offerings-0-prices-0-"


def page_of(provider: Provider) -> str:
    return f"/admin/providers/provider/{provider.pk}/change/"


def totals(**asked) -> tuple[int, int]:
    """How many a search finds: in the copy that stands, and in one built anew."""
    search = Search(on=days_ago(0), sort="name", **asked)
    stands = live.current().index.total(search)
    live.forget()
    return stands, live.current().index.total(search)


def test_a_price_marked_disputed_leaves_totals_and_filters_at_once(admin):
    course()
    provider = listing()
    assert totals(max_cents=40_000) == totals(max_course_cents=240_000) == (1, 1)
    submit(admin, page_of(provider), **{LINE + "disputed": "on"})
    assert stored(provider) == NO_COURSE
    assert provider.offerings.get().session_min_cents is None
    assert totals(max_cents=40_000) == totals(max_course_cents=240_000) == (0, 0)
    assert ProviderFilter({"max_price": "400"}).qs.count() == 0
    submit(admin, page_of(provider), **{LINE + "disputed": ""})
    assert totals(max_cents=40_000) == (1, 1)


def test_one_edited_price_changes_search_at_once(admin):
    course()
    provider = listing()
    assert totals(max_cents=30_000) == (0, 0)
    typed = {f"amount_{end}_cents": "300" for end in ("min", "max")}
    typed = {LINE + name: value for name, value in typed.items()}
    submit(admin, page_of(provider), **typed, **{LINE + "method": "phone"})
    assert totals(max_cents=30_000) == totals(max_course_cents=180_000) == (1, 1)
    assert stored(provider)[:2] == (180_000, 180_000)


def test_the_clinics_own_count_replaces_the_usual_one(admin):
    course()
    provider = listing()
    assert trips(provider) == (6, 0)
    counts = {LINE + "count_min": "4", LINE + "count_max": "8"}
    submit(admin, page_of(provider), **counts, **{LINE + "method": "phone"})
    assert stored(provider)[:2] == (160_000, 320_000)
    assert trips(provider) == (4, 0)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("in_clinic", (6, 0)), ("retreat", (1, 0)), ("home_visit", (0, 0))],
)
def test_a_stay_is_one_trip_and_care_at_home_none(setting, expected):
    course()
    offers = offering(therapy="none", setting=setting, prices=price())
    assert trips(factories.provider(offerings=offers)) == expected


def trips(provider: Provider) -> tuple[int, int]:
    offering = provider.offerings.get()
    return offering.course_dose_trips, offering.course_other_trips
