"""`manage.py bench --desk`: how fast the editors' pages answer, measured now."""

import json
import os
import platform

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from providers.bench import desk
from providers.bench.scratch import make_listings, scratch_database


class Command(BaseCommand):
    help = "Measure in a scratch SQLite database of invented listings."

    def add_arguments(self, parser):
        parser.add_argument(
            "--desk", action="store_true", help="The editors' pages in the admin."
        )
        parser.add_argument("--listings", type=int, default=10_000, metavar="N")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *, listings, **options):
        if not options["desk"]:
            raise CommandError("Say what to measure: --desk.")
        if connection.vendor != "sqlite":
            raise CommandError("The scratch database is SQLite: unset DATABASE_URL.")
        if listings < 1:
            raise CommandError("--listings must be 1 or more.")
        with scratch_database():
            make_listings(listings)
            rows = list(desk.measure())
        if options["json"]:
            found = {"machine": _machine(), "listings": listings, "rows": rows}
            self.stdout.write(json.dumps(found, indent=2))
            return
        self.stdout.write(f"{listings:,} listings, SQLite, {_machine()}")
        for row in rows:
            self.stdout.write(
                f"{row['p50_ms']:8.1f} ms  p95 {row['p95_ms']:8.1f} ms  "
                f"{row['queries']:3} queries  {row['page']}"
            )


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"
