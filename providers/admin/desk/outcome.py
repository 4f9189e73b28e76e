"""What an import would do, as its preview shows it: in words, long lists cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from providers import story, vocabulary
from providers.admin.desk.files import seconds
from providers.admin.desk.telling import names_in
from providers.imports.layouts import LAYOUTS
from providers.imports.merge import Conflict
from providers.imports.report import Changed, Closed, Report
from providers.imports.rows import Reject
from providers.models import Provider
from providers.models.checked import date_in_words
from providers.story import Names, Said

SHOWN = 25  # of each list; the rest is counted, and stands in the report to download


@dataclass(frozen=True)
class Some:
    """The first of a list, and how many more there are."""

    rows: list[Any]
    more: int

    @property
    def all(self) -> int:
        return len(self.rows) + self.more


@dataclass(frozen=True)
class Touched:
    """A listing that stands, and what the file would change of it or leave."""

    line: int | None
    slug: str
    listing: Provider | None
    rows: list[Said]


@dataclass(frozen=True)
class Outcome:
    report: Report
    new: Some  # (what, name of the region)
    changed: Some  # of Touched
    conflicts: Some  # of Touched: ours before, theirs after
    duplicates: Some  # (what, the listing beside it)
    closed: Some  # (what, status in words, listing)
    rejected: Some  # (row, field, why)
    repeated: Some
    notes: Some
    seconds: int  # to bring it in

    @property
    def does_nothing(self) -> bool:
        return not (self.new.rows or self.changed.rows or self.conflicts.rows)


def outcome(report: Report) -> Outcome:
    """The report in words, in a fixed number of queries."""
    changed, conflicts = _some(report.changed), _some(report.conflicts)
    closed, duplicates = _some(report.closed), _some(report.duplicates)
    slugs = [row.slug for row in (*changed.rows, *closed.rows)]
    slugs += [slug for slug, _conflict in conflicts.rows]
    slugs += [row.other_slug for row in duplicates.rows]
    found = {p.slug: p for p in Provider.objects.filter(slug__in=slugs)}
    names = names_in(_documents(changed.rows))
    return Outcome(
        report=report,
        new=_told(_some(report.new), lambda n: (n, names.regions.get(n.region))),
        changed=_told(changed, lambda row: _changed(row, found, names)),
        conflicts=_told(conflicts, lambda row: _conflict(*row, found, names)),
        duplicates=_told(duplicates, lambda row: (row, found.get(row.other_slug))),
        closed=_told(
            closed,
            lambda row: (row, _closed(row), found.get(row.slug)),
        ),
        rejected=_told(_some(report.rejected), _rejected),
        repeated=_some(report.repeated),
        notes=_some([(note, lines) for note, lines in report.notes.items()]),
        seconds=seconds(len(report.new) + len(report.changed) + report.unchanged),
    )


def _some(rows: Sequence) -> Some:
    return Some(list(rows[:SHOWN]), max(0, len(rows) - SHOWN))


def _told(some: Some, tell: Callable) -> Some:
    return Some([tell(row) for row in some.rows], some.more)


def _documents(changed: list[Changed]) -> list[dict]:
    """The organizations that changes name, as documents would."""
    pairs = [row.fields.get("organization", ()) for row in changed]
    return [{"organization": code} for pair in pairs for code in pair]


def _changed(row: Changed, found: dict[str, Provider], names: Names) -> Touched:
    fields = {story.path_of(path): sides for path, sides in row.fields.items()}
    old = {path: before for path, (before, _after) in fields.items()}
    new = {path: after for path, (_before, after) in fields.items()}
    said = list(story.tell(story.in_order(fields), old, new, names))
    return Touched(row.line, row.slug, found.get(row.slug), said)


def _conflict(
    slug: str, conflict: Conflict, found: dict[str, Provider], names: Names
) -> Touched:
    path = story.path_of(conflict.path)
    said = Said(
        story.label(path),
        story.words(path, conflict.kept, names),
        story.words(path, conflict.offered, names),
        story.basis(conflict.kept_basis, names),
        story.basis(conflict.offered_basis, names),
    )
    return Touched(None, slug, found.get(slug), [said])


def _rejected(row: Reject) -> tuple[int, str, str]:
    """Where the row stands, the name of its field for people, and why."""
    column = next((c[row.field] for c in LAYOUTS.values() if row.field in c), None)
    return row.line, column.label if column else row.field, row.reason


def _closed(row: Closed) -> str:
    """ "Closed, March 3, 2026": its status, and since when where that is known."""
    status = str(vocabulary.STATUSES.label(row.status))
    if not row.since:
        return status
    return f"{status}, {date_in_words(date.fromisoformat(row.since), 'day')}"
