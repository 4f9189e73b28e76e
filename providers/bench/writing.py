"""Writes rows in bulk into a scratch database, past `actions` and its story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Field, Model
from django.utils import timezone
from tqdm import tqdm

from providers import actions
from providers.bench.drawing import Batch, Columns, Drawing
from providers.models import Provider, Source

UNSAFELY_FAST = (
    *("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"),
    *("ignore_check_constraints = ON", "cache_size = -500000"),  # KiB
)


def write_listings(count: int) -> None:
    """Fill an empty directory with that many invented listings."""
    actions.ensure_sources()
    drawing = Drawing(
        on=timezone.localdate(), source=Source.objects.get(code="sample").pk
    )
    with tqdm(total=count, disable=None, unit=" listings") as bar:
        for batch in drawing.batches(count):
            write(batch)
            bar.update(len(batch[Provider]["id"]))


@contextmanager
def unsafely_fast() -> Iterator[None]:
    """Let SQLite write without care for a power cut, an index or a constraint.

    Rows drawn here keep the constraints (a test writes some under them), the indexes
    are made afterwards, and the file is thrown away.
    """
    with connection.cursor() as cursor:
        for setting in UNSAFELY_FAST:
            cursor.execute(f"PRAGMA {setting}")
        indexes = _indexes(cursor)
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for index in indexes.values():
            cursor.execute(index)
    connection.close()  # the next opens with the settings of every other


def _indexes(cursor) -> dict[str, str]:
    """The statement that makes each index, but for those of a table's own keys."""
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''"
        " AND tbl_name LIKE 'providers_%%'"
    )
    return dict(cursor.fetchall())


@transaction.atomic
def write(batch: Batch) -> None:
    with connection.cursor() as cursor:
        for model, columns in batch.items():
            rows = list(zip(*_given(model, columns).values(), strict=True))
            cursor.executemany(_insert(model, columns), rows)


def _given(model: type[Model], columns: Columns) -> dict[Field, list]:
    fields = model._meta.concrete_fields
    return {f: columns[f.attname] for f in fields if f.attname in columns}


def _insert(model: type[Model], columns: Columns) -> str:
    """The statement; columns that are not given get their fields' defaults."""
    quote = connection.schema_editor().quote_value
    values = dict.fromkeys(_given(model, columns), "%s")
    for field in model._meta.concrete_fields:
        if field not in values and not (field.generated or field.primary_key):
            value = field.get_db_prep_save(field.get_default(), connection)
            values[field] = str(quote(value)).replace("%", "%%")
    names = ", ".join(connection.ops.quote_name(field.column) for field in values)
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(values.values())})"
