"""`manage.py bench`: how fast searches, or the editors' pages, answer. Measured now."""

import argparse
import json
import os
import platform
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from providers.bench import desk, postgres, searching, table
from providers.bench.scratch import make_listings, scratch_database
from providers.bench.writing import unsafely_fast, write_listings

MOST_LISTINGS = 10_000_000


def _sizes(text: str) -> list[int]:
    """ "10000,100000": how many listings each directory has."""
    try:
        sizes = [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers") from None
    if not all(1 <= size <= MOST_LISTINGS for size in sizes):
        raise argparse.ArgumentTypeError(f"1 to {MOST_LISTINGS:,} listings")
    return list(dict.fromkeys(sizes))


class Command(BaseCommand):
    help = "Measure in a scratch SQLite database of invented listings."

    def add_arguments(self, parser):
        parser.add_argument(
            "--listings",
            type=_sizes,
            default=[10_000],
            metavar="N,N…",
            help="How many listings; one size after the other.",
        )
        parser.add_argument(
            "--postgres",
            default="",
            metavar="URL",
            help="Ask PostgreSQL the same, in a scratch database on that server.",
        )
        parser.add_argument(
            "--desk", action="store_true", help="The editors' pages in the admin."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *, listings, **options):
        if connection.vendor != "sqlite":
            raise CommandError("The scratch database is SQLite: unset DATABASE_URL.")
        if options["desk"]:
            if len(listings) > 1 or options["postgres"]:
                raise CommandError("--desk takes one size, and no --postgres.")
            return self._desk(listings[0], as_json=options["json"])
        if options["postgres"]:
            _refuse_wrong_server(options["postgres"])
        self._search(listings, options["postgres"], as_json=options["json"])

    def _search(self, sizes: list[int], server: str, *, as_json: bool) -> None:
        found = searching.Found()
        for size in sizes:
            with scratch_database() as database:
                with unsafely_fast():
                    write_listings(size)
                searching.measure(found, database=database, server=server)
        if as_json:
            self._print_json({"machine": _machine()} | asdict(found))
            return
        self.stdout.write(f"{_machine()}, SQLite\n")
        for line in table.lines(found):
            self.stdout.write(line)

    def _desk(self, listings: int, *, as_json: bool) -> None:
        with scratch_database():
            make_listings(listings)
            rows = list(desk.measure())
        if as_json:
            found = {"machine": _machine(), "listings": listings, "rows": rows}
            self._print_json(found)
            return
        self.stdout.write(f"{listings:,} listings, SQLite, {_machine()}")
        for row in rows:
            asked = "" if row["queries"] is None else f"{row['queries']:3} queries"
            self.stdout.write(
                f"{row['p50_ms']:8.1f} ms  p95 {row['p95_ms']:8.1f} ms  "
                f"{asked:11}  {row['page']}"
            )

    def _print_json(self, found: dict) -> None:
        self.stdout.write(json.dumps(found, indent=2))


def _refuse_wrong_server(url: str) -> None:
    try:
        postgres.check(url)
    except postgres.NoServerError as error:
        raise CommandError(f"--postgres: {error}") from error


def _machine() -> str:
    cores = f"{os.cpu_count()} cores ({platform.machine()})"
    return f"{cores}, {platform.system()}, Python {platform.python_version()}"
