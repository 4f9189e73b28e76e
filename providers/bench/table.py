"""What was measured, as a table to read; the same is Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from providers.bench.questions import KINDS
from providers.bench.searching import Found

ENGINES = {"index": "index", "page": "page", "orm": "ORM", "postgresql": "PostgreSQL"}


def lines(found: Found) -> Iterator[str]:
    """A table for each size, p50 / p95 in milliseconds, and what else was measured."""
    sizes = dict.fromkeys(row["listings"] for row in found.rows)
    for listings in sizes:
        rows = {
            (row["kind"], row["engine"]): row
            for row in found.rows
            if row["listings"] == listings
        }
        yield (
            f"## {listings:,} listings, p50 / p95 in ms (× times asked; @ ms that a"
            " million additions in Python took just before: the machine's pace)"
        )
        yield ""
        yield from _aligned(_cells(rows))
        yield ""
        yield from _beside(found, listings)
        yield ""
    if len(sizes) > 1:
        yield from _growth(found, min(sizes), max(sizes))


def _cells(rows: dict) -> Iterator[list[str]]:
    engines = [e for e in ENGINES if any(engine == e for _kind, engine in rows)]
    yield ["question", "matches", *(ENGINES[engine] for engine in engines)]
    for name, kind in KINDS.items():
        own = [rows[name, engine] for engine in engines]
        yield [kind.words, f"{own[0]['total']:,}", *map(_times, own)]


def _times(row: dict) -> str:
    pace = f" @ {row['pace_ms']:.0f}" if "pace_ms" in row else ""
    return f"{_ms(row['p50_ms'])} / {_ms(row['p95_ms'])} (× {row['times']}{pace})"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:,.{0 if milliseconds >= 100 else 2}f}"


def _aligned(rows: Iterator[list[str]]) -> Iterator[str]:
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    head, *body = [_line(row, widths) for row in cells]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    yield from (head, _line(rule, widths), *body)


def _line(row: list[str], widths: list[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)]
    return f"| {' | '.join(cells)} |"


def _beside(found: Found, listings: int) -> Iterator[str]:
    build = _of(found.builds, listings)
    memory = _of(found.memory, listings)
    edit = _of(found.edits, listings)
    yield (
        f"- Index: built from the database in {build['p50_ms'] / 1_000:.2f} s"
        f" (× {build['times']}); {memory['bytes_a_listing']:g} bytes a listing, and"
        f" {memory['word_bytes_a_listing']:g} of names and words."
    )
    yield (
        f"- An edit is in the next search after {_times(edit)} ms; its write took"
        f" {_ms(edit['write_p50_ms'])} ms before that."
    )
    if rates := _of(found.requests_per_second, listings):
        served = f"granian, {rates['workers']} workers"
        yield f"- Requests a second ({served}): {_rates(rates)}."


def _rates(rates: dict) -> str:
    bare = rates["bare"]
    said = [f"bare view {bare:,.0f}"]
    for name, words in (("search", "/search/"), ("not_modified", "304 of it")):
        rate = rates[name]
        known = f"{rate:,.0f} ({rate / bare:.2f} ×)" if rate else "not answered"
        said.append(f"{words} {known}")
    return ", ".join(said)


def _of(rows: list[dict], listings: int) -> dict:
    return next((row for row in rows if row["listings"] == listings), {})


def _growth(found: Found, least: int, most: int) -> Iterator[str]:
    """How many times slower the index is at the largest size than at the least."""
    p50_ms = {
        (row["kind"], row["listings"]): row["p50_ms"]
        for row in found.rows
        if row["engine"] == "index"
    }
    times = {kind: p50_ms[kind, most] / p50_ms[kind, least] for kind in KINDS}
    said = ", ".join(f"{kind} {factor:.1f}" for kind, factor in times.items())
    yield f"Index, {most:,} against {least:,} listings (×): {said}."
