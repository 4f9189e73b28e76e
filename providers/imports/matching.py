"""Which listing each row is about.

First by the key that its source gave it or that an earlier file left, then by name,
street and postcode among the listings of that source. No listing takes two rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from providers.imports.rows import Row
from providers.models import Provider, SourceRecord


@dataclass(frozen=True, slots=True)
class Match:
    """A row, the key of the listing it is about (None for a new one) and its keys."""

    row: Row
    provider: int | None
    keys: tuple[str, ...]


def match(rows: list[Row], repeated: list[tuple[int, int]]) -> list[Match]:
    """Match each row, in the order of the file.

    A row about a listing that an earlier row already names by key is `repeated`: its
    line and the other's are added there, and it is left out.
    """
    of_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_source[row.source].append(row)
    matches = []
    for source, own in of_source.items():
        matches += _Matcher(source).match(own, repeated)
    return sorted(matches, key=lambda found: found.row.line)


@dataclass
class _Matcher:
    """The listings of one source: by its keys, and by what they are called."""

    source: str
    by_key: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    line_of: dict[int, int] = field(default_factory=dict)  # of the row that has it
    given: set[str] = field(default_factory=set)  # keys, in this run

    def __post_init__(self) -> None:
        records = SourceRecord.objects.filter(source__code=self.source)
        self.by_key = dict(records.values_list("key", "provider_id"))
        listings = Provider.objects.filter(source_records__in=records).order_by("pk")
        for key, provider in listings.values_list("match_key", "pk").distinct():
            self.by_name[key].append(provider)

    def match(self, rows: list[Row], repeated: list[tuple[int, int]]) -> list[Match]:
        found: dict[int, int | None] = {}
        for row in rows:
            provider = self.by_key.get(row.key)
            if provider in self.line_of:
                repeated.append((row.line, self.line_of[provider]))
            elif provider is not None:
                self.line_of[provider] = row.line
                found[row.line] = provider
            else:
                found[row.line] = None
        known = [row for row in rows if row.line in found]
        return [self._match(row, found[row.line]) for row in known]

    def _match(self, row: Row, provider: int | None) -> Match:
        if provider is None:
            provider = self._named(row)
        return Match(row, provider, self._free_keys(row, provider))

    def _named(self, row: Row) -> int | None:
        """A listing of the row's name and place that no other row is about."""
        key = row.match_key
        for provider in (self.by_key.get(key), *self.by_name.get(key, ())):
            if provider is not None and provider not in self.line_of:
                self.line_of[provider] = row.line
                return provider
        return None

    def _free_keys(self, row: Row, provider: int | None) -> tuple[str, ...]:
        """The row's keys that do not already stand for another listing."""
        keys = [
            key
            for key in dict.fromkeys((row.key, row.match_key))
            if self.by_key.get(key) in (None, provider) and key not in self.given
        ]
        self.given.update(keys)
        return tuple(keys)
