"""What has changed for the search, so that every process takes it in at once.

Each write of a row that a search or a card shows appends, in its own transaction, the
listings that it touches. The table only grows, so no two writers wait for each other,
and who reads it sees a write exactly when he sees its rows.

A copy of the listings (search.live) knows the changes that it holds. Numbers are given
before the commit: of two open transactions the one with the higher number may commit
first. So the version has the count of all changes beside the highest number, and a
copy takes in every visible change that it does not hold, whatever its number. A copy
that holds a change no longer visible was read within a transaction that was rolled
back, and is made anew. SQLite then gives the number again: the moment tells the two
apart. Old changes go in the order of their numbers (`prune`), which the lowest tells.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, NamedTuple

from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed
from django.utils import timezone

LARGEST = 5_000  # listings that one change names
KEPT_HOURS = 6  # a copy that has not looked for half of it takes nothing for granted


class Version(NamedTuple):
    """Which changes are visible. Equal versions mean equal listings."""

    count: int = 0
    highest: int = 0
    lowest: int = 0
    moment: str = ""  # of the highest


class SearchChangeQuerySet(models.QuerySet["SearchChange"]):
    def append(
        self,
        providers: Iterable[int] = (),
        *,
        others: bool = False,
        everything: bool = False,
    ) -> None:
        """Tell every copy which listings (their primary keys) to read again, and that
        others than they have changed.
        """
        keys = sorted(providers)
        parts = [keys[at : at + LARGEST] for at in range(0, len(keys), LARGEST)]
        if others or not parts:
            parts.append([])
        for part in parts:
            self.create(providers=part, everything=everything)

    def prune(self) -> None:
        """Forget old changes, in the order of their numbers; the highest stays."""
        since = timezone.now() - timedelta(hours=KEPT_HOURS)
        ends = self.aggregate(
            young=models.Min("pk", filter=models.Q(made_at__gte=since)),
            highest=models.Max("pk"),
        )
        self.filter(pk__lt=ends["young"] or ends["highest"] or 0).delete()


class SearchChangeManager(models.Manager.from_queryset(SearchChangeQuerySet)):
    """Reads which changes are visible, at every search: a queryset would cost more."""

    def version(self) -> Version:
        """Which changes are visible now: one cheap query, asked at every search."""
        with connection.cursor() as cursor:
            cursor.execute(_VERSION)
            row = cursor.fetchone()
        return Version(*row[:3], str(row[3])) if row else Version()

    def visible(self) -> set[tuple[int, str]]:
        """The changes that are visible now, each by its number and its moment."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, CAST(made_at AS TEXT) FROM {_TABLE}")
            return set(cursor.fetchall())

    def since(self, number: int) -> list[SearchChange]:
        """Those of that number and of higher ones, in no order."""
        with connection.cursor() as cursor:
            cursor.execute(_SINCE, [number])
            found = cursor.fetchall()
        return [
            SearchChange(pk=pk, providers=json.loads(keys), everything=everything)
            for pk, keys, everything in found
        ]


class SearchChange(models.Model):
    """One write of one transaction: whose listing's search columns it touched.

    Append-only, so that no two writers wait for each other. A row that names no
    listing tells that something else shown has changed (a source's name, a crisis
    line, a region).
    """

    providers = models.JSONField(default=list, help_text="Listings' primary keys.")
    everything = models.BooleanField(
        default=False, help_text="Every copy is read anew (manage.py reindex)."
    )
    made_at = models.DateTimeField(default=timezone.now)
    objects = SearchChangeManager()

    class Meta:
        ordering = ["pk"]
        get_latest_by = "pk"
        # Small beside the rows, so that counting them is quick.
        indexes = [models.Index(fields=["made_at"])]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.providers}"


_TABLE = SearchChange._meta.db_table
_VERSION = (
    f"SELECT (SELECT COUNT(*) FROM {_TABLE}), id, (SELECT MIN(id) FROM {_TABLE}),"
    f" made_at FROM {_TABLE} ORDER BY id DESC LIMIT 1"
)
_SINCE = f"SELECT id, providers, everything FROM {_TABLE} WHERE id >= %s"

# --- Who appends ----------------------------------------------------------------------


@dataclass
class _Touched:
    """What a block has written so far."""

    providers: set[int] = field(default_factory=set)
    others: bool = False  # than listings
    everything: bool = False
    anything: bool = False

    def rows(self, rows: Sequence[Searched]) -> None:
        """Add the listings of rows in memory."""
        if rows:
            self._add(type(rows[0]), _listings_of(rows))

    def matching(self, found: models.QuerySet) -> None:
        """Add the listings of rows that are in the database still."""
        path = found.model.listing or "pk"
        if keys := set(found.order_by().values_list(path, flat=True)):
            self._add(found.model, keys)

    def _add(self, model: type[Searched], keys: Iterable[int]) -> None:
        self.anything = True
        self.everything |= model.is_in_every_listing
        if model.listing:
            self.providers.update(keys)
        else:
            self.others = True


_touched: ContextVar[_Touched | None] = ContextVar("touched", default=None)


@contextmanager
def one_change() -> Iterator[_Touched]:
    """Append all that the block writes as one change, at its end.

    In one transaction with the writes. Inside another such block it only joins it.
    """
    if (touched := _touched.get()) is not None:
        yield touched
        return
    inside = connection.in_atomic_block
    with nullcontext() if inside else transaction.atomic():
        touched = _Touched()
        token = _touched.set(touched)
        try:
            yield touched
        finally:
            _touched.reset(token)
        if touched.anything:
            SearchChange.objects.append(
                touched.providers, others=touched.others, everything=touched.everything
            )


def _listings_of(rows: Sequence[Searched]) -> set[int]:
    first, _, rest = rows[0].listing.partition("__")
    if not first:
        return set()
    keys = {row.serializable_value(first) for row in rows}
    return _up(type(rows[0]), first, keys, rest) if rest else keys


def _up(model: type[Searched], name: str, keys: Collection[int], rest: str) -> set[int]:
    """The listings of the parents with these keys."""
    parents = model._meta.get_field(name).related_model.objects
    asked, found = sorted(keys), set()
    for at in range(0, len(asked), LARGEST):
        some = parents.filter(pk__in=asked[at : at + LARGEST])
        found.update(some.values_list(rest, flat=True))
    return found


class SearchedQuerySet(models.QuerySet):
    """Appends what it writes. Rows stay with the listing that they were made for."""

    def bulk_create(self, objs, *args, **options):
        with one_change() as touched:
            made = super().bulk_create(objs, *args, **options)
            touched.rows(made)
        return made

    def bulk_update(self, objs, fields, batch_size=None):
        with one_change():  # of the updates that it is made of
            return super().bulk_update(objs, fields, batch_size)

    def update(self, **values):
        with one_change() as touched:
            touched.matching(self)
            return super().update(**values)

    def delete(self):
        with one_change() as touched:
            touched.matching(self)
            return super().delete()

    for _write in (bulk_create, bulk_update, update, delete):
        _write.alters_data = True
    delete.queryset_only = True


class Searched(models.Model):
    """A row that a search, a card or its page shows: writing it appends a change.

    Nothing else cascades to such a row, so that its own deletion names its listing.
    """

    listing: ClassVar[str] = ""  # the way to its provider; "" for what has none
    is_in_every_listing: ClassVar[bool] = False
    objects = SearchedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args, **options) -> None:
        with one_change() as touched:
            super().save(*args, **options)
            touched.rows([self])

    def delete(self, *args, **options):
        with one_change() as touched:
            touched.rows([self])
            return super().delete(*args, **options)


def appends_links(through: type[models.Model]) -> None:
    """Let the links of a searched row to others append changes as well."""

    def append(sender, instance, action, **_more):
        if action.startswith("post_"):
            with one_change() as touched:
                touched.rows([instance])

    m2m_changed.connect(append, sender=through, weak=False, dispatch_uid=through)
