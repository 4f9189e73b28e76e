"""A file is loaded whole or not at all, and a refusal says why."""

import pytest
from django.db import IntegrityError

from providers import actions
from providers.imports import pipeline, planning, staging
from providers.imports.rows import BadFile
from providers.models import ImportRun, Source
from tests import factories
from tests.importing import DATA, facilities, imported, listings, only, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions_and_source")]


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
