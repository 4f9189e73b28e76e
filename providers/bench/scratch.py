"""A database of its own for a measurement, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from providers import actions
from providers.imports.samples.making import document
from providers.imports.samples.spots import spots

SEED = 20_261_122
SPREAD_DEGREES = 0.4  # how far from its spot's own point a listing lies, at most


@contextmanager
def scratch_database() -> Iterator[Path]:
    """An empty SQLite file with every table and the gazetteer, in place of ours."""
    ours = connection.settings_dict["NAME"]
    with TemporaryDirectory(prefix="kapfinder-bench-") as folder:
        connection.close()
        file = connection.settings_dict["NAME"] = Path(folder) / "bench.sqlite3"
        try:
            call_command("migrate", verbosity=0)
            call_command("load_places", stdout=StringIO())
            yield file
        finally:
            connection.close()
            connection.settings_dict["NAME"] = ours


def make_listings(count: int) -> None:
    """Write that many invented listings, spread around the samples' towns."""
    random, taken, today = Random(SEED), set(), timezone.localdate()
    towns, bar = list(spots()), tqdm(total=count, disable=None, unit=" listings")
    with bar:
        for start in range(0, count, actions.BATCH):
            numbers = range(start + 1, min(start + actions.BATCH, count) + 1)
            actions.apply(
                [
                    actions.Edit(None, _listing(number, towns, random, today, taken))
                    for number in numbers
                ]
            )
            bar.update(len(numbers))


def _listing(number: int, towns: list, random: Random, today, taken: set[str]) -> dict:
    listing = document(number, towns[number % len(towns)], on=today, taken=taken)
    if listing["point"] is None:
        return listing
    near = {
        name: listing["point"][name] + random.uniform(-SPREAD_DEGREES, SPREAD_DEGREES)
        for name in ("latitude", "longitude")
    }
    return listing | {"point": listing["point"] | near}
