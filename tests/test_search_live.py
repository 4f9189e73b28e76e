"""The index of a process is never behind a committed write."""

import threading
from time import monotonic

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from providers.models import Provider, SearchChange, Source
from providers.models.searching import KEPT_HOURS
from providers.question import Search
from providers.search import live
from tests import factories, seen_everywhere
from tests.scratch import python

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(db):
    """Enough listings that touching one is touching few."""
    return [factories.provider(slug=f"clinic-{n}") for n in range(8)]


def total(**asked) -> int:
    return live.current().index.total(Search(on=factories.days_ago(0), **asked))


def number(index: live.Live, provider: Provider) -> int:
    return index.change_numbers([provider.pk])[provider.pk]


def rename(provider: Provider, name: str) -> None:
    Provider.objects.filter(pk=provider.pk).update(name=name, plain_name=name)


# --- In every process -----------------------------------------------------------------


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file of SQLite's own")
def test_every_kind_of_write_is_seen_by_another_process_on_sqlite(scratch_file):
    process = python(scratch_file, "-m", "tests.seen_everywhere")
    said, _ = process.communicate(timeout=300)
    assert said.endswith("each is seen at once.\n"), said


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs two writers")
@pytest.mark.django_db(transaction=True)
def test_every_kind_of_write_is_seen_by_another_process_on_postgresql(tmp_path):
    assert seen_everywhere.run(tmp_path).endswith("each is seen at once.")


# --- In this one ----------------------------------------------------------------------


def test_while_nothing_changes_a_search_asks_one_query(many, django_assert_num_queries):
    before = live.current()
    with django_assert_num_queries(1):
        assert live.current() is before


def test_a_write_is_patched_in(many):
    before = live.current()
    rename(many[3], "lumen")
    assert total(words="lumen") == 1
    assert live.current().built_at == before.built_at
    assert len(live.current().index) == len(many)
    assert before.index.total(Search(on=factories.days_ago(0), words="lumen")) == 0


@pytest.mark.parametrize(
    "hidden",
    [{"published": False}, {"status": "closed"}],
    ids=["unpublished", "closed"],
)
def test_what_may_not_be_shown_goes_and_comes_back(many, hidden):
    shown = {"published": True, "status": "active"}
    live.current()
    Provider.objects.filter(pk=many[0].pk).update(**hidden)
    assert total() == len(many) - 1
    Provider.objects.filter(pk=many[0].pk).update(**shown)
    assert total() == len(many)


def test_a_rollback_leaves_nothing_behind(many):
    for name in ("lumen", "harbor"):
        with factories.rolled_back():
            rename(many[0], name)
            assert total(words=name) == 1
        assert total(words=name) == 0
    rename(many[1], "aspen")  # on SQLite under the number that is free again
    assert (total(words="harbor"), total(words="aspen")) == (0, 1)


def test_a_change_of_a_lower_number_is_taken_in_as_well(many):
    """As of a transaction that wrote first and was committed last."""
    SearchChange.objects.append()
    late = SearchChange.objects.latest()
    late.delete()
    SearchChange.objects.append()
    live.current()
    with connection.cursor() as cursor:  # past what would name it
        cursor.execute(
            "UPDATE providers_provider SET plain_name = 'lumen' WHERE id = %s",
            [many[2].pk],
        )
    assert total(words="lumen") == 0
    SearchChange.objects.create(pk=late.pk, providers=[many[2].pk])
    assert total(words="lumen") == 1


def test_a_change_of_everything_builds_anew(many, capsys):
    before = live.current()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE providers_provider SET plain_name = 'lumen'")
    assert total(words="lumen") == 0
    call_command("reindex")
    assert "reads all listings again" in capsys.readouterr().out
    assert total(words="lumen") == len(many)
    assert live.current().built_at > before.built_at


def test_many_changes_build_anew_rather_than_patch(many):
    before = live.current()
    Provider.objects.update(name="Lumen", plain_name="lumen")
    assert total(words="lumen") == len(many)
    assert live.current().built_at > before.built_at


def test_a_change_beside_the_listings_keeps_the_index_and_moves_every_number(many):
    before = live.current()
    Source.objects.filter(code="clinic").update(name="A clinic")
    now = live.current()
    assert now.built_at == before.built_at
    assert now.version != before.version
    assert now.others > before.others
    for provider in many:
        assert number(now, provider) > number(before, provider)


def test_only_a_touched_listings_number_moves(many):
    before = live.current()
    rename(many[0], "lumen")
    now = live.current()
    assert number(now, many[0]) > number(before, many[0])
    assert number(now, many[1]) == number(before, many[1])
    assert now.others == before.others
    assert number(before, many[0]) < number(live.current(), many[0])


# --- Old changes ----------------------------------------------------------------------


def prune_all() -> None:
    """As `prune` does when all changes have become old."""
    highest = SearchChange.objects.latest().pk
    SearchChange.objects.filter(pk__lt=highest).delete()


def test_changes_that_go_leave_the_index_as_it_is(many):
    before = live.current()
    prune_all()
    now = live.current()
    assert now.version != before.version
    assert now.built_at == before.built_at
    assert total() == len(many)


@pytest.mark.parametrize("held", ["some", "none"])
def test_an_index_that_slept_while_changes_went_is_built_anew(many, monkeypatch, held):
    if held == "none":
        SearchChange.objects.all().delete()
    before = live.current()
    rename(many[0], "lumen")
    SearchChange.objects.append()
    prune_all()  # what named the listing is gone
    later = monotonic() + KEPT_HOURS * 3_600 / 2 + 1
    monkeypatch.setattr(live, "monotonic", lambda: later)
    assert total(words="lumen") == 1
    assert live.current().built_at > before.built_at


# --- Aside ----------------------------------------------------------------------------


def test_within_a_transaction_nothing_runs_aside(many, monkeypatch):
    monkeypatch.setattr(live, "AGED_AFTER_S", -1)
    monkeypatch.setattr(live, "_run_aside", pytest.fail)
    assert total() == len(many)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("aged", ["AGED_AFTER_S", "LONG_TAIL"])
def test_an_aged_index_answers_while_another_is_built(monkeypatch, aged):
    lumen = factories.provider(name="Lumen")
    first = live.current()
    monkeypatch.setattr(live, aged, -1)
    works = []
    monkeypatch.setattr(live, "_run_aside", works.append)
    assert total(words="lumen") == 1
    assert live.current() is first
    work = works[0]
    rename(lumen, "harbor")
    work()
    assert live.current().built_at > first.built_at
    assert total(words="harbor") == 1
    assert SearchChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_index_built_anew_leaves_what_no_listing_is_part_of():
    lumen = factories.provider(name="Lumen")
    first = live.current()
    live._build_anew()
    second = live.current()
    assert second.built_at > first.built_at
    assert second.others == first.others
    assert number(second, lumen) > number(first, lumen)
    Source.objects.filter(code="clinic").update(name="A clinic")
    live._build_anew()
    assert live.current().others > second.others


def test_one_thing_at_a_time_runs_aside_and_closes_what_it_opened():
    begun, end = threading.Event(), threading.Event()
    live._run_aside(lambda: (begun.set(), end.wait(10)))
    assert begun.wait(10)
    live._run_aside(pytest.fail)
    end.set()
    assert live._aside.acquire(timeout=10)
    live._aside.release()


@pytest.mark.django_db(transaction=True)
def test_the_first_search_waits_for_the_build_that_is_under_way(monkeypatch):
    factories.provider(name="Lumen")
    live.forget()
    built = []

    def build(tables):
        built.append(1)
        return original(tables)

    original = live.Index.of
    monkeypatch.setattr(live.Index, "of", build)
    live.start()
    assert total(words="lumen") == 1
    with live._aside:  # until the other thread has ended
        assert live.is_ready()
    assert built == [1]


@pytest.mark.django_db(transaction=True)
def test_an_index_of_an_open_transaction_is_nobody_elses(many):
    with transaction.atomic():
        rename(many[0], "lumen")
        assert total(words="lumen") == 1
        transaction.set_rollback(True)
    assert total(words="lumen") == 0
