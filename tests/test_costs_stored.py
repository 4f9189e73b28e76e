"""The course that search sorts by: stored with every write that it follows from."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.documents import document, with_everything
from providers.filters import ProviderFilter
from providers.models import CourseCount, Offering, Provider, SearchChange
from tests import factories
from tests.courses import IV, KAP, NO_COURSE, course, listing, stored, whole
from tests.factories import offering, price

pytestmark = pytest.mark.django_db


def lows() -> list[int | None]:
    offerings = Offering.objects.order_by("pk")
    return list(offerings.values_list("course_min_cents", flat=True))


# --- With each write of a listing -----------------------------------------------------


def test_an_offering_is_written_with_its_course():
    course()
    assert stored(listing()) == whole(240_000)


def test_a_sum_with_a_missing_part_is_stored_as_at_least():
    course(dose_visit=(6, 8), prep=(1, 1))
    assert stored(listing())[:4] == (240_000, None, "USD", False)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ({}, NO_COURSE),
        (price(45_000, 50_000), (270_000, 300_000, "USD", True)),
        (price(45_000) | price(0, kind="drug", days=30), whole(270_000, days=30)),
        (price(45_000, disputed=True), NO_COURSE),
        (price(0), whole(0)),
    ],
)
def test_the_course_follows_every_edit_of_prices(prices, expected):
    course()
    provider = listing()
    edited = {"offerings": offering(therapy="none", prices=prices)}
    actions.apply_one(factories.document(slug=provider.slug) | edited, provider)
    assert stored(provider)[: len(expected)] == expected


def test_the_course_follows_the_treatment_that_an_editor_chooses(editor):
    course(KAP, dose_visit=(3, 3))
    provider = listing()
    assert stored(provider) == NO_COURSE
    offer = provider.offerings.get()
    for therapy, expected in (("full_kap", whole(120_000)), ("none", NO_COURSE)):
        offer.therapy = therapy
        actions.save(offer, by=editor)
        assert stored(provider) == expected


def test_an_offering_taken_from_another_treatment_by_a_document_costs_its_own():
    course()
    course(KAP, dose_visit=(3, 3))
    provider = listing()
    edited = {"offerings": offering(therapy="full_kap", prices=price())}
    actions.apply_one(factories.document(slug=provider.slug) | edited, provider)
    assert stored(provider) == whole(120_000)


def test_a_route_that_is_not_stated_has_no_course_whatever_the_schedules_say():
    unstated = IV._replace(route="not_stated")
    course(unstated)
    assert stored(listing(treatment=unstated)) == NO_COURSE


def test_a_treatment_without_a_schedule_has_no_course_even_with_a_posted_package():
    package = price(200_000, kind="package", unit="course")
    assert stored(listing(package)) == NO_COURSE


def test_a_schedule_that_counts_nothing_is_none():
    course().counts.all().delete()
    assert stored(listing()) == NO_COURSE


def test_a_sum_that_no_column_holds_is_not_known():
    course(dose_visit=(6, 9_999))
    assert stored(listing(price(100_000_000))) == NO_COURSE


def test_months_are_those_of_the_schedule():
    course(weeks=8, dose_visit=(6, 6))
    membership = price(10_000, kind="monthly_membership", unit="month")
    assert stored(listing(price() | membership)) == whole(260_000)


def test_no_document_holds_a_stored_amount():
    course()
    provider = with_everything(Provider.objects.filter(pk=listing().pk)).get()
    text = json.dumps(document(provider))
    assert "course_" not in text
    assert "session_" not in text


def test_many_listings_ask_for_the_schedules_once():
    course()
    factories.regions()
    factories.source()
    offers = offering(therapy="none", prices=price())
    edits = [actions.Edit(None, factories.document(offerings=offers)) for _ in range(5)]
    with CaptureQueriesContext(connection) as captured:
        actions.apply(edits)
    about = [q for q in captured if CourseCount._meta.db_table in q["sql"]]
    assert len(about) == 1
    assert lows() == [240_000] * 5


# --- Anew -----------------------------------------------------------------------------


def test_recomputing_fills_what_an_older_version_left_empty(monkeypatch):
    monkeypatch.setattr("providers.actions.amounts.BATCH", 2)
    providers = [listing() for _ in range(5)]
    course()
    said = StringIO()
    call_command("recompute_amounts", stdout=said)
    assert [stored(provider) for provider in providers] == [whole(240_000)] * 5
    assert said.getvalue() == "5 offerings have another amount than before.\n"


def test_recomputing_again_writes_nothing():
    course()
    listing()
    SearchChange.objects.all().delete()
    assert actions.recompute_amounts() == 0
    assert not SearchChange.objects.exists()


def test_recomputing_mends_a_session_too():
    provider = listing()
    Offering.objects.update(session_min_cents=1)
    actions.recompute_amounts()
    assert provider.offerings.get().session_min_cents == 40_000


def test_progress_is_told_in_batches(monkeypatch):
    monkeypatch.setattr("providers.actions.amounts.BATCH", 2)
    for _ in range(3):
        listing()
    told = []
    actions.recompute_amounts(on_batch=lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]


# --- And search sorts by it -----------------------------------------------------------


def test_by_course_whole_ones_come_first_then_at_least_then_unknown():
    course(dose_visit=(6, 6), prep=(1, 1))
    prep = price(10_000, kind="prep")
    listing({}, name="unknown")
    listing(price(10_000), name="at least less")
    listing(price(20_000), name="at least more")
    listing(price(50_000) | prep, name="dear")
    listing(price(40_000) | prep, name="cheap")
    listing(price(1_000, days=100) | prep, name="gone stale")
    found = ProviderFilter({"sort": "course"})
    assert found.is_valid()
    assert [provider.name for provider in found.qs] == [
        *("cheap", "dear", "at least less", "at least more"),
        *("unknown", "gone stale"),
    ]
