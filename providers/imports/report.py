"""What an import did, in lines for people."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from providers import vocabulary
from providers.imports.merge import Conflict
from providers.imports.rows import Reject

FIELDS_NAMED = 8  # of a changed listing; the rest are counted
LINES_NAMED = 10  # of rows with the same note


class New(NamedTuple):
    """A listing that the file adds, and whether it becomes public."""

    line: int
    slug: str
    name: str
    region: str
    published: bool


class Changed(NamedTuple):
    """A listing that a row changed: where the row stands, and path → (old, new)."""

    line: int
    slug: str
    fields: dict[str, tuple[Any, Any]]

    @property
    def paths(self) -> list[str]:
        return list(self.fields)

    def __str__(self) -> str:
        named = ", ".join(self.paths[:FIELDS_NAMED])
        more = len(self.paths) - FIELDS_NAMED
        rest = f" and {more} more" if more > 0 else ""
        return f"line {self.line} changed {self.slug}: {named}{rest}"


class Duplicate(NamedTuple):
    """A draft that stands where another source's listing does, under another name."""

    line: int
    slug: str
    other_slug: str
    other_name: str

    def __str__(self) -> str:
        return (
            f"line {self.line} possible duplicate: {self.slug} stands where "
            f"{self.other_slug} ({self.other_name}) does; left as a draft"
        )


class Closed(NamedTuple):
    """A listing that an editor closed, which no import brings back."""

    line: int
    slug: str
    status: str
    since: str | None  # a day, where it is known

    def __str__(self) -> str:
        status = vocabulary.STATUSES[self.status].label.lower()
        since = f" since {self.since}" if self.since else ""
        return f"line {self.line}: {self.slug}: {status}{since}: stays as it is"


@dataclass
class Report:
    """Counts of rows, and each row that is not simply unchanged."""

    new: list[New] = field(default_factory=list)
    unchanged: int = 0
    changed: list[Changed] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    repeated: list[tuple[int, int]] = field(default_factory=list)  # line, of line
    conflicts: list[tuple[str, Conflict]] = field(default_factory=list)  # slug, what
    duplicates: list[Duplicate] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    notes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    unknown_columns: tuple[str, ...] = ()
    left_aside: int = 0  # rows that report no ketamine
    published: int = 0  # listings that became public
    samples_removed: int = 0
    fingerprint: str = ""  # of all that is written: another one, another outcome
    run: int | None = None  # its number, where it was kept
    is_kept: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """Listings that are new, changed and unchanged; rows that were not taken."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "repeated": len(self.repeated),
            "rejected": len(self.rejected),
        }

    @property
    def summary(self) -> str:
        return ", ".join(f"{number} {word}" for word, number in self.counts.items())

    def lines(self) -> Iterator[str]:
        """Everything there is to say; the summary comes last."""
        if self.unknown_columns:
            names = ", ".join(name or "(no heading)" for name in self.unknown_columns)
            yield f"Unknown columns, left alone: {names}"
        yield from map(str, self.rejected)
        yield from (f"line {n} repeats line {first}" for n, first in self.repeated)
        for note, lines in self.notes.items():
            yield f"{_lines(lines)}: {note}"
        yield from map(str, self.changed)
        yield from map(str, self.duplicates)
        yield from map(str, self.closed)
        for slug, (path, kept, offered, *_bases) in self.conflicts:
            yield (
                f"conflict {slug}: {path}: kept {_short(kept)}, "
                f"offered {_short(offered)}"
            )
        yield from self._totals()
        yield self.summary

    def _totals(self) -> Iterator[str]:
        if self.left_aside:
            yield (
                f"Left aside, since they report no ketamine: {self.left_aside:,} "
                "(--all keeps them as unpublished drafts)."
            )
        if self.published:
            yield f"Listings made public: {self.published}."
        if self.samples_removed:
            yield f"Sample listings deleted: {self.samples_removed}."
        if self.conflicts:
            yield f"Conflicts with what a person confirmed: {len(self.conflicts)}."
        yield f"Run {self.run}." if self.is_kept else "Nothing of this was kept."


def _lines(lines: list[int]) -> str:
    named = ", ".join(str(line) for line in lines[:LINES_NAMED])
    more = len(lines) - LINES_NAMED
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {named} and {more} more" if more > 0 else f"{word} {named}"


def _short(value: object) -> str:
    """A value as one short line; of a statement only what it says."""
    if isinstance(value, dict):
        value = value.get("answer", value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 100 else f"{text[:97]}..."
