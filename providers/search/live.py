"""The index of this process: built at its first search, never behind a committed write.

Each search reads the version of the changes (models.searching). Where it has moved, the
listings that unseen changes name are read again and a patched index takes the place of
the old one, before the search is answered. One thread does so, others wait for it.

An index belongs to the changes that it holds. So one that is read within an open
transaction, as tests do, is right for that transaction alone: whoever else comes finds
it holding a change that he cannot see, and builds anew.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from time import monotonic

from django.db import OperationalError, connection, connections

from providers import remembered
from providers.models import SearchChange
from providers.models.searching import KEPT_HOURS, Version
from providers.search import reading
from providers.search.index import Index

AGED_AFTER_S = 3_600  # then an index is built anew, aside
LONG_TAIL = 1_000  # listings read again since it was built: likewise
ASLEEP_AFTER_S = KEPT_HOURS * 3_600 / 2
PART = 3  # patching more than a third costs more than building

_lock = threading.Lock()
_aside = threading.Lock()
_numbers = count(1)  # of what this process has taken in
_live: Live | None = None
_looked_at = monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """An index and the changes that it holds. Never changes itself."""

    index: Index
    version: Version
    held: set[tuple[int, str]]
    # Of what this process took in, numbers that grow: of the build, of the last change
    # beside the listings, of the last change of each listing since the build.
    number: int
    others: int
    touched: Mapping[int, int] = field(default_factory=dict)
    built_at: float = field(default_factory=monotonic)

    def remembered(self) -> AbstractContextManager[None]:
        """A block in which is remembered what holds as long as this does."""
        return remembered.at(self.version, self.others)

    def change_numbers(self, pks: Iterable[int]) -> dict[int, int]:
        """By listing, what grows whenever something that it shows has changed.

        Of this process only: another one counts on its own.
        """
        least, touched = max(self.number, self.others), self.touched
        return {pk: max(least, touched.get(pk, 0)) for pk in pks}

    @property
    def is_aged(self) -> bool:
        is_old = monotonic() - self.built_at > AGED_AFTER_S
        return is_old or len(self.touched) > LONG_TAIL


def current() -> Live:
    """The index as of now: whatever is committed (or our own), it holds."""
    global _looked_at
    live, version = _live, SearchChange.objects.version()
    if live is None or live.version != version:
        live = _taken_in()
    _looked_at = monotonic()
    if live.is_aged and not connection.in_atomic_block:
        _run_aside(_build_anew)
    return live


def is_ready() -> bool:
    return _live is not None


def start() -> None:
    """Build the first index aside, unless that is under way."""
    _run_aside(current)


def forget() -> None:
    """Build anew at the next search."""
    global _live
    with _lock:
        _live = None


def _taken_in() -> Live:
    """The index with every change that is visible now; it takes the old one's place."""
    global _live
    with _lock, reading.snapshot():
        version = SearchChange.objects.version()
        if _live is None or _live.version != version:
            held = SearchChange.objects.visible()
            patched = _live and _patched(_live, version, held)
            _live = patched or _built(version, held)
        return _live


def _built(version: Version, held: set[tuple[int, str]]) -> Live:
    index = read_index()
    number = next(_numbers)
    return Live(index=index, version=version, held=held, number=number, others=number)


def read_index() -> Index:
    """An index of the listings as the database has them (inside reading.snapshot)."""
    was_on = gc.isenabled()
    gc.disable()  # millions of rows pass, none in a cycle: it would look at each
    try:
        return Index.of(reading.tables())
    finally:
        if was_on:
            gc.enable()


def _patched(live: Live, version: Version, held: set[tuple[int, str]]) -> Live | None:
    """The index with what it does not hold yet, or None where it must be built anew."""
    if any(number >= version.lowest for number, _moment in live.held - held):
        return None  # rolled back
    was_asleep = monotonic() - _looked_at > ASLEEP_AFTER_S
    if was_asleep and version.lowest > live.version.lowest:
        return None  # changes that it never saw may be gone
    news = {number for number, _moment in held - live.held}
    found: list[SearchChange] = []
    if news:
        changes = SearchChange.objects.since(min(news))
        found = [change for change in changes if change.pk in news]
    keys = {pk for change in found for pk in change.providers}
    if any(change.everything for change in found) or len(keys) * PART > len(live.index):
        return None
    rows, number = list(reading.rows(keys)), next(_numbers)
    is_general = any(not change.providers for change in found)
    return Live(
        index=live.index.patched(rows, keys - {row.pk for row in rows}),
        version=version,
        held=held,
        number=live.number,
        others=number if is_general else live.others,
        touched={**live.touched, **dict.fromkeys(keys, number)},
        built_at=live.built_at,
    )


# --- Aside ----------------------------------------------------------------------------


def _build_anew() -> None:
    """Build while searches go on with the old index; then old changes may go."""
    global _live
    with reading.snapshot():
        version, held = SearchChange.objects.version(), SearchChange.objects.visible()
        fresh = _built(version, held)
    with _lock:  # what was committed meanwhile is taken in by the next search
        is_known = _live and _live.held == held
        _live = replace(fresh, others=_live.others) if is_known else fresh
    with suppress(OperationalError):  # an import writes: another time
        SearchChange.objects.prune()


def _run_aside(work: Callable[[], object]) -> None:
    """Run in a thread of its own, one at a time."""
    if _aside.acquire(blocking=False):
        threading.Thread(target=_closing, args=[work], daemon=True).start()


def _closing(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connections.close_all()
        _aside.release()
