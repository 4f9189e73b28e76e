"""A missing point is that of the postcode or the town, never a wrong one."""

import pytest

from tests.importing import facilities, imported, listings, only, place, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions_and_source")]
SURVEY = {"source": "samhsa_mh_directory"}


def test_a_missing_point_is_the_middle_of_the_postcode(tmp_path):
    place("80202", (39.7491, -104.9946), "US-CO")
    imported(facilities(tmp_path), "samhsa_directory")
    assert only()["point"] == {
        "latitude": 39.7491,
        "longitude": -104.9946,
        "precision": "postal",
    }
    assert imported(facilities(tmp_path), "samhsa_directory").unchanged == 1


def test_a_canadian_postcode_is_found_by_its_area(tmp_path):
    place("T2P", (51.0486, -114.0708), "CA-AB")
    cells = {"country": "CA", "region": "AB", "postcode": "T2P 1J9"}
    imported(listings(tmp_path, cells))
    assert only()["point"]["latitude"] == 51.0486


def test_a_zip_of_another_country_is_no_point(tmp_path):
    place("80202", (49.0, 2.0), "GB-SCT")
    imported(facilities(tmp_path), "samhsa_directory")
    assert only()["point"] is None


def test_a_zip_of_another_state_is_a_slip_and_the_town_stands_in(tmp_path):
    place("80202", (40.7, -111.9), "US-UT")
    place("", (39.7392, -104.9847), "US-CO")
    imported(facilities(tmp_path), "samhsa_directory")
    assert only()["point"] == {
        "latitude": 39.7392,
        "longitude": -104.9847,
        "precision": "town",
    }
    # Once the table is right, a postcode is finer than a town.
    path = listings(tmp_path, SURVEY | {"latitude": "39.75", "longitude": "-105"})
    imported(path)
    assert only()["point"]["precision"] == "postal"


def test_a_point_of_the_file_is_not_replaced_by_the_postcodes(tmp_path):
    place("80202", (39.7491, -104.9946), "US-CO")
    cells = {"latitude": "39.75", "longitude": "-105", "coord_precision": "city"}
    imported(listings(tmp_path, cells))
    assert only()["point"]["precision"] == "town"
    imported(listings(tmp_path))
    assert only()["point"]["precision"] == "town"


def test_a_point_that_an_editor_cleared_stays_away(tmp_path, editor):
    place("80202", (39.7491, -104.9946), "US-CO")
    imported(facilities(tmp_path), "samhsa_directory")
    save(editor, latitude=None, longitude=None, point_precision="")
    imported(facilities(tmp_path, {"phone": "303-555-0142"}), "samhsa_directory")
    assert only()["point"] is None
