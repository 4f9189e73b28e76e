"""How fast searches are answered over the directory that stands in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from django.utils import timezone
from tqdm import tqdm

from providers.bench import pages, postgres, serving
from providers.bench.questions import KINDS, Question, questions
from providers.bench.timing import Timing, pace_ms, summary, timed
from providers.models import Provider
from providers.question import PAGE_SIZE, Search
from providers.search import live, reading
from providers.search.answer import Engine
from providers.search.index import Index
from providers.search.orm import Orm

TIMES = 50  # questions of each kind
EDITS = 20
BUILDS = 5
ORM_UP_TO = 100_000  # listings
# What is slow is asked less often: so long for each kind.
AT_MOST_S = {"page": 10.0, "orm": 10.0, "postgresql": 10.0}
BUILDS_AT_MOST_S = 10.0


@dataclass
class Found:
    """What was measured over directories of several sizes. Milliseconds, bytes."""

    rows: list[dict] = field(default_factory=list)
    builds: list[dict] = field(default_factory=list)
    memory: list[dict] = field(default_factory=list)
    edits: list[dict] = field(default_factory=list)
    requests_per_second: list[dict] = field(default_factory=list)


def measure(found: Found, *, database: Path | None, server: str = "") -> None:
    """Add what is measured over the listings in the database.

    `database`: the file that granian serves; None: it is not asked. `server`: the URL
    of a PostgreSQL server, which is asked the same.
    """
    live.forget()  # what another directory had
    listings = Provider.objects.count()
    index, build = _built()
    found.builds.append({"listings": listings} | _times(build))
    found.memory.append({"listings": listings} | _memory(index))
    asking = _engines(index, listings)
    if server:
        with postgres.scratch_server(server) as scratch:
            asking["postgresql"] = lambda question: postgres.ask(scratch, question)
            found.rows += _rows(asking, listings)
    else:
        found.rows += _rows(asking, listings)
    del index, asking
    found.edits.append({"listings": listings} | _edits())
    if database:
        queries = [q.query for q in questions(KINDS["metro"], TIMES)]
        rates = serving.rates(database, queries)
        found.requests_per_second.append({"listings": listings} | rates._asdict())


# --- The index itself -----------------------------------------------------------------


def _built() -> tuple[Index, Timing]:
    """The index as read from the database, and how long that takes."""
    kept = []

    def build(_time: int) -> int:
        kept.clear()
        with reading.snapshot():
            kept.append(live.read_index())
        return len(kept[0])

    timing = timed(build, range(BUILDS), at_most_s=BUILDS_AT_MOST_S)
    return kept[0], timing


def _memory(index: Index) -> dict:
    listings = max(1, len(index))
    return {
        "bytes_a_listing": round(index.nbytes / listings, 1),
        "word_bytes_a_listing": round(index.word_bytes / listings, 1),
    }


def _times(timing: Timing) -> dict:
    return {"p50_ms": timing.p50_ms, "p95_ms": timing.p95_ms, "times": timing.times}


# --- Answers --------------------------------------------------------------------------

Ask = Callable[[Question], int]


def _engines(index: Index, listings: int) -> dict[str, Ask]:
    """Who is asked, by name: each returns the total that it found."""
    engines = {"index": index}
    if listings <= ORM_UP_TO:
        engines["orm"] = Orm()
    return {name: _answering(engine) for name, engine in engines.items()}


def _answering(engine: Engine) -> Ask:
    def ask(question: Question) -> int:
        how = {"home": question.home, "spread": question.spread}
        return engine.answer(question.search, page_size=PAGE_SIZE, **how).total

    return ask


def _rows(asking: dict[str, Ask], listings: int) -> Iterator[dict]:
    live.current()  # what the first page of a process waits for is not the page's own
    open_page = pages.opener()
    bar = tqdm(KINDS.items(), disable=None, unit=" kinds")
    for name, kind in bar:
        asked = questions(kind, TIMES)
        for engine, ask in asking.items():
            at_most_s, pace = AT_MOST_S.get(engine, float("inf")), pace_ms()
            timing = timed(ask, asked, at_most_s=at_most_s)
            yield _row(listings, name, engine, timing, pace)
        total, pace = timing.total, pace_ms()
        opened = timed(
            open_page, list(map(pages.request, asked)), at_most_s=AT_MOST_S["page"]
        )
        yield _row(listings, name, "page", opened._replace(total=total), pace)


def _row(listings: int, kind: str, engine: str, timing: Timing, pace: float) -> dict:
    """`pace`: of the machine just before, see timing.pace_ms."""
    row = {"listings": listings, "kind": kind, "engine": engine}
    return row | timing._asdict() | {"pace_ms": pace}


# --- Edits ----------------------------------------------------------------------------


def _edits() -> dict:
    """How long the write of one listing takes, and then until a search tells of it."""
    search = Search(on=timezone.localdate(), sort="name")
    listed = Provider.objects.listed()
    total = live.current().index.total(search)
    written_ms, seen_ms = [], []
    for key in listed.order_by("-slug").values_list("pk", flat=True)[: EDITS // 2]:
        for shown in (False, True):  # taken away, and brought back
            start = perf_counter()
            Provider.objects.filter(pk=key).update(published=shown)
            written = perf_counter()
            now = live.current().index.total(search)
            seen = perf_counter()
            if now != total - (not shown):
                raise RuntimeError(f"after an edit the search finds {now} of {total}")
            written_ms.append((written - start) * 1_000)
            seen_ms.append((seen - written) * 1_000)
    write, seen = summary(written_ms), summary(seen_ms)
    return {"write_p50_ms": write.p50_ms} | _times(seen)
