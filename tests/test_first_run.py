"""The first run fills what is empty, once, and touches nothing that is there."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from providers.management.commands import first_run
from providers.models import Place, PlaceKind, Provider, Region
from tests import factories

TABLES = ["load_places", "load_crisis_lines", "load_courses"]
LOADING = [*TABLES, "sample"]


@pytest.fixture
def called(monkeypatch):
    """The commands that the first run calls, in order; none of them is run."""
    names = []
    monkeypatch.setattr(first_run, "call_command", lambda name, **_: names.append(name))
    return names


def run() -> str:
    said = StringIO()
    call_command("first_run", stdout=said)
    return said.getvalue()


def add_place() -> None:
    factories.regions()
    Place.objects.create(
        kind=PlaceKind.TOWN,
        name="Denver",
        country="US",
        region=Region(pk="US-CO"),
        latitude=39.74,
        longitude=-104.99,
    )


def printed_password(said: str) -> str:
    return said.partition("editor / ")[2].split()[0]


@pytest.mark.django_db
def test_an_empty_database_gets_places_lines_samples_and_an_editor(called):
    said = run()
    assert called == LOADING
    editor = get_user_model().objects.get(username="editor")
    assert editor.check_password(printed_password(said))
    assert editor.is_superuser
    assert editor.is_staff
    assert "set up the second factor" in said


@pytest.mark.django_db
def test_each_password_is_another_and_long(called):
    passwords = set()
    for _ in range(3):
        passwords.add(printed_password(run()))
        get_user_model().objects.all().delete()
    assert len(passwords) == 3
    assert min(map(len, passwords)) >= 16


@pytest.mark.django_db
def test_a_second_run_neither_samples_nor_prints_a_password(called):
    run()
    add_place()
    called.clear()
    said = run()
    assert "sample" not in called
    assert "load_places" not in called
    assert "editor" not in said
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_a_run_broken_off_in_the_samples_is_completed_by_the_next(called, monkeypatch):
    def break_off(name, **options):
        if name == "sample":
            factories.provider()
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(first_run, "call_command", break_off)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert not Provider.objects.exists()
    assert not get_user_model().objects.exists()
    assert "editor / " in run()
    assert called == LOADING


@pytest.mark.django_db
def test_listings_of_the_operators_own_get_no_samples_beside_them(called):
    factories.provider()
    run()
    assert "sample" not in called
    assert Provider.objects.count() == 1


@pytest.mark.django_db
def test_an_account_made_by_hand_gets_places_but_no_samples_and_no_editor(called):
    get_user_model().objects.create_superuser("ana", password="own words")
    said = run()
    assert called == TABLES
    assert "editor" not in said
    assert not get_user_model().objects.filter(username="editor").exists()


@pytest.mark.django_db
def test_a_failed_load_ends_the_run_before_the_account(monkeypatch):
    def fail(name, **options):
        raise CommandError("No regions.csv.")

    monkeypatch.setattr(first_run, "call_command", fail)
    with pytest.raises(CommandError, match=r"regions\.csv"):
        run()
    assert not get_user_model().objects.exists()


def test_an_unknown_option_is_refused():
    with pytest.raises(CommandError, match="--again"):
        call_command("first_run", "--again")
