"""Load real listings from a file in one of the layouts of providers/imports/."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.imports.pipeline import KINDS, load
from providers.imports.rows import BadFile, Reported, reported


class Command(BaseCommand):
    help = (
        "Load listings from a file, all or nothing. Only facilities that report "
        "ketamine are kept, and published. What a person confirmed stays as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV, XLSX or JSON")
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

    def handle(self, *, kind, file, reported, dry_run, strict, **options):
        if kind not in KINDS:
            raise CommandError(f"No kind {kind!r}: choose from {', '.join(KINDS)}.")
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


def _reported(text: str) -> Reported:
    try:
        return reported(text)
    except ValueError as error:
        raise CommandError(f"--reported: {error}.") from error
