"""The real files, where they are at hand: the counts that must come out."""

import resource
import time

import pytest

from providers.imports import samhsa_directory
from providers.imports.gazetteer import DATA, load_regions
from providers.imports.rows import reported
from providers.models import Provider
from tests.importing import SHARED, imported, standing

WIDE = SHARED / "samhsa" / "findtreatment_wide_layout_kit_2024.csv"
DIRECTORY = SHARED / "samhsa" / "samhsa_mh_directory_2024.csv"
API = SHARED / "samhsa" / "findtreatment_api_sample_2019.json"
CLINICS = SHARED / "clinics" / "samhsa_kit_2022_2024.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not WIDE.exists(), reason="the real files are not at hand"),
]


@pytest.fixture(autouse=True)
def _regions(db):
    load_regions(DATA / "regions.csv")


def test_the_wide_export_of_2024():
    for summary in (
        "136 new, 0 changed, 0 unchanged, 2 repeated, 0 rejected",
        "0 new, 0 changed, 136 unchanged, 2 repeated, 0 rejected",
    ):
        assert imported(WIDE, "findtreatment_csv").summary == summary
    assert Provider.objects.listed().count() == 136


def test_the_clinics_of_three_years():
    for summary in (
        "251 new, 0 changed, 0 unchanged, 0 repeated, 0 rejected",
        "0 new, 0 changed, 251 unchanged, 0 repeated, 0 rejected",
    ):
        assert imported(CLINICS).summary == summary
    precisions = [doc["point"]["precision"] for doc in standing().values()]
    assert precisions.count("address") == 177
    assert precisions.count("postal") == 74


@pytest.mark.parametrize("order", [1, -1])
def test_both_together_are_252_listings(order):
    for path, kind in [(WIDE, "findtreatment_csv"), (CLINICS, "listings")][::order]:
        imported(path, kind)
    listings = standing().values()
    assert len(listings) == 252
    assert {doc["published"] for doc in listings} == {True}
    # The 252nd has a ZIP's point as well, whichever file came first.
    assert [doc["point"]["precision"] for doc in listings].count("address") == 177


def test_the_directory_holds_the_same_clinics_as_the_wide_export():
    imported(WIDE, "findtreatment_csv")
    report = imported(DIRECTORY, "samhsa_directory")
    assert (len(report.new), len(report.repeated), report.rejected) == (0, 2, [])
    assert report.left_aside == 8_319 - 138


def test_the_api_of_2019_reports_no_ketamine_yet():
    assert imported(API, "findtreatment_json", "2019").left_aside == 30
    assert len(imported(API, "findtreatment_json", "2019", keep_all=True).new) == 30
    assert not Provider.objects.filter(published=True).exists()


def test_the_directory_is_parsed_in_three_seconds_of_work():
    start = time.process_time()
    rows = list(samhsa_directory.parse(DIRECTORY, reported("2024")).rows)
    assert len(rows) == 8_319
    assert time.process_time() - start < 3


@pytest.mark.slow
def test_the_whole_directory_loads_in_time_and_memory():
    start = time.process_time()
    report = imported(DIRECTORY, "samhsa_directory", keep_all=True)
    assert report.summary == (
        "8301 new, 0 changed, 0 unchanged, 18 repeated, 0 rejected"
    )
    assert time.process_time() - start < 90
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 500_000  # kB
    # Of two rows that share a key only the second reports ketamine.
    assert Provider.objects.listed().count() == 136
    again = imported(DIRECTORY, "samhsa_directory", keep_all=True)
    assert again.unchanged == 8_301
