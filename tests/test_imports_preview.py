"""What an editor sees before an import is what it then does."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.imports.pipeline import Outdated, load, preview
from providers.imports.rows import reported
from providers.models import Change, Check, ImportRun, Provider, Source
from tests import factories
from tests.importing import DATA, imported, listings, only, standing

pytestmark = pytest.mark.django_db
ASKED = {"method": "phone", "last_verified": "2025-05-04", "checked_by": "ana"}
ROWS = (
    {"phone": "303-555-0142", "last_verified": "2025"},
    {"name": "Dry Creek", "source": "new_source"},
    {"name": ""},
    {"name": "Third", "city": "Boulder", "postcode": "80301", "street": "1 A Street"},
)


@pytest.fixture(autouse=True)
def _regions():
    factories.regions()
    factories.source()


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("ana")


def write_statements(queries) -> list[str]:
    verbs = ("INSERT", "UPDATE", "DELETE", "BEGIN", "SAVEPOINT", "SELECT FOR")
    return [q["sql"] for q in queries if q["sql"].startswith(verbs)]


def test_a_preview_reports_what_the_import_then_does(tmp_path):
    imported(listings(tmp_path))
    factories.provider(is_sample=True)
    path = listings(tmp_path, *ROWS)
    before, runs = standing(), ImportRun.objects.count()
    with CaptureQueriesContext(connection) as captured:
        seen = preview("listings", path)
    assert write_statements(captured) == []
    assert (standing(), ImportRun.objects.count()) == (before, runs)
    done = load("listings", path, expected=seen.fingerprint)
    # Only what was kept, and its number, can tell the two apart.
    done.run, done.is_kept = None, False
    assert list(seen.lines()) == list(done.lines())
    for name in ("new", "changed", "rejected", "duplicates", "fingerprint", "counts"):
        assert getattr(seen, name) == getattr(done, name)


def test_a_preview_says_what_is_new_and_what_becomes_of_each_field(tmp_path):
    imported(listings(tmp_path, {"phone": "303-555-0118"}))
    report = preview("listings", listings(tmp_path, *ROWS))
    new = {(row.line, row.slug, row.region, row.published) for row in report.new}
    assert new == {
        (3, "dry-creek-denver", "US-CO", False),
        (5, "third-boulder", "US-CO", True),
    }
    (changed,) = report.changed
    assert changed.fields["phone"] == ("+13035550118", "+13035550142")
    assert report.counts["rejected"] == 1
    assert report.published == 1


@pytest.mark.parametrize("kind", ["directory.csv", "listings.csv"])
def test_each_preview_of_the_same_is_the_same(kind):
    layout = "samhsa_directory" if kind == "directory.csv" else "listings"
    when = {"year": "2024"} if layout != "listings" else {}
    prints = {_preview(DATA / kind, layout, **when).fingerprint for _ in range(2)}
    assert len(prints) == 1
    imported(DATA / kind, layout)
    assert _preview(DATA / kind, layout, **when).fingerprint not in prints


def _preview(path, kind, year=""):
    return preview(kind, path, reported=reported(year) if year else None)


def test_an_import_whose_outcome_is_another_by_now_keeps_nothing(tmp_path, editor):
    imported(listings(tmp_path, {"phone": "303-555-0118"}))
    path = listings(tmp_path, *ROWS)
    seen = preview("listings", path)
    provider = Provider.objects.get()
    provider.phone = "+13035550199"
    actions.save(provider, by=editor)
    before, runs = standing(), ImportRun.objects.count()
    with pytest.raises(Outdated):
        load("listings", path, expected=seen.fingerprint)
    assert (standing(), ImportRun.objects.count()) == (before, runs)
    assert not Source.objects.filter(code="new_source").exists()
    again = preview("listings", path)
    assert load("listings", path, expected=again.fingerprint).is_kept


def test_a_preview_asks_no_more_queries_of_more_listings(tmp_path):
    def queries(count):
        rows = [{"name": f"Clinic {n} of {count}"} for n in range(count)]
        imported(listings(tmp_path, *rows))
        later = [row | {"last_verified": "2025"} for row in rows]
        with CaptureQueriesContext(connection) as captured:
            preview("listings", listings(tmp_path, *later))
        return len(captured)

    assert queries(3) == queries(30)


# --- What a run leaves ----------------------------------------------------------------


def test_a_run_keeps_who_started_it_and_what_it_said(tmp_path, editor):
    report = load("listings", listings(tmp_path, *ROWS), by=editor)
    run = ImportRun.objects.get()
    assert run.by == editor
    assert run.report.splitlines() == list(report.lines())
    assert set(Change.objects.values_list("by", "run")) == {(None, run.pk)}


def test_rows_of_calls_leave_a_check_of_each_group_that_they_state(tmp_path, editor):
    stated = {"payment": "medicare", "languages": "es"}
    priced = {"price_min": "450", "price_currency": "USD", "price_unit": "session"}
    path = listings(
        tmp_path,
        ASKED | stated | priced,
        ASKED | {"name": "Dry Creek", "checked_by": "Bo", "routes": "iv"},
        {"name": "Third"},
    )
    report = imported(path)
    found = set(Check.objects.values_list("provider__name", "group", "by", "note"))
    mine = ("contact", "services", "prices", "access")
    assert found == {("Blue Mesa Clinic", g, editor.pk, "") for g in mine} | {
        ("Dry Creek", group, None, "Asked by Bo") for group in ("contact", "services")
    }
    check = Check.objects.first()
    assert (check.outcome, check.method) == ("confirmed", "phone")
    assert (check.run_id, str(check.checked_on)) == (report.run, "2025-05-04")
    # What changes nothing was no call either.
    imported(path)
    assert Check.objects.count() == 6


def test_rows_of_a_website_are_no_calls(tmp_path):
    imported(listings(tmp_path, ASKED | {"method": "website"}))
    assert not Check.objects.exists()


def test_what_is_closed_is_named_and_stays(tmp_path, editor):
    imported(listings(tmp_path))
    provider = Provider.objects.get()
    provider.status, provider.status_on = "closed", "2025-05-04"
    actions.save(provider, by=editor)
    before = only()
    report = imported(listings(tmp_path, ASKED | {"phone": "303-555-0142"}))
    line = "line 2: blue-mesa-clinic-denver: closed since 2025-05-04: stays as it is"
    assert line in report.lines()
    assert only() == before
    assert not Check.objects.exists()
