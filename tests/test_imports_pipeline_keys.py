"""A row is the listing that has its key: repeated rows are counted, not written."""

import pytest

from providers.models import Source
from tests.importing import IV, facilities, imported, listings, only, save, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions_and_source")]


def test_a_row_that_repeats_a_key_is_counted_and_not_written(tmp_path):
    path = facilities(
        tmp_path,
        {"street2": "Suite 1"},
        {"street2": "Suite 2", "name1": "BLUE  MESA clinic"},
    )
    report = imported(path, "samhsa_directory")
    assert report.summary == "1 new, 0 changed, 0 unchanged, 1 repeated, 0 rejected"
    assert report.repeated == [(3, 2)]
    assert only()["street2"] == "Suite 1"


def test_of_repeated_rows_the_one_that_reports_ketamine_is_kept(tmp_path):
    path = facilities(tmp_path, {"service_code_info": "MH"}, {}, {})
    report = imported(path, "samhsa_directory", keep_all=True)
    assert report.repeated == [(2, 3), (4, 3)]
    assert only()["published"]


def test_one_id_is_one_listing_whatever_it_is_called_now(tmp_path):
    imported(listings(tmp_path, {"source_id": "1", "phone": "303-555-0142"}))
    renamed = {"source_id": "1", "name": "Blue Mesa", "last_verified": "2025"}
    report = imported(listings(tmp_path, renamed))
    assert report.changed[0].paths == [
        "contact",
        "name",
        f"offerings/{IV}",
        "sources/harbor_list",
    ]
    assert only()["name"] == "Blue Mesa"


def test_two_ids_are_two_listings_even_at_one_address(tmp_path):
    path = listings(tmp_path, {"source_id": "1"}, {"source_id": "2"})
    assert len(imported(path).new) == 2
    before = standing()
    assert imported(path).unchanged == 2
    assert standing() == before


def test_a_row_without_an_id_is_matched_by_name_street_and_postcode(tmp_path):
    imported(listings(tmp_path, {"source_id": "1"}))
    assert imported(listings(tmp_path)).unchanged == 1
    path = listings(tmp_path, {"source_id": "2", "website": "a.example.org"})
    assert imported(path).summary.startswith("0 new, 1 changed")
    assert only()["sources"]["harbor_list"][:2] == ["1", "2"]


def test_a_row_without_an_id_repeats_one_with_it(tmp_path):
    path = listings(tmp_path, {"source_id": "1"}, {})
    for count in ("1 new, 0 changed, 0 unch", "0 new, 0 changed, 1 unch"):
        assert imported(path).summary == f"{count}anged, 1 repeated, 0 rejected"


def test_two_rows_about_one_listing_are_one_and_a_repetition(tmp_path):
    imported(listings(tmp_path, {"source_id": "1"}))
    imported(listings(tmp_path, {"source_id": "2"}))  # by its name
    both = listings(tmp_path, {"source_id": "1"}, {"source_id": "2"})
    assert imported(both).repeated == [(3, 2)]
    assert len(standing()) == 1


def test_a_listing_that_an_editor_renamed_is_found_by_its_key(tmp_path, editor):
    imported(listings(tmp_path))
    save(editor, name="Blue Mesa House")
    report = imported(listings(tmp_path))
    assert (len(report.new), report.unchanged) == (0, 1)


def test_another_sources_row_attaches_to_the_listing_it_describes(tmp_path):
    imported(listings(tmp_path))
    other = {"source": "other", "source_id": "7", "name": "BLUE MESA clinic"}
    for changed in (1, 0):
        report = imported(listings(tmp_path, other))
        assert (report.new, len(report.changed)) == ([], changed)
    key = "blue mesa clinic|100 aspen street|80202|us"
    assert only()["sources"] == {"harbor_list": [key], "other": ["7", key]}
    assert Source.objects.filter(code="other").exists()


def test_a_town_stands_in_for_a_street_that_is_blank(tmp_path):
    path = facilities(
        tmp_path,
        {"street1": "- - -", "city": "Denver"},
        {"street1": "- - -", "city": "Boulder"},
        {"street1": "", "city": "boulder"},
    )
    report = imported(path, "samhsa_directory")
    assert (len(report.new), report.repeated) == (2, [(4, 3)])
