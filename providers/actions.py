"""Every write to a listing. Each is one transaction and leaves a Change.

`apply` writes whole documents, one or ten thousand; `recording` wraps an editor's
forms; the rest are single verbs. Nothing else in the project writes these tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from providers import costs, documents, vocabulary
from providers.documents import EMPTY, Document, document, with_everything
from providers.models import (
    Change,
    Check,
    Conflict,
    Fact,
    Hours,
    ImportRun,
    Offering,
    PriceLine,
    Provider,
    Source,
    SourceRecord,
)

BATCH = 500  # listings whose rows are in memory at once


@dataclass(frozen=True)
class Edit:
    """A document to be written: over a listing, or as a new one (None)."""

    provider: Provider | None
    wanted: Document


# --- Documents into tables -----------------------------------------------------------


@transaction.atomic
def apply(
    edits: Sequence[Edit],
    *,
    by: AbstractBaseUser | None = None,
    run: ImportRun | None = None,
) -> list[Provider]:
    """Make each listing what its document says, and leave a Change for each.

    Returns the providers in the order of `edits`. A document that equals what stands
    writes nothing. Raises IntegrityError where a document breaks a constraint, and
    KeyError where it names an unknown source or organization: then nothing is kept.
    """
    written: list[Provider] = []
    for start in range(0, len(edits), BATCH):
        written += _apply_batch(edits[start : start + BATCH], by=by, run=run)
    return written


def apply_one(wanted: Document, provider: Provider | None = None, **who) -> Provider:
    """`apply` for one document."""
    return apply([Edit(provider, wanted)], **who)[0]


def _apply_batch(edits: Sequence[Edit], *, by, run) -> list[Provider]:
    standing = _standing([e.provider.pk for e in edits if e.provider is not None])
    batch, changes, written = _Batch(), [], []
    for edit in edits:
        provider = standing[edit.provider.pk] if edit.provider else Provider()
        before = document(provider) if edit.provider else None
        wanted = EMPTY | edit.wanted
        if before != wanted:
            batch.take(provider, before, wanted)
            changes.append(_change(provider, before, wanted, by=by, run=run))
        written.append(provider)
    batch.write()
    for change in changes:
        change.provider_id = change.provider.pk
    Change.objects.bulk_create(changes)
    return written


def _standing(keys: list[int]) -> dict[int, Provider]:
    found = with_everything(Provider.objects.filter(pk__in=keys))
    return {provider.pk: provider for provider in found}


def _change(provider, before, after, *, by, run) -> Change:
    slug = (after or before)["slug"]
    return Change(
        provider=provider, slug=slug, before=before, after=after, by=by, run=run
    )


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
                session = _session_columns(prices.values())
                if name in old:
                    self._update(offering, session)
                else:
                    for column, value in session.items():
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


def _computed(row: Model) -> set[str]:
    """Columns that follow from others when a provider is written."""
    if not isinstance(row, Provider):
        return set()
    for name in ("plain_name", "match_key"):
        row._meta.get_field(name).pre_save(row, add=False)
    return {"plain_name", "match_key"}


def _session_columns(prices) -> dict:
    """The stored amount that search filters and orders by (see costs.session)."""
    amount = costs.session(prices)
    if amount is None or (amount.low_cents is None and amount.high_cents is None):
        return {
            "session_min_cents": None,
            "session_max_cents": None,
            "session_currency": "",
            "session_complete": False,
            "session_known_until": None,
        }
    return {
        "session_min_cents": amount.low_cents,
        "session_max_cents": amount.high_cents,
        "session_currency": amount.currency,
        "session_complete": amount.complete,
        "session_known_until": amount.known_until,
    }


# --- Editors' forms -------------------------------------------------------------------

_recorded: ContextVar[tuple[Provider, ...]] = ContextVar("_recorded", default=())


@contextmanager
def recording(provider: Provider, *, by: AbstractBaseUser) -> Iterator[None]:
    """Record what the block does to a listing (saved or not yet) as one Change.

    One transaction: if the block raises, nothing of it is kept. Inside another
    recording of the same listing it only joins it.
    """
    if any(_same(provider, other) for other in _recorded.get()):
        yield
        return
    with transaction.atomic():
        before = _document_of(provider.pk)
        token = _recorded.set((*_recorded.get(), provider))
        try:
            yield
        finally:
            _recorded.reset(token)
        _store_sessions(provider)
        after = _document_of(provider.pk)
        if before != after:
            kept = provider if after else None
            _change(kept, before, after, by=by, run=None).save()


def _same(one: Provider, other: Provider) -> bool:
    return one is other or (one.pk is not None and one.pk == other.pk)


def _document_of(key: int | None) -> Document | None:
    if key is None:
        return None
    provider = with_everything(Provider.objects.filter(pk=key)).first()
    return document(provider) if provider else None


def _store_sessions(provider: Provider) -> None:
    if provider.pk is None:
        return
    for offering in Offering.objects.filter(provider=provider.pk):
        session = _session_columns(offering.prices.all())
        Offering.objects.filter(pk=offering.pk).update(**session)


def save(row: Model, *, by: AbstractBaseUser) -> None:
    """Save one row of a listing (itself, an offering, a price, a fact …)."""
    provider = listing_of(row)
    with recording(provider, by=by):
        row.save()


def remove(row: Model, *, by: AbstractBaseUser) -> None:
    """Delete one row of a listing, or the whole listing; its story stays."""
    with recording(listing_of(row), by=by):
        row.delete()


def listing_of(row: Model) -> Provider:
    """The provider to whose document the row belongs."""
    match row:
        case Provider():
            return row
        case PriceLine():
            return row.offering.provider
    return row.provider


# --- Verbs ---------------------------------------------------------------------------


@transaction.atomic
def record_check(
    *,
    provider: Provider,
    group: str,
    outcome: str,
    method: str,
    source: Source,
    checked_on: date,
    by: AbstractBaseUser | None = None,
    note: str = "",
) -> Check:
    """Record that somebody asked a provider about one group of fields.

    "confirmed" and "changed" date that group's rows with the method and the source;
    any other outcome leaves them as they were. Raises ValueError for a day to come.
    """
    if checked_on > timezone.localdate():
        raise ValueError("a check lies in the past")
    facts = {"checked_on": checked_on, "method": method, "source": source}
    check = Check.objects.create(
        provider=provider, group=group, outcome=outcome, by=by, note=note, **facts
    )
    if outcome in ("confirmed", "changed"):
        with recording(provider, by=by):
            _date_group(provider, group, facts | {"precision": "day"})
    return check


def _date_group(provider: Provider, group: str, checked: dict) -> None:
    if group == "contact":
        contact = {f"contact_{name}": value for name, value in checked.items()}
        Provider.objects.filter(pk=provider.pk).update(**contact)
    if group == "services":
        provider.offerings.update(**checked)
    if group == "prices":
        PriceLine.objects.current().filter(offering__provider=provider).update(
            **checked
        )
    topics = [t for t, of in vocabulary.GROUP_OF_TOPIC.items() if of == group]
    provider.facts.filter(topic__in=topics).update(**checked)


@transaction.atomic
def set_published(
    *, providers, published: bool, by: AbstractBaseUser | None
) -> tuple[list[Provider], list[Provider]]:
    """Publish or unpublish listings. Returns (done, refused).

    Refused: what was never checked, and do-not-list entries, when publishing.
    """
    done, refused = [], []
    for provider in providers:
        may = provider.contact_checked_on and provider.status != "do_not_list"
        if published and not may:
            refused.append(provider)
            continue
        with recording(provider, by=by):
            Provider.objects.filter(pk=provider.pk).update(published=published)
        done.append(provider)
    if published and any(not provider.is_sample for provider in done):
        remove_samples()
    return done, refused


@transaction.atomic
def remove_samples() -> int:
    """Delete the invented listings, which no real directory may show."""
    samples = Provider.objects.samples()
    Change.objects.filter(provider__in=samples).delete()
    count = samples.count()
    samples.delete()
    return count


def ensure_sources() -> None:
    """Make the sources that the vocabulary names; existing ones stay as edited."""
    for code in vocabulary.SOURCES:
        ensure_source(code)


def record_conflicts(
    *, run: ImportRun, found: list[tuple[Provider, str, object, object]]
) -> None:
    """Keep the values that a run may not overwrite beside those that it brought."""
    Conflict.objects.bulk_create(
        Conflict(provider=provider, run=run, path=path, kept=kept, offered=offered)
        for provider, path, kept, offered in found
    )


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
    *, importer: str, source: Source | None, file_name: str, file_sha256: str
) -> ImportRun:
    """Record that an importer begins on a file."""
    return ImportRun.objects.create(
        importer=importer,
        source=source,
        file_name=file_name[:200],
        file_sha256=file_sha256,
    )


def finish_run(run: ImportRun, **counts: int) -> None:
    """Record what a run found: new, changed, unchanged, repeated, rejected."""
    for name, count in counts.items():
        setattr(run, name, count)
    run.save(update_fields=list(counts))
