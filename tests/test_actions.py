"""Every write to a listing: one transaction, one Change, nothing half done."""

import pytest
from django.db import IntegrityError

from providers import actions
from providers.models import (
    Change,
    Conflict,
    Fact,
    ImportRun,
    Offering,
    PriceLine,
    Provider,
    Source,
)
from providers.vocabulary import SOURCES
from tests import factories
from tests.acting import listed, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return listed()


# --- apply ----------------------------------------------------------------------------


def test_a_new_listing_leaves_a_change_without_a_before():
    made = factories.provider(name="A")
    change = Change.objects.get()
    assert (change.provider, change.slug, change.before) == (made, made.slug, None)
    assert change.after == stored(made)


def test_an_edit_leaves_what_stood_before_and_what_stands_after(provider, editor):
    before = stored(provider)
    actions.apply_one(before | {"name": "B"}, provider, by=editor)
    change = provider.changes.first()
    assert (change.before, change.after) == (before, before | {"name": "B"})
    assert (change.by, change.run) == (editor, None)


def test_a_run_stands_in_its_changes(provider):
    run = actions.start_run(
        importer="listings", source=None, file_name="a.csv", file_sha256="0"
    )
    actions.apply_one(stored(provider) | {"name": "B"}, provider, run=run)
    assert provider.changes.first().run == run


def test_nothing_new_leaves_no_change(provider):
    actions.apply_one(stored(provider), provider)
    assert provider.changes.count() == 1


def test_providers_come_back_in_the_order_of_the_edits():
    factories.regions()
    factories.source()
    wanted = [factories.document(slug=f"s-{n}") for n in (3, 1, 2)]
    made = actions.apply([actions.Edit(None, listing) for listing in wanted])
    assert [row.slug for row in made] == ["s-3", "s-1", "s-2"]


def test_more_than_a_batch_is_written(monkeypatch):
    monkeypatch.setattr("providers.actions.applying.BATCH", 2)
    factories.regions()
    factories.source()
    edits = [actions.Edit(None, factories.document()) for _ in range(5)]
    assert len(actions.apply(edits)) == Provider.objects.count() == 5


def test_one_bad_document_keeps_all_from_being_written(monkeypatch):
    monkeypatch.setattr("providers.actions.applying.BATCH", 1)
    factories.regions()
    factories.source()
    edits = [
        actions.Edit(None, factories.document()),
        actions.Edit(None, factories.document(contact=None)),
    ]
    with pytest.raises(IntegrityError):
        actions.apply(edits)
    assert not Provider.objects.exists()
    assert not Change.objects.exists()


def test_two_edits_of_one_listing_at_once_are_refused(provider):
    one, other = (stored(provider) | {"name": name} for name in "AB")
    with pytest.raises(ValueError, match=f"{provider.pk}"):
        actions.apply([actions.Edit(provider, one), actions.Edit(provider, other)])
    assert provider.changes.count() == 1


def test_a_key_may_move_from_one_listing_to_another_at_once():
    one = factories.provider(sources={"clinic": ["k"]})
    other = factories.provider(sources={})
    actions.apply(
        [
            actions.Edit(other, stored(other) | {"sources": {"clinic": ["k"]}}),
            actions.Edit(one, stored(one) | {"sources": {}}),
        ]
    )
    assert stored(other)["sources"] == {"clinic": ["k"]}
    assert stored(one)["sources"] == {}


def test_plain_name_and_match_key_follow_an_edit(provider):
    renamed = stored(provider) | {"name": "Clínica Uno", "street": "1 Main St."}
    actions.apply_one(renamed, provider)
    provider.refresh_from_db()
    assert provider.plain_name == "clinica uno"
    assert provider.match_key == "clinica uno|1 main st||us"


# --- recording ------------------------------------------------------------------------


def test_a_block_of_writes_is_one_change(provider, editor):
    with actions.recording(provider, by=editor):
        Provider.objects.filter(pk=provider.pk).update(name="B")
        provider.facts.all().delete()
    assert provider.changes.count() == 2
    change = provider.changes.first()
    assert (change.before["name"], change.after["name"]) == (provider.name, "B")
    assert change.after["facts"] == {}


def test_a_recording_inside_a_recording_joins_it(provider, editor):
    again = Provider.objects.get(pk=provider.pk)
    with actions.recording(provider, by=editor):
        actions.save(_renamed(again, "B"), by=editor)
        actions.remove(provider.facts.first(), by=editor)
    assert provider.changes.count() == 2


def test_recordings_of_two_listings_are_a_change_each(provider, editor):
    other = factories.provider()
    with actions.recording(provider, by=editor):
        actions.save(_renamed(other, "B"), by=editor)
        Provider.objects.filter(pk=provider.pk).update(name="C")
    assert provider.changes.first().after["name"] == "C"
    assert other.changes.first().after["name"] == "B"


def _renamed(provider: Provider, name: str) -> Provider:
    provider.name = name
    return provider


def test_a_block_that_fails_keeps_nothing(provider, editor):
    def failing():
        with actions.recording(provider, by=editor):
            provider.facts.all().delete()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert provider.facts.count() == 4
    assert provider.changes.count() == 1


def test_after_a_block_that_failed_the_next_is_recorded(provider, editor):
    test_a_block_that_fails_keeps_nothing(provider, editor)
    actions.save(_renamed(provider, "B"), by=editor)
    assert provider.changes.count() == 2


def test_a_block_that_changes_nothing_leaves_no_change(provider, editor):
    with actions.recording(provider, by=editor):
        provider.save()
    assert provider.changes.count() == 1


def test_a_listing_made_in_a_block_has_no_before(editor):
    factories.regions()
    made = Provider(slug="new", name="New", region_id="US-CO", country="US")
    actions.save(made, by=editor)
    change = Change.objects.get()
    assert (change.provider, change.before, change.after["name"]) == (made, None, "New")


def test_the_story_of_a_removed_listing_stays(provider, editor):
    slug = provider.slug
    actions.remove(provider, by=editor)
    change = Change.objects.first()
    assert (change.provider, change.slug, change.after) == (None, slug, None)
    assert change.before["slug"] == slug
    assert not Provider.objects.exists()


@pytest.mark.parametrize("model", [Provider, Offering, PriceLine, Fact])
def test_every_part_of_a_listing_belongs_to_it(provider, model):
    assert actions.listing_of(model.objects.first()) == provider


# --- Sources, runs --------------------------------------------------------------------


def test_the_vocabularys_sources_are_made_once_and_stay_as_edited():
    actions.ensure_sources()
    Source.objects.filter(code="clinic").update(name="As the clinic says")
    actions.ensure_sources()
    assert set(Source.objects.values_list("code", flat=True)) == set(SOURCES)
    assert Source.objects.get(code="clinic").name == "As the clinic says"


def test_an_unknown_source_is_made_under_its_code():
    made = actions.ensure_source("a_list", url="https://example.org/")
    assert (made.name, made.url) == ("a_list", "https://example.org/")
    assert actions.ensure_source("a_list", name="Other") == made
    assert Source.objects.get(code="a_list").name == "a_list"


def test_a_run_keeps_its_counts():
    run = actions.start_run(
        importer="listings", source=None, file_name="n" * 300, file_sha256="0"
    )
    actions.finish_run(run, new=3, rejected=1)
    run = ImportRun.objects.get()
    assert (run.new, run.changed, run.rejected) == (3, 0, 1)
    assert len(run.file_name) == 200


def test_conflicts_keep_both_values(provider):
    run = actions.start_run(
        importer="listings", source=None, file_name="a", file_sha256="0"
    )
    values = {"path": "name", "kept": "Ours", "offered": {"theirs": None}}
    actions.record_conflicts([Conflict(provider=provider, run=run, **values)])
    conflict = Conflict.objects.get()
    assert (conflict.kept, conflict.offered) == ("Ours", {"theirs": None})
    assert conflict.resolved_at is None
