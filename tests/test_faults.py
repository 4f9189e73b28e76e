"""Killed imports, and people who edit while imports run: nothing is lost."""

import pytest
from django.db import connection

from tests import editing_at_once, kill_imports
from tests.scratch import python

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="a file of SQLite's own"
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a server's database"
)


@on_sqlite
def test_editors_and_imports_at_once_lose_nothing_on_sqlite(scratch_file):
    process = python(scratch_file, "-m", "tests.editing_at_once")
    said, _ = process.communicate(timeout=300)
    assert said.endswith("nothing is lost.\n"), said


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_editors_and_imports_at_once_lose_nothing_on_postgresql(tmp_path):
    assert editing_at_once.run(tmp_path).endswith("nothing is lost.")


@pytest.mark.faults
def test_a_killed_import_loses_nothing_and_leaves_nothing_half(tmp_path):
    assert len(kill_imports.run(3, tmp_path)) == 3
