"""Write listings or prices into a file that imports again to no change."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers import exports
from providers.models import Provider, Region


class Command(BaseCommand):
    help = (
        "Write listings or prices as CSV or XLSX, by the file's ending. Importing the "
        "file again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help=", ".join(exports.KINDS))
        parser.add_argument(
            "file", metavar="FILE", help="Ends in .csv or .xlsx; - prints CSV."
        )
        parser.add_argument(
            "--region",
            action="append",
            default=[],
            metavar="CODE",
            help="Only listings there (US-CO, GB, EU); may be repeated.",
        )
        parser.add_argument(
            "--published", action="store_true", help="Only published listings."
        )
        parser.add_argument(
            "--samples", action="store_true", help="Invented listings too."
        )
        parser.add_argument(
            "--template",
            action="store_true",
            help="Only the headings, and an example of a row.",
        )

    def handle(self, *, kind, file, template, samples, **options):
        if kind not in exports.KINDS:
            known = ", ".join(exports.KINDS)
            raise CommandError(f"No kind {kind!r}: choose from {known}.")
        if template:
            headings, rows = exports.template(kind)
        else:
            found = _chosen(options["region"], published=options["published"])
            headings, rows = exports.table(kind, found, samples=samples)
        if file == "-":
            for line in exports.csv_lines(headings, rows):
                self.stdout.write(line, ending="")
        else:
            number = _write(Path(file), headings, rows)
            self.stdout.write(f"{number:,} rows in {file}")


def _chosen(regions: list[str], *, published: bool):
    known = set(Region.objects.values_list("code", flat=True))
    if strangers := set(regions) - known:
        raise CommandError(f"--region: no region {min(strangers)!r}.")
    found = Provider.objects.in_regions(regions) if regions else Provider.objects.all()
    return found.filter(published=True) if published else found


def _write(path: Path, headings, rows) -> int:
    """Write the whole file, or leave what stands there as it is."""
    format_ = path.suffix.lower().removeprefix(".")
    if format_ not in exports.FORMATS:
        raise CommandError(f"{path.name} must end in .csv or .xlsx.")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            number = exports.write_table(headings, rows, file, format_)
        os.replace(part, path)
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return number
