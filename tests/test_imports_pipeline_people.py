"""What a person confirmed stays, and each conflict is kept once."""

import pytest

from providers import actions
from providers.models import Conflict, Fact, Provider, Source
from tests import factories
from tests.factories import checked, days_ago
from tests.importing import imported, listings, only, save, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions_and_source")]


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
