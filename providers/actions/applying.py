"""Documents into tables: one listing or ten thousand, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Model

from providers import documents
from providers.actions.derived import (
    Schedules,
    amount_columns,
    change_of,
    is_recorded,
)
from providers.documents import EMPTY, Document, document, with_everything
from providers.models import (
    Change,
    Fact,
    Hours,
    ImportRun,
    Offering,
    PriceLine,
    Provider,
    SourceRecord,
)
from providers.models.searching import one_change

BATCH = 500  # listings whose rows are in memory at once


@dataclass(frozen=True)
class Edit:
    """A document to be written: over a listing, or as a new one (None)."""

    provider: Provider | None
    wanted: Document


@transaction.atomic
def apply(
    edits: Sequence[Edit],
    *,
    by: AbstractBaseUser | None = None,
    run: ImportRun | None = None,
) -> list[Provider]:
    """Make each listing what its document says, and leave a Change for each.

    Returns the providers in the order of `edits`. A document that equals what stands
    writes nothing. Raises IntegrityError where a document breaks a constraint, KeyError
    where it names an unknown source or organization, ValueError for two edits of one
    listing, neither of which knows of the other: then nothing is kept.
    """
    edited = Counter(edit.provider.pk for edit in edits if edit.provider is not None)
    if twice := [key for key, count in edited.items() if count > 1]:
        raise ValueError(f"two edits at once of the listings {twice}")
    if len(edited) > BATCH:  # all at once, since batches would come in no order
        lock(edited)
    written: list[Provider] = []
    for start in range(0, len(edits), BATCH):
        written += _apply_batch(edits[start : start + BATCH], by=by, run=run)
    return written


def apply_one(wanted: Document, provider: Provider | None = None, **who) -> Provider:
    """`apply` for one document."""
    return apply([Edit(provider, wanted)], **who)[0]


def _apply_batch(edits: Sequence[Edit], *, by, run) -> list[Provider]:
    changes = []
    written = []
    for provider, before, wanted in write(edits):
        if before != wanted and not is_recorded(provider):
            changes.append(change_of(provider, before, wanted, by=by, run=run))
        written.append(provider)
    Change.objects.bulk_create(changes)
    return written


Written = tuple[Provider, Document | None, Document]


def write(edits: Sequence[Edit]) -> list[Written]:
    """Write some documents, and no Change: each listing, what it was and what it is."""
    keys = [e.provider.pk for e in edits if e.provider is not None]
    lock(keys)
    standing = _standing(keys)
    batch, written = _Batch(), []
    for edit in edits:
        provider = standing[edit.provider.pk] if edit.provider else Provider()
        before = document(provider) if edit.provider else None
        wanted = EMPTY | edit.wanted
        if before != wanted:
            batch.take(provider, before, wanted)
        written.append((provider, before, wanted))
    batch.write()
    return written


def lock(keys: Iterable[int | None]) -> None:
    """Let nobody else write these listings until the transaction ends.

    Everybody takes them in one order, so that two never wait for each other. SQLite
    has one writer at a time anyhow.
    """
    known = {key for key in keys if key is not None}
    rows = Provider.objects.filter(pk__in=known).order_by("pk")
    if connection.features.has_select_for_update and known:
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _standing(keys: list[int]) -> dict[int, Provider]:
    found = with_everything(Provider.objects.filter(pk__in=keys))
    return {provider.pk: provider for provider in found}


# Parents before children. The relation by which a parent lists each, and the columns
# that a document's part stands for.
_COLUMNS = {
    Offering: ("offerings", documents.offering_columns),
    PriceLine: ("prices", documents.price_columns),
    Hours: ("hours", documents.hours_columns),
    Fact: ("facts", documents.fact_columns),
    SourceRecord: ("source_records", documents.record_columns),
}


def _parent(row: Model) -> str:
    return "offering" if isinstance(row, PriceLine) else "provider"


@dataclass
class _Batch:
    """Rows to create, update and delete for some documents, written together."""

    names: documents.Names = field(default_factory=documents.Names)
    schedules: Schedules = field(default_factory=Schedules)
    created: dict[type, list] = field(default_factory=lambda: defaultdict(list))
    updated: dict[type, dict] = field(default_factory=lambda: defaultdict(dict))
    deleted: dict[type, list] = field(default_factory=lambda: defaultdict(list))
    serves: list[tuple[Offering, list[str]]] = field(default_factory=list)

    def take(
        self, provider: Provider, before: Document | None, wanted: Document
    ) -> None:
        old = before or EMPTY
        columns = documents.provider_columns(wanted, self.names)
        if before is None:
            self._create(provider, columns)
        elif documents.provider_columns(before, self.names) != columns:
            self._update(provider, columns)
        self._sync(Hours, provider, old["hours"], wanted["hours"])
        for model, parts in (
            (Fact, documents.facts_by_key),
            (SourceRecord, documents.records_by_key),
        ):
            self._sync(model, provider, parts(old), parts(wanted))
        self._sync_offerings(provider, old["offerings"], wanted["offerings"])

    @one_change()
    def write(self) -> None:
        for model, keys in self.deleted.items():
            model._base_manager.filter(pk__in=keys).delete()
        for model in (Provider, *_COLUMNS):
            self._write(model)
        for offering, regions in self.serves:
            offering.serves.set(regions)

    def _write(self, model: type[Model]) -> None:
        for row in self.created[model]:
            if model is not Provider:  # its key is known only now
                setattr(row, _parent(row), getattr(row, _parent(row)))
        model._base_manager.bulk_create(self.created[model])
        for columns, rows in _by_columns(self.updated[model].values()):
            model._base_manager.bulk_update(rows, columns, batch_size=100)

    def _create(self, row: Model, columns: dict) -> None:
        for name, value in columns.items():
            setattr(row, name, value)
        self.created[type(row)].append(row)

    def _update(self, row: Model, columns: dict) -> None:
        for name, value in columns.items():
            setattr(row, name, value)
        _row, names = self.updated[type(row)].setdefault(row.pk, (row, set()))
        names.update(columns)

    def _sync(self, model, parent, old: dict, wanted: dict) -> dict[str, Model]:
        """Bring one kind of child rows from `old` to `wanted`, by natural key."""
        related, columns_of = _COLUMNS[model]
        rows = {}
        if old:
            rows = {documents.key(r): r for r in getattr(parent, related).all()}
        self.deleted[model] += [rows.pop(k).pk for k in old if k not in wanted]
        for name, values in wanted.items():
            if name not in old:
                rows[name] = model()
                setattr(rows[name], _parent(rows[name]), parent)
                self._create(rows[name], columns_of(name, values, self.names))
            elif old[name] != values:
                self._update(rows[name], columns_of(name, values, self.names))
        return rows

    def _sync_offerings(self, provider, old: dict, wanted: dict) -> None:
        rows = self._sync(Offering, provider, old, wanted)
        for name, values in wanted.items():
            before = old.get(name, {"prices": {}, "serves": []})
            offering = rows[name]
            prices = self._sync(PriceLine, offering, before["prices"], values["prices"])
            if before["prices"] != values["prices"]:
                amounts = amount_columns(offering, prices.values(), self.schedules)
                if name in old:
                    self._update(offering, amounts)
                else:
                    for column, value in amounts.items():
                        setattr(offering, column, value)
            if before["serves"] != values["serves"]:
                self.serves.append((offering, values["serves"]))


def _by_columns(updates) -> Iterator[tuple[list[str], list[Model]]]:
    """Group rows by the columns to write, so that each group is one statement."""
    groups = defaultdict(list)
    for row, names in updates:
        groups[tuple(sorted(_computed(row) | names))].append(row)
    for names, rows in groups.items():
        yield [name.removesuffix("_id") for name in names], rows


_KEYS = ("plain_name", "match_key", "place_key")


def _computed(row: Model) -> set[str]:
    """Columns that follow from others when a provider is written."""
    if not isinstance(row, Provider):
        return set()
    for name in _KEYS:
        row._meta.get_field(name).pre_save(row, add=False)
    return set(_KEYS)
