"""Where listings come from: sources, import runs and their conflicts."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from providers import vocabulary
from providers.models import Check, Conflict, ImportRun, Source


def ensure_sources() -> None:
    """Make the sources that the vocabulary names; existing ones stay as edited."""
    for code in vocabulary.SOURCES:
        ensure_source(code)


def record_conflicts(conflicts: Iterable[Conflict]) -> None:
    """Keep the values that a run may not overwrite beside those that it brought."""
    Conflict.objects.bulk_create(conflicts)


def record_checks(checks: Iterable[Check]) -> None:
    """Keep what others asked and a file reports; its rows are dated by themselves."""
    Check.objects.bulk_create(checks, batch_size=500)


def wait_for_imports() -> None:
    """Let one import, or undoing of one, write at a time: until the transaction ends.

    They may match the same listings, and would add one clinic twice. SQLite has one
    writer at a time anyhow.
    """
    if connection.features.has_select_for_update:
        sources = Source.objects.order_by("pk").select_for_update(no_key=True)
        list(sources.values_list("pk", flat=True))


def ensure_source(
    code: str, *, name: str = "", url: str = "", licence: str = ""
) -> Source:
    """The source of that code, made where there is none; an existing one stays."""
    seed = vocabulary.SOURCES.get(code)
    made = {"name": name or code, "url": url, "licence": licence}
    if seed is not None:
        made = {
            "name": seed.name,
            "publisher": seed.publisher,
            "url": seed.url,
            "licence": seed.licence,
        }
    return Source.objects.get_or_create(code=code, defaults=made)[0]


def start_run(
    *,
    importer: str,
    source: Source | None,
    file_name: str,
    file_sha256: str,
    by: AbstractBaseUser | None = None,
    undoes: ImportRun | None = None,
) -> ImportRun:
    """Record that an importer begins on a file, or that a run is being undone."""
    return ImportRun.objects.create(
        importer=importer,
        source=source,
        file_name=file_name[:200],
        file_sha256=file_sha256,
        by=by,
        undoes=undoes,
    )


def finish_run(run: ImportRun, *, report: str = "", **counts: int) -> None:
    """Record what a run found: new, changed, unchanged, repeated, rejected."""
    for name, count in counts.items():
        setattr(run, name, count)
    run.report = report
    run.save(update_fields=[*counts, "report"])
