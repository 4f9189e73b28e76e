"""Which listing each row is about.

A row that names a listing is about that one. Any other is matched by the key that its
source gave it or that an earlier file left, then by name, street and postcode: among
the listings of its source, then among all others. No listing takes two whole rows of
one source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from providers.imports.rows import Reject, Row
from providers.imports.standing import Listing, Standing

NOT_YOURS = "is not one of your regions"


@dataclass
class Match:
    """A listing (None for a new one), the rows about it, and their keys by source.

    `beside` are listings of other sources at its place: it may be one of them.
    """

    provider: int | None
    rows: list[Row] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    beside: list[Listing] = field(default_factory=list)

    @property
    def line(self) -> int:
        return min(row.line for row in self.rows)


@dataclass
class Matches:
    """Each listing's match, in the order of the file, and the rows that have none."""

    found: list[Match]
    repeated: list[tuple[int, int]]  # line, of line
    rejected: list[Reject]


def match(
    rows: list[Row], standing: Standing, within: frozenset[str] | None = None
) -> Matches:
    """Match each row. `within`: the regions outside of which nothing is matched."""
    return _Matcher(standing, within).match(rows)


class _Matcher:
    def __init__(self, standing: Standing, within: frozenset[str] | None) -> None:
        self.standing, self.within = standing, within
        self.matches: dict[int, Match] = {}  # by listing
        self.new: list[Match] = []
        self.new_named: dict[str, Match] = {}
        self.new_at: dict[str, list[Match]] = defaultdict(list)
        self.given: set[tuple[str, str]] = set()  # sources' keys, in this run
        # The line of the whole row that each source, or "" for all, has on a listing.
        self.lines: dict[int, dict[str, int]] = defaultdict(dict)
        self.repeated: list[tuple[int, int]] = []
        self.rejected: list[Reject] = []

    def match(self, rows: list[Row]) -> Matches:
        rest = [row for row in rows if not self._by_address(row)]
        whole = [row for row in rest if not row.only_parts and not self._by_key(row)]
        for row in whole:
            self._by_name(row)
        self._by_new_address([row for row in rest if row.only_parts])
        found = sorted([*self.matches.values(), *self.new], key=lambda one: one.line)
        for one in found:
            one.beside = list(self._beside(one))
        return Matches(found, self.repeated, self.rejected)

    # Each of these says whether it has dealt with the row.

    def _by_address(self, row: Row) -> bool:
        if row.slug:
            provider = self.standing.by_slug.get(row.slug)
            if provider is not None:
                self._take(row, provider)
            return provider is not None
        if row.only_parts:
            self._only_by_name(row)
        return row.only_parts

    def _by_new_address(self, rows: list[Row]) -> None:
        """Parts of listings that stand no more, whose whole rows are in the file."""
        found = [*self.matches.values(), *self.new]
        by_slug = {row.slug: one for one in found for row in one.rows if row.slug}
        for row in rows:
            if row.slug in by_slug:
                self._join(row, by_slug[row.slug])
            else:
                self._reject(row, "slug", f"no listing has this address: {row.slug}")

    def _only_by_name(self, row: Row) -> None:
        name, postcode = (row.listing.get(part, "") for part in ("name", "postcode"))
        found = self.standing.called(name, postcode)
        if len(found) == 1:
            self._take(row, found[0])
        elif found:
            slugs = ", ".join(self.standing.listings[key].slug for key in found[:3])
            self._reject(row, "name", f"{len(found)} listings have it there: {slugs}")
        else:
            named = f"{name}, {postcode}"
            self._reject(row, "name", f"no listing has this name and postcode: {named}")

    def _by_key(self, row: Row) -> bool:
        provider = self.standing.by_key.get((row.source, row.key))
        if provider is not None:
            self._take(row, provider)
        return provider is not None

    def _by_name(self, row: Row) -> None:
        for provider in self._named(row):
            if row.source not in self.lines[provider]:
                self._take(row, provider)
                return
        may_join = bool(row.place_key) and not row.slug
        other = self.new_named.get(row.match_key) if may_join else None
        if other is not None and row.source not in other.keys:
            self._join(row, other)
        else:
            self._add(row)

    def _named(self, row: Row) -> Iterator[int]:
        """Listings of the row's name and place: of its source first."""
        key = row.match_key
        if (row.source, key) in self.standing.by_key:
            yield self.standing.by_key[row.source, key]
        named = self.standing.by_match.get(key, ())
        yield from (n for n in named if self._has(n, row.source))
        if row.place_key:
            yield from (n for n in named if not self._has(n, row.source))

    def _has(self, provider: int, source: str) -> bool:
        return source in self.standing.listings[provider].sources

    def _take(self, row: Row, provider: int) -> None:
        """Let the row be about a listing that stands, if it may."""
        if not self._is_within(row, self.standing.listings[provider].region):
            return
        lines = self.lines[provider]
        if not row.only_parts:
            first = lines.get("", lines.get(row.source))
            if first is not None:
                self.repeated.append((row.line, first))
                return
            lines[row.source] = row.line
            if row.slug:
                lines[""] = row.line
        self._join(row, self.matches.setdefault(provider, Match(provider)))

    def _add(self, row: Row) -> None:
        region = row.listing["region"]
        if self._is_within(row, region):
            found = Match(None)
            self.new.append(found)
            if row.place_key:
                self.new_named.setdefault(row.match_key, found)
                self.new_at[row.place_key].append(found)
            self._join(row, found)

    def _join(self, row: Row, found: Match) -> None:
        if row.only_parts and (first := _same_price(row, found.rows)):
            self.repeated.append((row.line, first))
            return
        found.rows.append(row)
        if not row.only_parts:
            keys = self._free_keys(row, found.provider)
            found.keys[row.source] = [*found.keys.get(row.source, ()), *keys]

    def _free_keys(self, row: Row, provider: int | None) -> list[str]:
        """The row's keys that do not already stand for another listing."""
        is_known = row.slug and provider is not None
        own = (row.source_id,) if is_known else (row.key, row.match_key)
        keys = [
            key
            for key in dict.fromkeys(own)
            if key
            and self.standing.by_key.get((row.source, key)) in (None, provider)
            and (row.source, key) not in self.given
        ]
        self.given.update((row.source, key) for key in keys)
        return keys

    def _is_within(self, row: Row, region: str) -> bool:
        stated = row.listing.get("region") or region
        may = self.within is None or {stated, region} <= self.within
        if not may:
            self._reject(row, "region", NOT_YOURS)
        return may

    def _reject(self, row: Row, field_: str, reason: str) -> None:
        self.rejected.append(Reject(row.line, field_, reason))

    def _beside(self, found: Match) -> Iterator[Listing]:
        """Listings at the same place that are not of the row's source alone."""
        row = found.rows[0]
        if row.only_parts or row.slug or not row.place_key:
            return
        for other in self.standing.at_place(row.place_key, beside=found.provider):
            if other.sources != {row.source}:
                yield other
        for other in self.new_at.get(row.place_key, ()):
            if other.line < found.line and set(other.keys) != {row.source}:
                yield Listing.of_row(other.rows[0])


def _same_price(row: Row, others: list[Row]) -> int | None:
    """The line of an earlier row that states one of the row's prices already."""
    prices = set(_prices(row))
    for other in others:
        if other.only_parts and prices.intersection(_prices(other)):
            return other.line
    return None


def _prices(row: Row) -> Iterator[tuple[str, str]]:
    for key, offering in row.listing.get("offerings", {}).items():
        yield from ((key, line) for line in offering.get("prices", {}))
