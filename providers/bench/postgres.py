"""A scratch database on a PostgreSQL server, filled with the rows of our own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import environ
from django.conf import settings
from django.db import connection
from django.db.models import Model
from tqdm import tqdm

from providers.bench import raw_sql
from providers.bench.questions import Question
from providers.models import Fact, Offering, PriceLine, Provider, Region, Source

try:
    import psycopg
except ImportError:  # it is in requirements-postgres alone
    psycopg = None

# Parents before children.
TABLES = (Region, Source, Provider, Offering, Offering.serves.through, PriceLine, Fact)
ROWS_AT_ONCE = 20_000
FORM = "the URL must be postgres://USER:PASSWORD@HOST:PORT/NAME."


class NoServerError(ValueError):
    """A URL that leads to no PostgreSQL server where a database can be made."""


def check(url: str) -> None:
    """Raise NoServerError, its message without the URL's password."""
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise NoServerError(FORM)
    try:
        environ.Env.db_url_config(url)
    except ValueError as error:
        raise NoServerError(FORM) from error
    if psycopg is None:
        raise NoServerError("psycopg is missing: requirements-postgres.txt has it.")
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        raise NoServerError("no PostgreSQL server answers at the URL.") from error


@contextmanager
def scratch_server(url: str) -> Iterator[psycopg.Connection]:
    """A connection to a new database with the rows of ours; both are gone after it."""
    name = f"kapfinder_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
            _migrate(own)
            with psycopg.connect(own, autocommit=True) as scratch:
                _copy_all(scratch)
                yield scratch
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(url: str) -> None:
    words = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    env = os.environ | {"DATABASE_URL": url}
    subprocess.run(words, cwd=settings.BASE_DIR, env=env, check=True)


def _copy_all(scratch: psycopg.Connection) -> None:
    tables = ", ".join(f'"{model._meta.db_table}"' for model in TABLES)
    with _made_afterwards(scratch):
        scratch.execute(f"TRUNCATE {tables}")  # migrating makes sources
        for model in TABLES:
            _copy(model, scratch)
    scratch.execute("VACUUM ANALYZE")


@contextmanager
def _made_afterwards(scratch: psycopg.Connection) -> Iterator[None]:
    """Without the foreign keys and indexes, which are made faster over whole tables."""
    keys, indexes = (scratch.execute(sql).fetchall() for sql in (_KEYS, _INDEXES))
    for table, name, _definition in keys:
        scratch.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        scratch.execute(f'DROP INDEX "{name}"')
    yield
    for _name, definition in indexes:
        scratch.execute(definition)
    for table, name, definition in keys:
        scratch.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename LIKE 'providers%'
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def _copy(model: type[Model], scratch: psycopg.Connection) -> None:
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = f'"{model._meta.db_table}"'
    with (
        connection.cursor() as ours,
        scratch.cursor() as theirs,
        theirs.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
        tqdm(disable=None, unit=f" {model._meta.verbose_name_plural}") as bar,
    ):
        ours.execute(f"SELECT {names} FROM {table}")
        while rows := ours.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                copy.write_row(row)
            bar.update(len(rows))


def ask(scratch: psycopg.Connection, question: Question) -> int:
    """Ask for the page, the total and the counts; return the total."""
    found = [
        scratch.execute(sql.text, sql.values).fetchall()
        for sql in raw_sql.statements(question.search, spread=question.spread)
    ]
    [(total,)] = found[1]
    return total
