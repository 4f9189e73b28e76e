"""A run's own page: what it did, what it left, and the way to take it back."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers import actions
from providers.models import ImportRun, Provider, Region
from tests import factories, importing
from tests.forms_in_pages import messages_of
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def run(tmp_path):
    factories.regions()
    rows = ({"name": "Blue Mesa"}, {"name": "Dry Creek"}, {"name": ""})
    importing.imported(importing.listings(tmp_path, *rows))
    return ImportRun.objects.get()


def page_of(run) -> str:
    return reverse("admin:providers_importrun_change", args=[run.pk])


def undo(run) -> str:
    return reverse("admin:undo_run", args=[run.pk])


def read(client, address) -> Page:
    return Page(client.get(address).content.decode())


def edit(boss, name):
    provider = Provider.objects.get(name=name)
    provider.phone = "+13035550142"
    actions.save(provider, by=boss)
    return provider


def test_a_run_shows_its_counts_its_report_and_what_it_touched(admin, run):
    page = read(admin, page_of(run))
    assert "2 listings that it touched" in page.words
    assert "line 4 rejected: name" in page.words
    blue = Provider.objects.get(name="Blue Mesa")
    story = reverse("admin:providers_provider_history", args=[blue.pk])
    assert page.link("Blue Mesa") == story
    assert page.link("Undo this run") == undo(run)


def test_a_run_asks_the_same_queries_of_two_listings_and_of_forty(admin, run, tmp_path):
    rows = [{"name": f"Clinic {n:02}"} for n in range(40)]
    importing.imported(importing.listings(tmp_path, *rows))
    counts = []
    for each in (run, ImportRun.objects.first()):
        with CaptureQueriesContext(connection) as queries:
            admin.get(page_of(each))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_an_undo_shows_first_what_goes_and_what_stays(admin, boss, run):
    edit(boss, "Blue Mesa")
    page = read(admin, undo(run))
    assert "2 listings that it added go" in page.words
    assert "1 listing was edited since" in page.words
    assert "Blue Mesa" in page.words
    assert Provider.objects.count() == 2


def test_an_undo_takes_the_run_back_and_tells_what_stayed(admin, boss, run):
    edit(boss, "Blue Mesa")
    answer = admin.post(undo(run))
    undoing = ImportRun.objects.get(undoes=run)
    assert answer.url == page_of(undoing)
    assert "1 listing is as it was" in messages_of(answer)
    assert "edited since and stays" in messages_of(answer)
    assert undoing.by == boss
    assert [p.name for p in Provider.objects.all()] == ["Blue Mesa"]
    page = read(admin, page_of(undoing))
    assert "blue-mesa" in page.words
    assert page.link(f"of run {run.pk}") == page_of(run)


def test_a_run_is_undone_once(admin, run):
    admin.post(undo(run))
    for each in ImportRun.objects.all():
        assert "Undo this run" not in admin.get(page_of(each)).content.decode()
        assert "undone already" in read(admin, undo(each)).words
        admin.post(undo(each))
    assert ImportRun.objects.count() == 2


def test_open_conflicts_of_a_run_are_linked(admin, boss, run, tmp_path):
    edit(boss, "Blue Mesa")
    other = {"name": "Blue Mesa", "phone": "720-555-0100"}
    importing.imported(importing.listings(tmp_path, other))
    later = ImportRun.objects.first()
    page = read(admin, page_of(later))
    address = f"/admin/providers/conflict/?run__id__exact={later.pk}"
    assert ("1", address) in page.links
    assert "1 conflict" in read(admin, address).words


def test_a_limited_editor_undoes_only_her_own_runs(client, run):
    editor = User.objects.create_user("ed", is_staff=True)
    editor.groups.add(Group.objects.get(name="regional editors"))
    editor.kept_regions.create(region=Region.objects.get(code="US-CO"))
    client.force_login(editor)
    assert client.get(undo(run)).status_code == 404
    assert client.post(undo(run)).status_code == 404
    ImportRun.objects.update(by=editor)
    assert client.get(undo(run)).status_code == 200


def test_only_who_may_delete_listings_undoes(client, run):
    editor = User.objects.create_user("temp", is_staff=True)
    client.force_login(editor)
    assert client.post(undo(run)).status_code == 403
