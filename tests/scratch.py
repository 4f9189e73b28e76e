"""A database in a file of its own, and commands that run on it as processes."""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from django.db.backends.sqlite3._functions import register

ROOT = Path(__file__).resolve().parent.parent
ROW = {
    "source": "harbor_list",
    "city": "Denver",
    "region": "CO",
    "postcode": "80202",
    "country": "US",
    "routes": "iv",
    "phone": "303-555-0142",
    "payment": "medicare",
}
CLOCK = ("made_at", "started_at", "changed_at")  # columns that tell the hour


def python(database: Path, *words: str) -> subprocess.Popen:
    """Start Python on the database; its output is read from `communicate`."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    known = {"DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "scratch"}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment = os.environ | known | settings
    return subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment, **pipes
    )


def manage(database: Path, *words: str) -> str:
    """What a command says. Raises RuntimeError if it fails."""
    process = python(database, "manage.py", *words)
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)}: {said}")
    return said


def new_database(path: Path) -> Path:
    """A migrated database with the regions, and no listing."""
    manage(path, "migrate", "--verbosity=0")
    code = "from tests import factories; factories.regions()"
    manage(path, "shell", "--verbosity=0", "-c", code)
    return path


def contents(database: Path) -> dict[str, list[tuple]]:
    """All rows of our tables, but for the hour at which each was written.

    Raises AssertionError where the file is no sound database.
    """
    connection = sqlite3.connect(database)
    register(connection)  # what the constraints ask
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?"
        tables = [name for (name,) in connection.execute(names, ("providers_%",))]
        return {table: _rows(connection, table) for table in sorted(tables)}
    finally:
        connection.close()


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple]:
    found = connection.execute(f"PRAGMA table_info({table})")
    columns = ", ".join(f'"{row[1]}"' for row in found if row[1] not in CLOCK)
    return connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()


def many_listings(path: Path, numbers: Iterable[int], **cells: str) -> Path:
    """A listings file of that many clinics, each at an address of its own."""
    row = ROW | cells
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["name", "street", *row])
        writer.writeheader()
        for n in numbers:
            place = {"name": f"Clinic {n}", "street": f"{n} Aspen Street"}
            writer.writerow(row | place)
    return path
