"""Load real listings from a file in one of the layouts of providers/imports/."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers import actions
from providers.imports.pipeline import KINDS, load
from providers.imports.rows import BadFile, Reported, reported
from providers.models import ImportRun


class Command(BaseCommand):
    help = (
        "Load listings from a file, all or nothing. Only facilities that report "
        "ketamine are kept, and published. What a person confirmed stays as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "kind", metavar="KIND", nargs="?", help=", ".join(KINDS), default=""
        )
        parser.add_argument(
            "file", metavar="FILE", nargs="?", type=Path, help="CSV, XLSX or JSON"
        )
        parser.add_argument(
            "--reported",
            metavar="WHEN",
            help="Year or date of the survey (2024, 2024-05-31), where the file has "
            "none.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Keep nothing.")
        parser.add_argument(
            "--all",
            action="store_true",
            help="Keep every other row too, as an unpublished draft.",
        )
        parser.add_argument(
            "--strict", action="store_true", help="Keep nothing if a row is rejected."
        )
        parser.add_argument(
            "--undo",
            metavar="RUN",
            help="Take back what the run of that number did, or the last one; what "
            "was edited since stays.",
        )

    def handle(self, *, kind, file, undo, dry_run, **options):
        if undo is not None:
            if kind:
                raise CommandError("--undo takes no KIND and no FILE.")
            self._undo(_run(undo), dry_run=dry_run)
        elif file is None:
            raise CommandError("KIND and FILE are required.")
        elif kind not in KINDS:
            raise CommandError(f"No kind {kind!r}: choose from {', '.join(KINDS)}.")
        else:
            self._import(kind, file, dry_run=dry_run, **options)

    def _import(self, kind, file, *, reported, dry_run, strict, **options):
        when = _reported(reported) if reported is not None else None
        try:
            report = load(
                kind,
                file,
                reported=when,
                keep_all=options["all"],
                dry_run=dry_run,
                strict=strict,
            )
        except BadFile as error:
            raise CommandError(str(error)) from error
        for line in report.lines():
            self.stdout.write(line)
        if report.rejected:
            sys.exit(1)

    @transaction.atomic
    def _undo(self, run: ImportRun, *, dry_run: bool) -> None:
        try:
            undo = actions.undo_run(run)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for line in undo.report.splitlines():
            self.stdout.write(line)
        transaction.set_rollback(dry_run)
        kept = "Nothing of this was kept." if dry_run else f"Run {undo.pk}."
        self.stdout.write(kept)
        self.stdout.write(
            f"Run {run.pk} ({run.file_name}): {undo.changed} listings restored, "
            f"{undo.rejected} stay in part or whole"
        )


def _run(word: str) -> ImportRun:
    """The run of that number; "last" is the latest that is no undoing."""
    runs = ImportRun.objects.filter(undoes=None)
    if word == "last":
        found = runs.first()
        if found is None:
            raise CommandError("There is no run yet.")
        return found
    found = None
    if word.isascii() and word.isdigit() and len(word) < 10:
        found = ImportRun.objects.filter(pk=int(word)).first()
    if found is None:
        raise CommandError(f"No run {word!r}: give its number, or last.")
    return found


def _reported(text: str) -> Reported:
    try:
        return reported(text)
    except ValueError as error:
        raise CommandError(f"--reported: {error}.") from error
