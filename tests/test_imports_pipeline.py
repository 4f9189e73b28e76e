"""Files into the directory: staged, matched, merged and written, or not at all."""

import hashlib

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.imports import pipeline, planning, staging
from providers.imports.rows import BadFile
from providers.models import (
    Change,
    Conflict,
    Fact,
    ImportRun,
    Offering,
    Provider,
    Source,
    SourceRecord,
)
from tests import factories
from tests.factories import checked, days_ago
from tests.importing import (
    DATA,
    IV,
    facilities,
    imported,
    listings,
    only,
    place,
    standing,
)

pytestmark = pytest.mark.django_db
SURVEY = {"source": "samhsa_mh_directory"}


@pytest.fixture(autouse=True)
def _regions():
    factories.regions()
    factories.source()


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("editor")


def save(editor, **columns) -> Provider:
    """What an editor's form does to the one listing."""
    provider = Provider.objects.get()
    for name, value in columns.items():
        setattr(provider, name, value)
    actions.save(provider, by=editor)
    return provider


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


# --- Keys -----------------------------------------------------------------------------


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


# --- What a person confirmed ----------------------------------------------------------


def test_an_editors_value_stays_and_the_conflict_is_kept_once(tmp_path, editor):
    path = listings(tmp_path, {"phone": "303-555-0142"})
    imported(path)
    save(editor, phone="+13035550118")
    before = standing()
    for _ in range(3):
        report = imported(path)
        assert (report.unchanged, len(report.conflicts)) == (1, 1)
    assert standing() == before
    conflict = Conflict.objects.get()
    assert (conflict.path, conflict.kept, conflict.offered) == (
        "phone",
        "+13035550118",
        "+13035550142",
    )
    imported(listings(tmp_path, {"phone": "303-555-0163"}))
    assert Conflict.objects.count() == 2


def test_what_an_import_wrote_after_an_editor_is_an_imports_again(tmp_path, editor):
    imported(listings(tmp_path, {"phone": "303-555-0142"}))
    provider = save(editor, phone="+13035550118")
    run = actions.start_run(importer="x", source=None, file_name="", file_sha256="")
    document = only() | {"phone": "+13035550142"}
    actions.apply([actions.Edit(provider, document)], run=run)
    imported(listings(tmp_path, {"phone": "303-555-0163", "last_verified": "2025"}))
    assert only()["phone"] == "+13035550163"


def test_only_what_the_editor_touched_is_kept(tmp_path, editor):
    imported(listings(tmp_path, {"phone": "303-555-0142"}))
    save(editor, email="front@example.org")
    newer = {"phone": "303-555-0118", "payment": "medicare", "last_verified": "2025"}
    assert imported(listings(tmp_path, newer)).conflicts == []
    listing = only()
    assert listing["phone"] == "+13035550118"
    assert listing["email"] == "front@example.org"
    assert set(listing["facts"]["payment"]) == {"medicare"}


def test_a_fact_that_an_editor_removed_does_not_come_back(tmp_path, editor):
    path = listings(tmp_path, {"payment": "medicare"})
    imported(path)
    actions.remove(Fact.objects.get(), by=editor)
    report = imported(path)
    assert report.conflicts[0][1].path == "facts/payment/medicare"
    assert only()["facts"] == {}


def test_an_answer_given_by_phone_stays(tmp_path, editor):
    imported(listings(tmp_path, {"payment": "medicare"}))
    fact = Fact.objects.get()
    fact.answer, fact.method, fact.checked_on = "no", "phone", days_ago(3)
    fact.precision = "day"
    actions.save(fact, by=editor)
    report = imported(listings(tmp_path, {"payment": "medicare"}))
    assert [c.path for _, c in report.conflicts] == ["facts/payment/medicare"]
    assert only()["facts"]["payment"]["medicare"]["answer"] == "no"


def test_a_listing_that_an_editor_hid_or_closed_is_not_republished(tmp_path, editor):
    imported(listings(tmp_path))
    save(editor, published=False)
    assert imported(listings(tmp_path)).published == 0
    save(editor, status="do_not_list")
    newer = {"last_verified": "2026", "status": "active"}
    report = imported(listings(tmp_path, newer))
    assert not only()["published"]
    assert only()["status"] == "do_not_list"
    assert "status" in {conflict.path for _, conflict in report.conflicts}


def test_a_contact_check_by_phone_outlives_a_later_survey(tmp_path, editor):
    imported(listings(tmp_path))
    provider = Provider.objects.get()
    actions.record_check(
        provider=provider,
        group="contact",
        outcome="confirmed",
        source=Source.objects.get(code="clinic"),
        method="phone",
        checked_on=days_ago(200),
        by=editor,
    )
    imported(listings(tmp_path, {"last_verified": days_ago(2).isoformat()}))
    assert only()["contact"]["method"] == "phone"


# --- Points ---------------------------------------------------------------------------


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


# --- All or nothing -------------------------------------------------------------------


def test_a_dry_run_does_everything_and_keeps_nothing(tmp_path):
    imported(listings(tmp_path))
    factories.provider(is_sample=True)
    before = standing()
    path = listings(
        tmp_path,
        {"phone": "303-555-0142", "last_verified": "2025"},
        {"name": "Dry Creek", "source": "new_source"},
        {"name": ""},
    )
    report = imported(path, dry_run=True)
    assert report.summary == "1 new, 1 changed, 0 unchanged, 0 repeated, 1 rejected"
    assert not report.is_kept
    assert standing() == before
    assert ImportRun.objects.count() == 1
    assert not Source.objects.filter(code="new_source").exists()


def test_strict_keeps_nothing_if_a_row_is_rejected(tmp_path):
    imported(listings(tmp_path))
    before = standing()
    path = listings(tmp_path, {"name": "Dry Creek"}, {"region": "ZZ"})
    report = imported(path, strict=True)
    assert [str(reject) for reject in report.rejected] == [
        "line 3 rejected: region: no region 'US-ZZ'"
    ]
    assert not report.is_kept
    assert standing() == before
    assert imported(path).is_kept
    assert len(standing()) == 2


def test_strict_keeps_a_file_without_a_rejected_row(tmp_path):
    assert imported(listings(tmp_path), strict=True).is_kept
    assert len(standing()) == 1


def test_a_file_that_breaks_half_way_changes_nothing(tmp_path):
    path = listings(tmp_path)
    path.write_bytes(path.read_bytes() + "São Paulo".encode("latin-1"))
    with pytest.raises(BadFile):
        imported(path)
    assert standing() == {}
    assert not ImportRun.objects.exists()


def test_an_error_while_writing_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "BATCH", 1)
    monkeypatch.setattr(pipeline, "_record", _fails_at_second_batch())
    with pytest.raises(RuntimeError):
        imported(listings(tmp_path, {}, {"name": "Dry Creek"}))
    assert standing() == {}


def test_an_address_that_an_editor_takes_meanwhile_is_no_error(tmp_path, monkeypatch):
    apply, calls = actions.apply, []

    def taken_meanwhile(edits, **who):
        calls.append(edits)
        if len(calls) == 1:
            raise IntegrityError("UNIQUE constraint failed: providers_provider.slug")
        return apply(edits, **who)

    monkeypatch.setattr(actions, "apply", taken_meanwhile)
    report = imported(listings(tmp_path, {}, {"name": ""}))
    assert report.summary == "1 new, 0 changed, 0 unchanged, 0 repeated, 1 rejected"
    assert ImportRun.objects.count() == 1


def _fails_at_second_batch():
    batches = []

    def record(found, run):
        batches.append(found)
        if len(batches) == 2:
            raise RuntimeError

    return record


def test_without_a_date_a_survey_is_refused():
    with pytest.raises(BadFile, match="does not hold its date"):
        pipeline.load("samhsa_directory", DATA / "directory.csv")


def test_without_regions_the_way_out_is_named(monkeypatch):
    monkeypatch.setattr(staging, "RegionKind", NoKinds)
    with pytest.raises(BadFile, match="run load_places first"):
        imported(DATA / "directory.csv", "samhsa_directory")


class NoKinds:
    SUBDIVISION = COUNTRY = "none such"


def test_an_export_without_its_ketamine_column_is_kept_only_as_drafts(tmp_path):
    path = facilities(tmp_path)
    with pytest.raises(BadFile, match="lacks the column kit, which says who"):
        imported(path, "findtreatment_csv")
    assert len(imported(path, "findtreatment_csv", keep_all=True).new) == 1
    assert not only()["published"]


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


def test_a_listing_that_was_checked_since_keeps_its_values(tmp_path):
    document = factories.document(
        name="Blue Mesa Clinic",
        street="100 Aspen Street",
        city="Denver",
        postcode="80202",
        phone="+13035550142",
        contact=checked(method="website"),
        sources={"harbor_list": ["blue mesa clinic|100 aspen street|80202|us"]},
    )
    factories.source("harbor_list")
    actions.apply_one(document)
    report = imported(listings(tmp_path, {"phone": "303-555-0118"}))
    assert report.unchanged == 1
    assert only()["phone"] == "+13035550142"
