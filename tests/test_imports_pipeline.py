"""Each layout is loaded once, and a run leaves its counts and its sources."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers.imports import planning
from providers.models import (
    Change,
    Fact,
    ImportRun,
    Offering,
    Provider,
    Source,
    SourceRecord,
)
from tests import factories
from tests.importing import DATA, IV, facilities, imported, listings, only, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions_and_source")]


# --- Each layout ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("samhsa_directory", "directory.csv"),
        ("findtreatment_csv", "export.csv"),
        ("findtreatment_json", "api.json"),
        ("listings", "listings.csv"),
    ],
)
def test_each_layout_loads_once_and_then_changes_nothing(kind, file):
    first = imported(DATA / file, kind)
    found = 3 if kind == "listings" else 2
    assert first.summary == (
        f"{found} new, 0 changed, 0 unchanged, 0 repeated, 0 rejected"
    )
    before, changes = standing(), Change.objects.count()
    again = imported(DATA / file, kind)
    assert again.summary == (
        f"0 new, 0 changed, {found} unchanged, 0 repeated, 0 rejected"
    )
    assert standing() == before
    assert Change.objects.count() == changes == found


@pytest.mark.parametrize("order", [1, -1])
def test_the_layouts_of_one_source_meet_in_one_listing(order):
    files = [
        ("samhsa_directory", "directory.csv"),
        ("findtreatment_csv", "export.csv"),
        ("findtreatment_json", "api.json"),
        ("listings", "listings.csv"),
    ]
    for kind, file in files[::order]:
        imported(DATA / file, kind)
    assert set(standing()) == {
        "blue-mesa-clinic-mood-center-denver",
        "quiet-harbor-holtsville",
        "prairie-wind-kap-calgary",
    }
    mesa = standing()["blue-mesa-clinic-mood-center-denver"]
    assert mesa["point"]["precision"] == "address"
    assert mesa["sources"] == {
        "samhsa_mh_directory": [
            "a1",
            "blue mesa clinic mood center|100 aspen street|80202|us",
        ]
    }


def test_a_facility_that_reports_ketamine_is_public_as_of_its_year():
    imported(DATA / "directory.csv", "samhsa_directory")
    provider = Provider.objects.get(name__startswith="Blue Mesa")
    assert provider.published
    assert provider.contact_checked_in_words == "2024"
    offering = provider.offerings.get()
    assert (offering.route, offering.therapy) == ("iv_infusion", "not_stated")
    assert offering.checked_in_words == "2024"
    fact = provider.facts.get(code="telehealth_consult")
    assert fact.checked_in_words == "2024"
    assert fact.is_partial


def test_no_survey_row_matches_a_therapy_or_a_home_setting():
    imported(DATA / "directory.csv", "samhsa_directory", keep_all=True)
    stated = Offering.objects.exclude(therapy="not_stated", setting="not_stated")
    assert not stated.exists()
    assert not Fact.objects.filter(topic="condition").exists()
    assert not Fact.objects.filter(code="va_community_care").exists()


def test_all_keeps_the_rest_as_unpublished_drafts():
    report = imported(DATA / "directory.csv", "samhsa_directory", keep_all=True)
    assert len(report.new) == 3
    draft = standing()["dry-creek-counseling-boulder"]
    assert not draft["published"]
    assert draft["offerings"] == {}
    assert draft["contact"]["checked_on"] == "2024-01-01"
    assert set(draft["facts"]) == {"payment", "access", "population"}


def test_without_all_the_rest_is_left_aside_and_counted():
    report = imported(DATA / "directory.csv", "samhsa_directory")
    assert (len(report.new), report.left_aside) == (2, 1)


def test_a_draft_becomes_public_when_it_reports_ketamine(tmp_path):
    path = facilities(tmp_path, {"service_code_info": "MH"})
    imported(path, "samhsa_directory", keep_all=True)
    assert not only()["published"]
    report = imported(facilities(tmp_path), "samhsa_directory", "2025")
    assert report.published == 1
    assert only()["published"]


def test_a_later_survey_without_ketamine_neither_hides_nor_dates_it_anew(tmp_path):
    imported(facilities(tmp_path), "samhsa_directory")
    path = facilities(tmp_path, {"service_code_info": "MH * MC"})
    imported(path, "samhsa_directory", "2025", keep_all=True)
    listing = only()
    assert listing["published"]
    assert listing["contact"]["checked_on"] == "2025-01-01"
    assert listing["offerings"][IV]["checked_on"] == "2024-01-01"


def test_an_older_survey_never_takes_back_what_a_newer_one_says(tmp_path):
    imported(facilities(tmp_path, {"phone": "303-555-0142"}), "samhsa_directory")
    before = standing()
    path = facilities(tmp_path, {"phone": "303-555-0118"})
    report = imported(path, "samhsa_directory", "2022")
    assert report.unchanged == 1
    assert standing() == before


# --- What is left behind --------------------------------------------------------------


def test_a_run_keeps_its_counts_and_its_file(tmp_path):
    path = listings(tmp_path, {}, {}, {"city": ""}, {"name": "Dry Creek"})
    imported(path)
    run = ImportRun.objects.get()
    assert (run.importer, run.file_name) == ("listings", "listings.csv")
    assert run.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (run.new, run.changed, run.unchanged) == (2, 0, 0)
    assert (run.repeated, run.rejected) == (1, 1)
    assert run.source.code == "harbor_list"
    assert set(Change.objects.values_list("run", flat=True)) == {run.pk}


def test_a_new_source_has_the_words_that_all_its_rows_share(tmp_path):
    same = {"licence": "CC0-1.0", "source_url": "https://list.example.org/1"}
    other = same | {"name": "B", "source_url": "https://list.example.org/2"}
    imported(listings(tmp_path, same, other))
    source = Source.objects.get(code="harbor_list")
    assert (source.name, source.licence, source.url) == ("harbor_list", "CC0-1.0", "")


def test_a_source_that_stands_stays_as_it_was_edited(tmp_path):
    Source.objects.create(code="harbor_list", name="The harbor's list")
    imported(listings(tmp_path, {"licence": "CC0-1.0"}))
    source = Source.objects.get(code="harbor_list")
    assert (source.name, source.licence) == ("The harbor's list", "")


def test_the_first_real_listing_deletes_the_samples(tmp_path):
    factories.provider(is_sample=True)
    report = imported(listings(tmp_path))
    assert report.samples_removed == 1
    assert not Provider.objects.samples().exists()


def test_a_file_without_a_real_listing_leaves_the_samples(tmp_path):
    factories.provider(is_sample=True)
    report = imported(listings(tmp_path, {"name": ""}))
    assert report.samples_removed == 0
    assert Provider.objects.samples().exists()


def test_listings_in_two_batches_get_slugs_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "BATCH", 1)
    imported(listings(tmp_path, {}, {"street": "7 Willow Way"}))
    assert set(standing()) == {
        "blue-mesa-clinic-denver",
        "blue-mesa-clinic-denver-2",
    }
    assert SourceRecord.objects.count() == 2


def test_one_listing_more_asks_no_query_more(tmp_path):
    def queries(count):
        path = listings(
            tmp_path, *({"name": f"Clinic {n} of {count}"} for n in range(count))
        )
        imported(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            imported(path)
        return len(captured)

    assert queries(3) == queries(30)
