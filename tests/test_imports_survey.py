"""SAMHSA's survey in its three layouts: one meaning, and nothing beyond it."""

import json

import pytest

from providers.imports import (
    findtreatment_csv,
    findtreatment_json,
    listings,
    samhsa_directory,
)
from providers.imports.rows import BadFile, Reject, Row, reported
from tests.importing import DATA, FACILITY, facilities, write

SURVEY_LAYOUTS = [
    (samhsa_directory, "directory.csv"),
    (findtreatment_csv, "export.csv"),
    (findtreatment_json, "api.json"),
]
every_layout = pytest.mark.parametrize(("importer", "file"), SURVEY_LAYOUTS)
IN_2024 = reported("2024")


def rows_of(importer, path, when=IN_2024) -> list[Row | Reject]:
    return list(importer.parse(path, when).rows)


def fact_codes(row: Row) -> dict[str, set[str]]:
    return {topic: set(codes) for topic, codes in row.listing["facts"].items()}


@every_layout
def test_each_layout_reads_the_same_facilities(importer, file):
    mesa, creek, harbor = rows_of(importer, DATA / file)
    assert mesa.listing["name"] == "Blue Mesa Clinic - Mood Center"
    assert creek.listing["name"] == "Dry Creek Counseling"
    assert [row.reports_ketamine for row in (mesa, creek, harbor)] == [
        True,
        False,
        True,
    ]
    assert {row.source for row in (mesa, creek, harbor)} == {"samhsa_mh_directory"}
    assert harbor.match_key == "quiet harbor|holtsville|00501|us"


@every_layout
def test_every_code_is_a_fact_of_its_own_topic(importer, file):
    mesa, creek, harbor = rows_of(importer, DATA / file)
    assert fact_codes(mesa) == {
        "payment": {
            "medicare",
            "private_insurance",
            "self_pay",
            "va_funds",
            "sliding_scale",
        },
        "access": {"telehealth_consult", "asl_or_bsl"},
        "population": {"veterans_program", "ptsd_program", "young_adults", "adults"},
        "language": {"es", "fr"},
    }
    assert fact_codes(creek) == {
        "payment": {"medicaid"},
        "access": {"telehealth_consult"},
        "population": {"children"},
    }
    assert fact_codes(harbor) == {
        "payment": {"self_pay"},
        "population": {"adults", "seniors"},
    }


@every_layout
def test_a_fact_is_the_whole_facilitys_and_of_the_surveys_year(importer, file):
    mesa, *_ = rows_of(importer, DATA / file)
    assert mesa.listing["facts"]["payment"]["va_funds"] == {
        "answer": "yes",
        "scope": "facility",
        "number": None,
        "note_en": "",
        "note_es": "",
        "checked_on": "2024-01-01",
        "precision": "year",
        "method": "official_registry",
        "source": "samhsa_mh_directory",
    }


@every_layout
def test_ketamine_infusion_says_the_route_and_nothing_more(importer, file):
    mesa, creek, _ = rows_of(importer, DATA / file)
    assert mesa.listing["offerings"] == {
        "iv_infusion|not_stated|not_stated|not_stated|": {
            "checked_on": "2024-01-01",
            "precision": "year",
            "method": "official_registry",
            "source": "samhsa_mh_directory",
            "serves": [],
            "prices": {},
        }
    }
    assert creek.listing["offerings"] == {}


@every_layout
def test_no_layout_makes_a_condition_or_an_age_limit(importer, file):
    for row in rows_of(importer, DATA / file):
        assert not {"condition", "who", "screening"} & set(row.listing["facts"])


@every_layout
def test_a_day_is_kept_as_a_day(importer, file):
    mesa, *_ = rows_of(importer, DATA / file, reported("2024-05-31"))
    contact = mesa.listing["contact"]
    assert (contact["checked_on"], contact["precision"]) == ("2024-05-31", "day")


@every_layout
def test_dashes_are_no_street_and_a_bare_scheme_no_website(importer, file):
    harbor = rows_of(importer, DATA / file)[2].listing
    assert (harbor["street"], harbor["website"]) == ("", "")
    assert harbor["postcode"] == "00501"


@every_layout
def test_a_phone_and_its_extension_are_parted(importer, file):
    mesa = rows_of(importer, DATA / file)[0].listing
    assert (mesa["phone"], mesa["phone_extension"]) == ("+13035550142", "31")


def test_the_own_layout_reads_the_surveys_facilities_alike():
    theirs = rows_of(findtreatment_csv, DATA / "export.csv")
    ours = rows_of(listings, DATA / "listings.csv")
    for row, other in ((theirs[0], ours[0]), (theirs[2], ours[1])):
        assert row.key == other.key
        assert other.listing["offerings"] == row.listing["offerings"]
        assert other.listing["contact"] == row.listing["contact"]
        assert other.listing["point"] == row.listing["point"]
        facts = fact_codes(row)
        # This layout has no column for sign language.
        facts.get("access", set()).discard("asl_or_bsl")
        assert fact_codes(other) == facts


def test_a_point_of_four_decimals_or_without_a_street_is_a_zips():
    mesa, creek, harbor = rows_of(findtreatment_csv, DATA / "export.csv")
    assert mesa.listing["point"] == {
        "latitude": 39.752103,
        "longitude": -104.99917,
        "precision": "address",
    }
    assert creek.listing["point"]["precision"] == "address"
    assert harbor.listing["point"]["precision"] == "postal"


def test_the_directory_has_no_points():
    rows = rows_of(samhsa_directory, DATA / "directory.csv")
    assert [row.listing["point"] for row in rows] == [None, None, None]


def test_the_api_keeps_its_own_ids():
    rows = rows_of(findtreatment_json, DATA / "api.json")
    assert [row.source_id for row in rows] == ["a1", "b2", "c3"]


def test_a_group_of_young_adults_is_no_age_that_is_accepted(tmp_path):
    path = api(tmp_path, {"services": [{"f2": "SG", "f3": "Young adults"}]})
    (row,) = rows_of(findtreatment_json, path)
    assert row.listing["facts"] == {}


def test_a_zero_in_a_code_column_is_not_stated(tmp_path):
    cells = FACILITY | {"kit": "0", "mc": "0", "md": "1"}
    (row,) = rows_of(findtreatment_csv, write(tmp_path / "a.csv", cells))
    assert not row.reports_ketamine
    assert fact_codes(row) == {"payment": {"medicaid"}}


def test_a_code_column_of_something_else_is_refused(tmp_path):
    cells = FACILITY | {"kit": "often"}
    (reject,) = rows_of(findtreatment_csv, write(tmp_path / "a.csv", cells))
    assert str(reject) == "line 2 rejected: kit: 'often' is neither 1 nor blank"


def test_an_export_without_its_ketamine_column_says_so(tmp_path):
    parsed = findtreatment_csv.parse(write(tmp_path / "a.csv", FACILITY), IN_2024)
    assert parsed.missing == ("kit",)


def test_an_unknown_service_code_is_noted_and_left_alone(tmp_path):
    path = facilities(tmp_path, {"service_code_info": "MH * KIT ESKET"})
    (row,) = rows_of(samhsa_directory, path)
    assert row.reports_ketamine
    assert row.notes == ("service code 'ESKET' is not known; left alone",)


def test_the_code_of_a_longer_word_is_no_ketamine(tmp_path):
    path = facilities(tmp_path, {"service_code_info": "MH * KITX CKIT"})
    (row,) = rows_of(samhsa_directory, path)
    assert not row.reports_ketamine


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("name1", "", "is blank"),
        ("name1", "x" * 201, "longer than 200 characters"),
        ("name2", "y" * 190, "with name1 longer than 200 characters"),
        ("street1", "x" * 201, "longer than 200 characters"),
        ("city", "x" * 121, "longer than 120 characters"),
        ("state", "", "is blank"),
        ("state", "Colorado", "longer than 2 characters"),
        ("zip", "8o202", "'8o202' is no ZIP code"),
        ("zip", "12", "'12' is no ZIP code"),
        ("latitude", "north", "'north' is no number"),
        ("latitude", "91", "91 is off the globe"),
        ("longitude", "-180.5", "-180.5 is off the globe"),
        ("longitude", "", "is blank beside the other half of the point"),
    ],
)
def test_a_facility_that_cannot_be_kept_is_rejected(tmp_path, column, value, reason):
    cells = FACILITY | {"kit": "1", "latitude": "39.75", "longitude": "-104.9"}
    path = write(tmp_path / "a.csv", cells | {column: value})
    assert rows_of(findtreatment_csv, path) == [Reject(2, column, reason)]


def test_a_row_that_is_cut_is_rejected_with_its_line(tmp_path):
    path = facilities(tmp_path)
    path.write_text(path.read_text() + "Broken,row\n" + path.read_text().split("\n")[1])
    _, cut, whole = rows_of(samhsa_directory, path)
    assert cut == Reject(3, "row", "has 2 cells, the header 9")
    assert whole.line == 4


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path):
    path = facilities(tmp_path, {"city": "Den\nver"}, {"state": ""})
    first, second = rows_of(samhsa_directory, path)
    assert (first.line, second.line) == (2, 4)
    assert first.listing["city"] == "Den ver"


# --- The API's answers ----------------------------------------------------------------


def api(tmp_path, *rows, whole=None):
    """A JSON file of one facility for each variation, or of what `whole` is."""
    base = {k: v for k, v in FACILITY.items() if k != "service_code_info"}
    answer = {"rows": [base | row for row in rows]} if whole is None else whole
    path = tmp_path / "api.json"
    path.write_text(json.dumps(answer))
    return path


def test_a_bare_list_of_rows_reads_as_well(tmp_path):
    path = api(tmp_path, whole=[{"name1": "Blue Mesa", "state": "CO", "services": []}])
    (row,) = rows_of(findtreatment_json, path)
    assert row.listing["name"] == "Blue Mesa"


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ({"page": 1}, 'api.json has no list of "rows".'),
        ("words", 'api.json has no list of "rows".'),
        ([{"title": "x"}], "api.json lacks the column name1."),
    ],
)
def test_json_of_another_shape_is_refused(tmp_path, whole, message):
    with pytest.raises(BadFile) as error:
        findtreatment_json.parse(api(tmp_path, whole=whole), IN_2024)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("changes", "reject"),
    [
        ({"city": ["Denver"]}, Reject(1, "city", "is no text")),
        ({"services": "KIT"}, Reject(1, "services", "is no list")),
        ({"services": ["KIT"]}, Reject(1, "services", "holds what is no group")),
        (
            {"latitude": "NaN", "longitude": "1"},
            Reject(1, "latitude", "NaN is off the globe"),
        ),
        ({"frid": "x" * 481}, Reject(1, "frid", "longer than 480 characters")),
    ],
)
def test_a_row_of_another_shape_is_rejected(tmp_path, changes, reject):
    path = api(tmp_path, changes)
    assert rows_of(findtreatment_json, path) == [reject]


def test_a_row_that_is_no_object_is_rejected(tmp_path):
    path = api(tmp_path, whole=[{"name1": "Blue Mesa", "state": "CO"}, 7])
    _, reject = rows_of(findtreatment_json, path)
    assert reject == Reject(2, "row", "is no object")


def test_unknown_columns_are_named(tmp_path):
    path = facilities(tmp_path, {"fax": "1", "": ""})
    assert samhsa_directory.parse(path, IN_2024).unknown == ("fax", "")
    path = api(tmp_path, {"stars": 5})
    assert findtreatment_json.parse(path, IN_2024).unknown == ("stars",)
    assert findtreatment_csv.parse(DATA / "export.csv", IN_2024).unknown == ()
