"""Listings and prices as tables that import again to no change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from providers.exports import listings, prices
from providers.exports.documents import documents_of
from providers.exports.tables import FORMATS, Row, csv_lines, write_table
from providers.models.provider import ProviderQuerySet

__all__ = ["FORMATS", "KINDS", "csv_lines", "table", "template", "write", "write_table"]

KINDS = {"listings": listings, "prices": prices}


def table(
    kind: str, providers: ProviderQuerySet, *, samples: bool = False
) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The headings of a kind of table, and its rows, read 500 listings at a time.

    Rows are dicts by heading, in the order of the listings' addresses; a blank may be
    left out. `samples`: invented listings too.
    """
    exported = KINDS[kind]
    found = providers if samples else providers.filter(is_sample=False)
    rows = (row for listing in documents_of(found) for row in exported.rows(listing))
    return exported.HEADINGS, rows


def write(
    kind: str,
    providers: ProviderQuerySet,
    file: BinaryIO,
    format: str,
    *,
    samples: bool = False,
) -> int:
    """Write a table as "csv" or "xlsx" into a binary file; the same bytes each time.

    Returns the number of rows.
    """
    headings, rows = table(kind, providers, samples=samples)
    return write_table(headings, rows, file, format)


def template(kind: str) -> tuple[tuple[str, ...], list[Row]]:
    """All columns of a layout, and one invented row that shows how to fill them."""
    return KINDS[kind].TEMPLATE_HEADINGS, [KINDS[kind].EXAMPLE]
