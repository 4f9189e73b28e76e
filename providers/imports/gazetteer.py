"""Regions, postcodes and towns: from the packaged files into the tables.

The files are compared with the tables row by row, so a second load changes nothing, a
newer file changes only what differs, and a load that was broken off is completed. What
the files do not hold stays: listings refer to regions, operators may add places.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Model
from tqdm import tqdm

from providers.models import (
    Place,
    PlaceKind,
    PlaceName,
    Region,
    RegionKind,
    SearchChange,
)
from providers.place_names import name_key

DATA = Path(__file__).resolve().parent.parent / "data"
BATCH = 2_000  # rows; SQLite takes 32,766 values in one statement


class PlaceRow(NamedTuple):
    """One place of a file; a postcode is found by its code, a town by its names."""

    kind: str
    name: str
    postcode: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int = 0
    names: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when a newer file corrects the rest of the row."""
        if self.postcode:
            return self.kind, self.country, self.postcode
        return self.kind, self.region, self.name

    @property
    def columns(self) -> tuple:
        return self[:-1]

    @property
    def plain_names(self) -> set[str]:
        own = self.postcode.lower() or name_key(self.name)
        return {own, *self.names}


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows new, rows changed, rows already so."""

    new: int
    changed: int
    unchanged: int

    def __str__(self) -> str:
        return (
            f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} as before"
        )


@transaction.atomic
def load(folder: Path = DATA) -> tuple[Loaded, Loaded]:
    """Load the packaged regions, then the packaged places; say what changed in each."""
    regions = load_regions(folder / "regions.csv")
    postcodes = postcode_rows(folder / "postcodes.csv.gz")
    towns = town_rows(folder / "towns.csv.gz")
    return regions, load_places([*postcodes, *towns])


def load_regions(path: Path) -> Loaded:
    """Make the regions of the file as the file has them."""
    before = Region.objects.in_bulk()
    regions = [_region(row) for row in _rows(path)]
    new = [region for region in regions if region.code not in before]
    changed = [
        region
        for region in regions
        if region.code in before and _differs(region, before[region.code])
    ]
    Region.objects.bulk_create(new)
    Region.objects.bulk_update(changed, _REGION_FIELDS)
    return Loaded(len(new), len(changed), len(regions) - len(new) - len(changed))


_REGION_FIELDS = ["kind", "name_en", "name_es", "parent"]


def _region(row: dict[str, str]) -> Region:
    return Region(
        code=row["code"],
        kind=RegionKind(row["kind"]),
        name_en=row["name_en"],
        name_es=row["name_es"],
        parent_id=row["parent"] or None,
    )


def _differs(region: Region, other: Region) -> bool:
    fields = ["kind", "name_en", "name_es", "parent_id"]
    return any(getattr(region, name) != getattr(other, name) for name in fields)


def postcode_rows(path: Path) -> Iterator[PlaceRow]:
    for row in _rows(path):
        yield PlaceRow(
            PlaceKind.POSTCODE.value,
            row["town"],
            row["postcode"],
            row["region"][:2],
            row["region"],
            float(row["latitude"]),
            float(row["longitude"]),
        )


def town_rows(path: Path) -> Iterator[PlaceRow]:
    for row in _rows(path):
        yield PlaceRow(
            PlaceKind.TOWN.value,
            row["name"],
            "",
            row["region"][:2],
            row["region"],
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["population"]),
            tuple(row["names"].split("|")) if row["names"] else (),
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@transaction.atomic
def load_places(rows: list[PlaceRow]) -> Loaded:
    """Make the places of `rows`, and the names they go by, as the rows have them."""
    before = _places_by_key()
    new = [row.columns for row in rows if row.key not in before]
    changed = {
        before[row.key].pk: row
        for row in rows
        if row.key in before and before[row.key].columns != row.columns
    }
    Place.objects.bulk_update([_place(*row) for row in changed.items()], _FIELDS, 100)
    _insert(Place, _FIELDS, new)
    pks = _places_by_key() if new else before
    renamed = _load_names({pks[row.key].pk: row for row in rows})
    old = {place.pk for place in before.values()}
    touched = len(changed.keys() | renamed & old)
    if new or touched:  # for `_insert`, which no model knows of
        SearchChange.objects.append()
    return Loaded(len(new), touched, len(rows) - len(new) - touched)


class _Stored(NamedTuple):
    pk: int
    columns: tuple


_FIELDS = [*PlaceRow._fields[:-1]]


def _places_by_key() -> dict[tuple[str, str, str], _Stored]:
    stored = {}
    columns = [f"{name}_id" if name == "region" else name for name in _FIELDS]
    for pk, *values in Place.objects.values_list("pk", *columns).iterator():
        row = PlaceRow(*values)
        stored[row.key] = _Stored(pk, row.columns)
    return stored


def _place(pk: int, row: PlaceRow) -> Place:
    values = row._asdict()
    del values["names"]
    return Place(pk=pk, region_id=values.pop("region"), **values)


def _load_names(rows: dict[int, PlaceRow]) -> set[int]:
    """Make the names of these places as their rows have them; return whose changed."""
    lacking = {pk: row.plain_names for pk, row in rows.items()}
    surplus, changed = [], set()
    for pk, place, plain in PlaceName.objects.values_list("pk", "place_id", "plain"):
        if plain in lacking.get(place, ()):
            lacking[place].discard(plain)
        elif place in lacking:
            surplus.append(pk)
            changed.add(place)
    for batch in _batches(surplus, "Names gone"):
        PlaceName.objects.filter(pk__in=batch).delete()
    new = [(pk, plain) for pk, names in lacking.items() for plain in sorted(names)]
    _insert(PlaceName, ["place", "plain"], new)
    return changed | {pk for pk, names in lacking.items() if names}


def _insert(model: type[Model], fields: list[str], rows: list[tuple]) -> None:
    """Insert plain rows: 370,000 model instances would take bulk_create 20 s."""
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(model._meta.get_field(f).column) for f in fields)
    table = quoted(model._meta.db_table)
    row = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for batch in _batches(rows, str(model._meta.verbose_name_plural)):
            values = ", ".join([row] * len(batch))
            statement = f"INSERT INTO {table} ({columns}) VALUES {values}"
            cursor.execute(statement, list(chain.from_iterable(batch)))
        if rows:  # so that the next lookup is planned for what is there now
            cursor.execute(f"ANALYZE {table}")


def _batches(items: list, what: str) -> Iterator[list]:
    """Slices for one statement each; on a terminal with a progress bar."""
    with tqdm(total=len(items), desc=what, unit="", disable=None, leave=False) as bar:
        for start in range(0, len(items), BATCH):
            yield items[start : start + BATCH]
            bar.update(BATCH)
